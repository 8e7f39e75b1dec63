"""Why needs are short: ``why_short.json`` beside a plan, and rows for its page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from instances.schema import Instance
from optimizer.explained import Limit, Shortfall
from optimizer.plan import Plan
from reports.figures import names_of
from reports.numbers import counted_text, date_text, tonnes_text

FILE: Final = "why_short.json"
SHOWN_LIMITS: Final = 4

_RECORDS: Final = TypeAdapter(tuple[Shortfall, ...])


def shortfalls_text(shortfalls: Sequence[Shortfall]) -> str:
    """The JSON of what was worked out."""
    rows = [one.model_dump(mode="json") for one in shortfalls]
    return json.dumps(rows, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def read_shortfalls(folder: Path) -> tuple[Shortfall, ...]:
    """What was worked out for the plan in a folder; nothing where there is none that can be read."""
    try:
        return _RECORDS.validate_json((folder / FILE).read_bytes())
    except (OSError, ValidationError):
        return ()


@dataclass(frozen=True)
class ShortRow:
    """One need that is short: what, how much, and the limits in words."""

    need: str
    unmet: str
    limits: tuple[str, ...]


def short_rows(plan: Plan, shortfalls: Sequence[Shortfall], instance: Instance) -> list[ShortRow]:
    """Rows for every need with something unmet; without limits where they were not worked out."""
    names = names_of(instance)
    known = {(one.community, one.commodity): one for one in shortfalls}
    unmet: dict[tuple[str, str], float] = {}
    for row in plan.coverage:
        key = row.community, row.commodity
        unmet[key] = unmet.get(key, 0.0) + row.unmet_kg
    return [
        ShortRow(
            f"{names.get(key[0], key[0])}: {names.get(key[1], key[1])}",
            tonnes_text(kg),
            _words(known.get(key), kg, instance),
        )
        for key, kg in unmet.items()
        if kg >= 0.5
    ]


def _words(shortfall: Shortfall | None, unmet_kg: float, instance: Instance) -> tuple[str, ...]:
    # What was worked out for a plan that has been edited since says nothing of the plan as it is.
    if shortfall is None or abs(shortfall.unmet_kg - unmet_kg) > 0.5:
        return ()
    if not shortfall.limits:
        return (
            f"No single limit: of these {tonnes_text(shortfall.unmet_kg)} only "
            f"{tonnes_text(shortfall.relaxed_kg)} would stay unmet were sorties divisible; whole sorties, "
            "the timetable and what the search left open take the rest.",
        )
    return tuple(_limit(one, instance) for one in shortfall.limits[:SHOWN_LIMITS])


def _limit(limit: Limit, instance: Instance) -> str:
    dates = [instance.dates[d] for d in limit.days if d < len(instance.dates)]
    when = ""
    if dates:
        span = f"from {date_text(dates[0])} to {date_text(dates[-1])}"
        when = (
            f", on {counted_text(len(dates), 'day')} {span}"
            if len(dates) > 1
            else f", on {date_text(dates[0])}"
        )
    gain = (
        f"{limit.unit} in addition would meet {tonnes_text(limit.gained_kg)} more"
        if limit.gained_kg >= 0.5
        else f"{limit.unit} in addition would change nothing by itself"
    )
    where = ", ".join(filter(None, (limit.name, limit.place)))
    return f"{limit.words} ({where}{when}): {gain}."
