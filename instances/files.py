"""Reading the files of an instance as text and YAML, with their SHA-256 and every finding on the way."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import yaml

from instances.errors import Finding, Place
from instances.kinds import Kind

type Plain = str | list[Plain] | dict[str, Plain]
"""A YAML value whose scalars are left as text, so that 06:30 and no stay what was written."""

_EMPTY_SCALARS = frozenset({"", "~", "null"})


@dataclass(frozen=True)
class Document:
    """A YAML file: its keys, and the line on which each key (by its path) stands, from 1."""

    name: str
    values: dict[str, Plain]
    lines: dict[tuple[str | int, ...], int]


class Reading:
    """The files read so far.

    Attributes
    ----------
    findings : list of Finding
        What is wrong with them.
    sha256 : dict
        SHA-256 of each file by its name relative to the instance folder.
    """

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.sha256: dict[str, str] = {}

    def text(self, path: Path, name: str) -> str | None:
        """The text of a file with plain line ends and no byte order mark; None if unreadable."""
        try:
            content = path.read_bytes()
        except OSError as error:
            self.findings.append(Kind.UNREADABLE_FILE.at(Place(name), f"cannot be read, {error.strerror}"))
            return None
        self.sha256[name] = hashlib.sha256(content).hexdigest()
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            self._not_text(name, content, error.start)
            return None
        if "\0" in text:
            self._not_text(name, content, content.index(0))
            return None
        if not text.strip():
            self.findings.append(Kind.EMPTY_FILE.at(Place(name), "is empty"))
            return None
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def _not_text(self, name: str, content: bytes, start: int) -> None:
        line = content.count(b"\n", 0, start) + 1
        self.findings.append(
            Kind.NOT_UTF8.at(Place(name, line, None, f"byte 0x{content[start]:02x}"), "is not UTF-8 text")
        )

    def document(self, path: Path, name: str) -> Document | None:
        """A YAML file whose top is a mapping; None with a finding when it is not."""
        text = self.text(path, name)
        if text is None:
            return None
        lines: dict[tuple[str | int, ...], int] = {}
        try:
            top = yaml.compose(text, Loader=yaml.BaseLoader)
            values = _plain(top, (), lines, set()) if top is not None else {}
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else None
            self.findings.append(Kind.NOT_YAML.at(Place(name, line), f"cannot be read, {error.problem}"))
            return None
        except (yaml.YAMLError, ValueError, OverflowError, RecursionError):
            self.findings.append(Kind.NOT_YAML.at(Place(name), "cannot be read as YAML"))
            return None
        if not isinstance(values, dict):
            self.findings.append(Kind.NOT_YAML.at(Place(name, 1), "is not a list of `key: value` lines"))
            return None
        return Document(name, values, lines)


def _plain(
    node: yaml.Node, path: tuple[str | int, ...], lines: dict[tuple[str | int, ...], int], seen: set[int]
) -> Plain:
    """The value of a node; fills `lines`.

    Raises
    ------
    yaml.MarkedYAMLError
        On an alias (a few lines of them can stand for gigabytes), a key twice, a key that is no text.
    """
    if id(node) in seen:
        raise yaml.MarkedYAMLError(problem="anchors and aliases are not used", problem_mark=node.start_mark)
    seen.add(id(node))
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, index), lines, seen) for index, item in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        return "" if node.value.lower() in _EMPTY_SCALARS else str(node.value)
    values: dict[str, Plain] = {}
    for key, item in node.value:
        name = key.value
        if not isinstance(name, str) or name in values:
            problem = f"{name} stands twice" if isinstance(name, str) else "a key is not a word"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
        lines[(*path, name)] = key.start_mark.line + 1
        values[name] = _plain(item, (*path, name), lines, seen)
    return values


def cell(value: Plain) -> str | None:
    """A YAML scalar or list of scalars as a table cell would hold it; None when it is neither."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return ";".join(str(part).strip() for part in value)
    return None
