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
from reports.numbers import amount_text, count_text, counted_text, date_text, share_text
from reports.people import NUTRIENTS, Met, met_of
from reports.words import need_words

FILE: Final = "why_short.json"
SHOWN_LIMITS: Final = 4
LEAST_FRAC: Final = 1e-5  # of a need that is short, below which files say nothing more
LEAST_PEOPLE: Final = 0.05

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
    """One need that is short: whose and what, how much and for how many people, and the limits in words."""

    need: str
    short: str
    limits: tuple[str, ...]


def short_rows(plan: Plan, shortfalls: Sequence[Shortfall], instance: Instance) -> list[ShortRow]:
    """Rows for every need that is short, the gravest first; without limits where these are not known."""
    names = names_of(instance)
    known = {(one.community, one.need): one for one in shortfalls}
    return [
        ShortRow(
            f"{names.get(met.community, met.community)}: {need_words(met.need, names)}",
            _short(met),
            _words(known.get((met.community, met.need)), met, instance),
        )
        for met in sorted(met_of(plan, instance), key=lambda met: -met.severity)
        if 1 - met.met_frac >= LEAST_FRAC
    ]


def _short(met: Met) -> str:
    """How much is missing: of a nutrient for each person and day, of an item in all."""
    if met.need in NUTRIENTS:
        amount = f"{amount_text(met.short / met.person_days, met.unit)} a person and day"
    else:
        amount = amount_text(met.short, met.unit)
    return f"{amount} short, {share_text(1 - met.met_frac)}: all that {_people(met.people_short)} need"


def _people(count: float) -> str:
    return "1 person" if round(count) == 1 else f"{count_text(count)} people"


def _words(shortfall: Shortfall | None, met: Met, instance: Instance) -> tuple[str, ...]:
    # What was worked out for a plan that has been edited since says nothing of the plan as it is.
    if shortfall is None or abs(shortfall.short - met.short) > LEAST_FRAC * met.amount:
        return ()
    if not shortfall.limits:
        return (
            f"No single limit: {amount_text(shortfall.short, shortfall.unit)} are short in all, and "
            f"{amount_text(shortfall.relaxed_short, shortfall.unit)} would be were sorties divisible; whole "
            "sorties, the timetable and what the search left open take the rest.",
        )
    ordered = shortfall.limits[:SHOWN_LIMITS]
    return tuple(_limit(one, shortfall.unit, instance) for one in ordered)


def _limit(limit: Limit, unit: str, instance: Instance) -> str:
    dates = [instance.dates[d] for d in limit.days if d < len(instance.dates)]
    when = ""
    if dates:
        span = f"from {date_text(dates[0])} to {date_text(dates[-1])}"
        when = (
            f", on {counted_text(len(dates), 'day')} {span}"
            if len(dates) > 1
            else f", on {date_text(dates[0])}"
        )
    where = ", ".join(filter(None, (limit.name, limit.place)))
    what = f"{limit.words} ({where}{when})"
    if not limit.unit:  # such as the share that was asked for
        return f"{what}."
    if limit.gained_people < LEAST_PEOPLE:
        return f"{what}: {limit.unit} in addition would change nothing by itself."
    gain = f"{amount_text(limit.gained, unit)} more, all that {_people(limit.gained_people)} need"
    return f"{what}: {limit.unit} in addition would bring {gain}."
