"""Files and folders that appear whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from instances.errors import AidliftError


@contextmanager
def _told(place: Path) -> Iterator[None]:
    """Say what the planner can do when the file system refuses."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise AidliftError(
            f"{place}: cannot be written ({reason}); nothing was changed, choose another folder with --out "
            "or make room there."
        ) from error


def _sibling(target: Path, suffix: str) -> Path:
    """An unused hidden name beside the target, hence on the same file system."""
    names = (target.with_name(f".{target.name}.{suffix}{number}") for number in count())
    return next(name for name in names if not os.path.lexists(name))


def write_file(path: Path, text: str) -> None:
    """Write a UTF-8 file whole or not at all.

    Raises
    ------
    AidliftError
        When the file system refuses; the old file is left as it was.
    """
    with _told(path):
        target = Path(os.path.realpath(path))
        target.parent.mkdir(parents=True, exist_ok=True)
        new = _sibling(target, "new")
        try:
            new.write_bytes(text.encode())
            new.replace(target)
        except BaseException:
            new.unlink(missing_ok=True)
            raise


def _check_ours(folder: Path, marker: str) -> None:
    if not os.path.lexists(folder) or (folder / marker).is_file():
        return
    if not folder.is_dir():
        raise AidliftError(f"{folder} is a file, not a folder; choose another folder with --out.")
    if any(folder.iterdir()):
        raise AidliftError(
            f"{folder} holds files but no {marker}, so it is no plan folder and is left alone; choose "
            "another folder with --out, or empty this one."
        )


def _carry_over(old: Path, new: Path, leave: Collection[str]) -> None:
    """Copy what the planner put into the old folder; only our own files are replaced."""
    if not old.is_dir():
        return
    for entry in sorted(old.iterdir()):
        if entry.name in leave:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.copytree(entry, new / entry.name, symlinks=True)
        else:
            shutil.copy2(entry, new / entry.name, follow_symlinks=False)


def _swap(new: Path, target: Path) -> None:
    if not target.exists():
        new.rename(target)
        return
    aside = _sibling(target, "old")
    try:
        target.rename(aside)
        new.rename(target)
    except BaseException:
        if aside.exists() and not target.exists():
            aside.rename(target)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def write_folder(
    folder: Path, files: Mapping[str, str | bytes], marker: str, stale: Collection[str] = ()
) -> None:
    """Write a folder of files whole or not at all, in the place of an older one of its kind.

    Parameters
    ----------
    folder : Path
        Where it shall be. Missing, empty, or an older folder that holds `marker`.
    files : mapping of str to str or bytes
        By file name; texts are written as UTF-8.
    marker : str
        The file by which a folder of this kind is known.
    stale : collection of str
        Other names that belong to the old contents and go with them. Whatever else lies in the old
        folder is kept.

    Raises
    ------
    AidliftError
        When the folder holds something else, or the file system refuses; nothing is changed then.
    """
    with _told(folder):
        target = Path(os.path.realpath(folder))
        _check_ours(target, marker)
        target.parent.mkdir(parents=True, exist_ok=True)
        new = _sibling(target, "new")
        try:
            new.mkdir()
            for name, content in files.items():
                (new / name).write_bytes(content.encode() if isinstance(content, str) else content)
            _carry_over(target, new, {*files, *stale})
            _swap(new, target)
        except BaseException:
            shutil.rmtree(new, ignore_errors=True)
            raise
