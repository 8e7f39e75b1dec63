"""``explanation.json`` beside a comparison: why the plans of two parties differ."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from optimizer.explained import Explanation

FILE: Final = "explanation.json"

_RECORDS: Final = TypeAdapter(tuple[Explanation, ...])


def explanations_text(explanations: Sequence[Explanation]) -> str:
    """The JSON of explanations."""
    rows = [one.model_dump(mode="json") for one in explanations]
    return json.dumps(rows, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def read_explanations(folder: Path) -> tuple[Explanation, ...]:
    """The explanations in a folder; nothing where there are none that can be read."""
    try:
        return _RECORDS.validate_json((folder / FILE).read_bytes())
    except (OSError, ValidationError):
        return ()
