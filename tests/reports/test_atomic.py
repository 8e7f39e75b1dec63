"""Files and folders appear whole or not at all."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from instances.errors import AidliftError
from reports.atomic import write_file, write_folder


def tree(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if not path.is_dir()
    }


def denied(*_: object, **__: object) -> None:
    raise OSError(13, "Permission denied")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    write_folder(tmp_path / "plan", {"plan.json": "old", "a.csv": "old"}, "plan.json")
    (tmp_path / "plan/mine.txt").write_text("mine")
    return tmp_path / "plan"


BEFORE = {"plan/plan.json": "old", "plan/a.csv": "old", "plan/mine.txt": "mine"}


def test_failure_while_writing_leaves_the_old_folder(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        if path.name == "b.csv":
            raise OSError(28, "No space left on device")
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(AidliftError, match=r"No space left on device.*nothing was changed"):
        write_folder(old, {"plan.json": "new", "b.csv": "new"}, "plan.json")
    assert tree(old.parent) == BEFORE
    assert [path.name for path in old.parent.iterdir()] == ["plan"]


@pytest.mark.parametrize("error", [OSError(13, "Permission denied"), KeyboardInterrupt()])
def test_failure_while_swapping_leaves_the_old_folder(
    old: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    rename = Path.rename

    def refuse(source: Path, target: Path) -> Path:
        if source.name.endswith(".new0"):
            raise error
        return rename(source, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises((AidliftError, KeyboardInterrupt)):
        write_folder(old, {"plan.json": "new"}, "plan.json")
    assert tree(old.parent) == BEFORE
    assert [path.name for path in old.parent.iterdir()] == ["plan"]


def test_failure_while_carrying_over(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "copy2", denied)
    with pytest.raises(AidliftError):
        write_folder(old, {"plan.json": "new"}, "plan.json")
    assert tree(old.parent) == BEFORE


def test_empty_folder_is_filled_and_parents_are_made(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "empty", tmp_path / "a/b/c"):
        write_folder(folder, {"plan.json": "new"}, "plan.json")
        assert tree(folder) == {"plan.json": "new"}


def test_a_link_to_a_folder_stays_a_link(old: Path) -> None:
    link = old.parent / "latest"
    link.symlink_to(old)
    write_folder(link, {"plan.json": "new"}, "plan.json")
    assert link.is_symlink()
    assert tree(old) == {"plan.json": "new", "a.csv": "old", "mine.txt": "mine"}


def test_stale_files_go_with_the_old_contents(old: Path) -> None:
    write_folder(old, {"plan.json": "new"}, "plan.json", stale=("a.csv",))
    assert tree(old) == {"plan.json": "new", "mine.txt": "mine"}


def test_litter_of_a_killed_run_is_no_hindrance(old: Path) -> None:
    (old.parent / ".plan.new0").mkdir()
    (old.parent / ".plan.old0").mkdir()
    write_folder(old, {"plan.json": "new"}, "plan.json")
    assert (old / "plan.json").read_text() == "new"


def test_a_file_in_the_place_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "plan").write_text("mine")
    with pytest.raises(AidliftError, match="is a file, not a folder"):
        write_folder(tmp_path / "plan", {"plan.json": "new"}, "plan.json")
    with pytest.raises(AidliftError, match="cannot be written"):
        write_folder(tmp_path / "plan/inside", {"plan.json": "new"}, "plan.json")
    assert tree(tmp_path) == {"plan": "mine"}


def test_permissions_are_those_of_a_usual_folder(tmp_path: Path) -> None:
    (tmp_path / "usual").mkdir()
    write_folder(tmp_path / "plan", {"plan.json": "new"}, "plan.json")
    assert (tmp_path / "plan").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_file_is_replaced_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "deep/comparison.csv"
    write_file(path, "old")
    monkeypatch.setattr(Path, "replace", denied)
    with pytest.raises(AidliftError, match="Permission denied"):
        write_file(path, "new")
    assert tree(tmp_path) == {"deep/comparison.csv": "old"}
    monkeypatch.undo()
    write_file(path, "new")
    assert tree(tmp_path) == {"deep/comparison.csv": "new"}
