"""Where instances live: the shipped ones, folders of one's own, and copies to start from."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from instances.errors import Finding, InstanceError, Place, did_you_mean
from instances.files import Reading
from instances.kinds import Kind
from instances.schema import ID_PATTERN

HEADER = "instance.yaml"
SHELF = Path(__file__).parent / "shelf"
LIBRARY = Path(__file__).parent / "library"

_ID_LINE = re.compile(r"^(\ufeff?id:[ \t]*)[^\s#]+", re.MULTILINE)


def _shipped_ids() -> tuple[str, ...]:
    return tuple(sorted(path.parent.name for path in SHELF.glob(f"*/{HEADER}")))


def shipped_instances() -> tuple[tuple[str, str], ...]:
    """Id and title of every shipped instance, sorted by id."""
    return tuple((name, _title(SHELF / name / HEADER)) for name in _shipped_ids())


def _title(path: Path) -> str:
    document = Reading().document(path, HEADER)
    title = document.values.get("title", "") if document else ""
    return title if isinstance(title, str) else ""


def instance_folder(source: str | Path) -> Path:
    """The folder of an instance.

    Parameters
    ----------
    source : str or Path
        Id of a shipped instance, or a folder; the id wins (write ``./name`` for a folder of that name).

    Raises
    ------
    InstanceError
        When there is neither; lists the shipped ids.
    """
    name, known = str(source), _shipped_ids()
    if name in known:
        return SHELF / name
    try:
        if name and Path(name).is_dir():
            return Path(name)
    except OSError:
        pass
    remedy = did_you_mean(name, known)
    raise InstanceError([Kind.UNKNOWN_INSTANCE.at(Place(name), "there is no such instance", remedy=remedy)])


def copy_instance(source: str | Path, target: Path) -> Path:
    """Copy an instance to a new folder, whole or not at all.

    The copy takes the folder's name as its id when that is a valid id; comments stay.

    Raises
    ------
    InstanceError
        When there is no such instance, the target is not new or empty, or cannot be written.
    """
    folder = instance_folder(source)
    if target.resolve().is_relative_to(folder.resolve()):
        raise InstanceError([Kind.TARGET_IN_USE.at(Place(str(target)), f"lies inside {folder}")])
    with new_folder(target) as copy:
        # copyfile, so that a read-only shelf gives files that can be edited
        shutil.copytree(folder, copy, copy_function=shutil.copyfile, dirs_exist_ok=True)
        _rename(copy / HEADER, target.name)
    return target


def unusable_target(target: Path) -> Iterator[Finding]:
    """Why a folder cannot become an instance: something is there already, or it cannot be looked at."""
    place = Place(str(target))
    try:
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            yield Kind.TARGET_IN_USE.at(place, "exists and is not empty")
    except OSError as error:
        yield Kind.CANNOT_WRITE.at(place, f"cannot be written, {error.strerror}")


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """An empty folder to fill; it takes the place of `target` whole, or not at all when filling fails.

    Raises
    ------
    InstanceError
        When the target is not new or empty, or cannot be written.
    """
    if findings := list(unusable_target(target)):
        raise InstanceError(findings)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".aidlift-", dir=target.parent) as scratch:
            new = Path(scratch) / "new"
            new.mkdir()
            yield new
            if target.exists():
                target.rmdir()
            new.rename(target)
    except (OSError, shutil.Error) as error:
        reason = getattr(error, "strerror", None) or "some files could not be copied"
        raise InstanceError(
            [Kind.CANNOT_WRITE.at(Place(str(target)), f"cannot be written, {reason}")]
        ) from error


def _rename(header: Path, name: str) -> None:
    """Set the id in the text of ``instance.yaml``; bytes, so that line ends stay what they were."""
    if header.is_file() and re.fullmatch(ID_PATTERN, name):
        text = header.read_bytes().decode("utf-8", "surrogateescape")
        header.write_bytes(_ID_LINE.sub(rf"\g<1>{name}", text, count=1).encode("utf-8", "surrogateescape"))
