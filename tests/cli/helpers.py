"""What the tests of the command line share."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from typer.testing import Result

type Aidlift = Callable[..., Result]
type Solver = Callable[[str], None]


def document(result: Result) -> Any:
    """The one document on stdout."""
    return json.loads(result.stdout)


def files(folder: Path) -> Sequence[str]:
    """Names in a folder, sorted."""
    return sorted(path.name for path in folder.iterdir())
