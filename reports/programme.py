"""The flight programme of a plan, by base and day: printable, as text, and as one calendar per base."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from icalendar import Calendar, Event

from optimizer.plan import Load, Plan, Sortie
from reports.cells import write_cell

PAGE_FILE: Final = "programme.html"
TEXT_FILE: Final = "programme.txt"
CALENDARS: Final = "calendar_*.ics"

_COLUMNS: Final = (
    "take-off",
    "UTC",
    "tail",
    "party",
    "zone",
    "drop",
    "landing",
    "height m",
    "method",
    "bundles",
    "kg",
    "sortie",
)
_STYLE: Final = (
    "body{font:11pt sans-serif;margin:2em}section{break-after:page}table{border-collapse:collapse}"
    "th,td{border-bottom:1px solid #999;padding:.2em .6em;text-align:left}h2{margin-bottom:.2em}"
)


def programme_files(plan: Plan) -> dict[str, str]:
    """Text by file name: ``programme.html``, ``programme.txt`` and ``calendar_<base>.ics``.

    Parameters
    ----------
    plan : Plan
        Sorties and loads are shown as they are; the same plan gives the same bytes.
    """
    days = _by_base_and_day(plan.sorties)
    loads = _by_sortie(plan.loads)
    files = {PAGE_FILE: _page(plan, days, loads), TEXT_FILE: _text(plan, days, loads)}
    for base in dict.fromkeys(base for base, _ in days):
        sorties = [s for (b, _), found in days.items() if b == base for s in found]
        files.setdefault(f"calendar_{re.sub('[^a-z0-9_]+', '_', base)}.ics", _calendar(plan, sorties, loads))
    return files


def _by_base_and_day(sorties: Iterable[Sortie]) -> dict[tuple[str, dt.date], list[Sortie]]:
    days: dict[tuple[str, dt.date], list[Sortie]] = defaultdict(list)
    for sortie in sorted(sorties, key=lambda s: (s.base, s.date, s.takeoff_utc, s.sortie_id)):
        days[sortie.base, sortie.date].append(sortie)
    return dict(days)


def _by_sortie(loads: Iterable[Load]) -> dict[str, list[Load]]:
    found: dict[str, list[Load]] = defaultdict(list)
    for load in loads:
        found[load.sortie_id].append(load)
    return found


def _clock(sortie: Sortie, time: dt.datetime) -> str:
    """Local time; the offset is that of the take-off."""
    return time.astimezone(sortie.takeoff_local.tzinfo).strftime("%H:%M")


def _cells(sortie: Sortie, loads: Sequence[Load]) -> tuple[str, ...]:
    drops = list(dict.fromkeys(_clock(sortie, load.drop_utc) for load in loads))
    return (
        sortie.takeoff_local.strftime("%H:%M"),
        sortie.takeoff_utc.astimezone(dt.UTC).strftime("%H:%MZ"),
        sortie.tail,
        sortie.party,
        ", ".join(sortie.zones),
        ", ".join(drops) or "-",
        _clock(sortie, sortie.landing_utc),
        write_cell("release_height_m", sortie.release_height_m),
        sortie.method,
        str(sortie.bundles),
        write_cell("payload_kg", sortie.payload_kg),
        sortie.sortie_id,
    )


def _cargo(loads: Sequence[Load]) -> str:
    return ", ".join(f"{write_cell('net_kg', load.net_kg)} kg {load.commodity}" for load in loads)


def _heading(base: str, date: dt.date, count: int) -> str:
    return f"{base}, {date:%A} {date.isoformat()}: {count} sortie{'' if count == 1 else 's'}"


def _title(plan: Plan) -> str:
    return f"Flight programme of {plan.instance}, {' and '.join(plan.options.parties)}"


def _page(plan: Plan, days: dict[tuple[str, dt.date], list[Sortie]], loads: dict[str, list[Load]]) -> str:
    head = "".join(f"<th>{name}</th>" for name in _COLUMNS)
    sections = []
    for (base, date), sorties in days.items():
        rows = []
        for sortie in sorties:
            own = loads.get(sortie.sortie_id, [])
            cells = "".join(f"<td>{escape(cell)}</td>" for cell in _cells(sortie, own))
            cargo = f'<td></td><td colspan="{len(_COLUMNS) - 1}">{escape(_cargo(own))}</td>'
            rows.append(f"<tr>{cells}</tr>\n<tr>{cargo}</tr>")
        heading = escape(_heading(base, date, len(sorties)))
        table = f"<table>\n<tr>{head}</tr>\n" + "\n".join(rows) + "\n</table>"
        sections.append(f"<section>\n<h2>{heading}</h2>\n{table}\n</section>")
    title = escape(_title(plan))
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
        + "\n".join(sections)
        + "\n</body>\n</html>\n"
    )


def _text(plan: Plan, days: dict[tuple[str, dt.date], list[Sortie]], loads: dict[str, list[Load]]) -> str:
    lines = [_title(plan), ""]
    for (base, date), sorties in days.items():
        rows = [_COLUMNS, *(_cells(s, loads.get(s.sortie_id, [])) for s in sorties)]
        widths = [max(len(row[i]) for row in rows) for i in range(len(_COLUMNS))]
        lines += [_heading(base, date, len(sorties)), ""]
        for n, row in enumerate(rows):
            lines.append(
                "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            )
            if n > 0 and (cargo := _cargo(loads.get(sorties[n - 1].sortie_id, []))):
                lines.append(f"       {cargo}")
        lines.append("")
    return "\n".join(lines)


def _calendar(plan: Plan, sorties: Sequence[Sortie], loads: dict[str, list[Load]]) -> str:
    """One event per sortie, from take-off to landing; line ends are those of the standard (RFC 5545)."""
    calendar = Calendar()
    calendar.add("prodid", "-//aidlift//flight programme//EN")
    calendar.add("version", "2.0")
    for number, sortie in enumerate(sorties, start=1):
        event = Event()
        event.add("uid", f"{number}.{sortie.base}.{plan.instance}@aidlift")
        # No clock: the stamp is the plan's own first day, so that the same plan gives the same bytes.
        event.add("dtstamp", dt.datetime.combine(sorties[0].date, dt.time(), dt.UTC))
        event.add("dtstart", sortie.takeoff_utc.astimezone(dt.UTC))
        event.add("dtend", sortie.landing_utc.astimezone(dt.UTC))
        event.add("summary", f"{sortie.tail} to {', '.join(sortie.zones)} ({sortie.sortie_id})")
        event.add("location", sortie.base)
        event.add("description", f"{sortie.method}, {_cargo(loads.get(sortie.sortie_id, []))}")
        calendar.add_component(event)
    return str(calendar.to_ical().decode())
