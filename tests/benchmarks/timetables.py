"""Measures the timetable against what it must keep: a full day, an impossible day, ninety days.

Run by hand, on a quiet machine: ``uv run python tests/benchmarks/timetables.py``. The days are made up: three
bases with a fleet of four tails each, twelve in all, fly forty sorties to six zones.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from instances.load import load_instance
from optimizer.clock import Clock
from optimizer.hours import Hours
from optimizer.network import build_network
from optimizer.scoring import decisions_of
from optimizer.timetable.day import Crew, Day, Ground, Ramp, Task
from optimizer.timetable.explain import explain
from optimizer.timetable.fit import fit
from optimizer.timetable.timetabler import Timetabler
from reports.schedules import read_plan

HOURS = Hours(180, 360, 1080, 360, 1020, -10_000, 10_000)
SECONDS = 60.0
COUNTS = (7, 7, 7, 7, 6, 6)


def full_day() -> Day:
    """Forty sorties of 100 to 110 minutes, twelve tails that may each fly four, three bases, six zones."""
    tasks = tuple(
        Task(f"m{i}", f"fleet{i // 2}", f"base{i // 2}", f"zone{i}", n, HOURS, 100 + 10 * (i % 2), 45, 60, 20)
        for i, n in enumerate(COUNTS)
    )
    crews = tuple(Crew(f"fleet{b}", (0,) * 4, 4, 60, 840, 480) for b in range(3))
    ramps = tuple(Ramp(f"base{b}", 3, 5, 2) for b in range(3))
    return Day(tasks, crews, ramps, tuple(Ground(f"zone{z}", 20, 40) for z in range(6)))


def narrow_day() -> Day:
    """The same with one ramp slot at one base, which is too few."""
    day = full_day()
    return replace(day, ramps=(replace(day.ramps[0], slots=1), *day.ramps[1:]))


def measured(name: str, do: Callable[[], str]) -> tuple[str, str, str]:
    """Name, answer and seconds of one measurement."""
    started = time.monotonic()
    answer = do()
    return name, answer, f"{time.monotonic() - started:.2f}"


def _fits() -> str:
    found = fit(full_day(), Clock(SECONDS), 0)
    return "no timetable found" if found.timed is None else f"{len(found.timed)} sorties timed"


def _explained() -> str:
    found = fit(narrow_day(), Clock(SECONDS), 0)
    cause = explain(narrow_day(), Clock(SECONDS), 0, {})
    rules = ", ".join(dict.fromkeys(name for name, _ in cause.rules))
    return f"proven impossible: {found.proven}; at most {cause.most} of {cause.day.count}: {rules}"


def _ninety_days(folder: Path) -> str:
    plan = read_plan(folder)
    net = build_network(load_instance(plan.instance), plan.options.parties)
    whole = decisions_of(plan, net)
    timetabler = Timetabler(net)
    table = timetabler.times(whole.count("sorties"), whole.count("tails"), Clock(SECONDS))
    days = len(Counter(flight.day for flight in table.flights))
    return f"{len(table.flights)} sorties on {days} days, {timetabler.days_worked_out} of different content"


def main() -> None:
    """The two days, and every plan folder named on the command line."""
    rows = [measured("40 sorties in a day", _fits), measured("the same, one ramp slot", _explained)]
    folders = [Path(name) for name in sys.argv[1:]]
    rows += [measured(f"plan {folder.name}", partial(_ninety_days, folder)) for folder in folders]
    lines = [("what", "answer", "seconds"), ("---", "---", "---"), *rows]
    sys.stdout.write("\n".join("| " + " | ".join(cells) + " |" for cells in lines) + "\n")


if __name__ == "__main__":
    main()
