"""The campaign with divisible sorties, quick to solve again with a limit or a wish changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from optimizer.campaign.build import build
from optimizer.campaign.constraints import CONSTRAINTS
from optimizer.campaign.variables import Variables
from optimizer.clock import Clock
from optimizer.cut import Cut
from optimizer.network import Network
from optimizer.solver import INFINITE, Session

LEAST_KG: Final = 0.5  # less is a rounding
SLACK_KG: Final = 0.01  # what others get may slip by this much, else rounding makes everything bind
NOISE: Final = 1e-7  # of a price
COMPANIONS: Final = 2  # limits as tight as another that are given more together with it

TIMETABLE: Final = "timetable"


@dataclass(frozen=True)
class Unit:
    """One unit of a limit: in words, in the unit of its rows, and whether it is given once or every day."""

    words: str
    size: float
    once: bool = False


UNITS: Final[Mapping[str, Unit]] = {
    "tail_limit": Unit("one tail", 1.0),
    "ramp_limit": Unit("one hour of a ramp slot a day", 60.0),
    "handling_limit": Unit("one tonne a day", 1000.0),
    "rig_stock_balance": Unit("one set", 1.0, once=True),
    "base_stock_balance": Unit("one tonne of supply", 1000.0, once=True),
    "feeder_limit": Unit("one trip a day", 1.0),
    "zone_recovery_limit": Unit("one tonne a day", 1000.0),
    "zone_slot_limit": Unit("one sortie a day", 1.0),
    "corridor_slot_limit": Unit("one sortie a day", 1.0),
    "link_limit": Unit("one tonne a day", 1000.0),
    "storage_limit": Unit("one tonne of room", 1000.0),
    "loss_budget": Unit("0.1 % of loss probability", 0.001),
    "harm_budget": Unit("0.01 people", 0.01),
    "diversion_limit": Unit("one tonne into other hands", 1000.0),
    "funding_limit": Unit("1,000 USD", 1000.0),
    TIMETABLE: Unit("one sortie a day", 1.0),
}
"""Limits that can be given a unit more; the other rows only pass on what these allow."""


@dataclass
class Group:
    """Rows of one limit at one place that bind."""

    name: str
    place: str
    words: str
    rows: list[int] = field(default_factory=list)
    days: set[int] = field(default_factory=set)
    promise: float = 0.0


@dataclass(frozen=True)
class Confirmed:
    """Limits given a unit more together, and what of the need that gains, kg."""

    groups: list[Group]
    gained_kg: float


class Relaxed:
    """The campaign with divisible sorties, in which no need gets less than in the plan."""

    def __init__(self, net: Network, cuts: Sequence[Cut], unmet_kg: Mapping[tuple[str, str], float]) -> None:
        campaign = build(net)
        self._problem = campaign.problem  # PuLP's expressions die with their problem
        self._session = Session(campaign.problem)
        constraints = campaign.problem.constraints()
        self._rows = [_named(row.name) for row in constraints]
        self._limits = [_limits(row) for row in constraints]
        for cut, d, terms in keep_to(cuts, campaign.x, self._session):
            self._add(terms, cut.most, (TIMETABLE, cut.reason, d))
        x = campaign.x
        self._terms = {
            key: {self._session.column(x.unmet_kg[*key, d]): 1.0 for d in net.days} for key in net.need_kg
        }
        for key, terms in self._terms.items():
            self._add(terms, unmet_kg.get(key, INFINITE) + SLACK_KG, ("", "", None))

    def _add(self, terms: dict[int, float], most: float, named: tuple[str, str, int | None]) -> None:
        self._session.add_row(terms, high=most)
        self._rows.append(named)
        self._limits.append((-INFINITE, most))

    def least(self, key: tuple[str, str], clock: Clock) -> float | None:
        """The least of a need that can stay unmet, kg; None when time ran out."""
        self._session.set_costs(self._terms[key])
        return self._session.solve_relaxed(clock, "costs").value

    def binding(self) -> list[Group]:
        """Limits that the last solve could use more of, the most promising first."""
        groups: dict[tuple[str, str], Group] = {}
        for row, (dual, (name, place, day)) in enumerate(zip(self._session.duals(), self._rows, strict=True)):
            if abs(dual) > NOISE and name in UNITS:
                words = place if name == TIMETABLE else _WORDS[name]
                group = groups.setdefault((name, place), Group(name, place, words))
                group.rows.append(row)
                group.promise += abs(dual) * UNITS[name].size
                if day is not None:
                    group.days.add(day)
        return sorted(groups.values(), key=lambda group: -group.promise)

    def confirmed(self, group: Group, known: Sequence[Group], least: float, clock: Clock) -> Confirmed | None:
        """What one unit more of a limit gains; None when time ran out.

        Where two limits are equally tight, more of one alone gains nothing; the other, which is not among the
        `known` ones that bind, then takes its place and is given a unit more as well.
        """
        eased = [group]
        names = {(one.name, one.place) for one in known}
        while True:
            value = self._with_more(eased, clock)
            if value is None:
                return None
            fresh = [one for one in self.binding() if (one.name, one.place) not in names]
            if least - value >= LEAST_KG or not fresh or len(eased) > COMPANIONS:
                return Confirmed(eased, max(0.0, least - value))
            eased.append(fresh[0])
            names.add((fresh[0].name, fresh[0].place))

    def _with_more(self, groups: Sequence[Group], clock: Clock) -> float | None:
        """What stays unmet at least with one unit more of each limit on the days it binds, kg."""
        eased: list[int] = []
        for group in groups:
            unit = UNITS[group.name]
            for row in self._first_rows(group) if unit.once else group.rows:
                self._session.set_row(row, *_eased(*self._limits[row], unit.size))
                eased.append(row)
        value = self._session.solve_relaxed(clock, "limits").value
        for row in eased:
            self._session.set_row(row, *self._limits[row])
        return value

    def _first_rows(self, group: Group) -> list[int]:
        """The row of the first day of a balance: a unit more then is a unit more on every later day."""
        same = [
            row
            for row, (name, place, _) in enumerate(self._rows)
            if (name, place) == (group.name, group.place)
        ]
        return same[:1]


_WORDS: Final = {one.__name__: (one.__doc__ or "").strip().splitlines()[0].rstrip(".") for one in CONSTRAINTS}


def _named(name: str) -> tuple[str, str, int | None]:
    """Family, place and day of a row, from a name such as ``zone_recovery_limit__dz_1__d003``."""
    family, *parts = name.split("__")
    if family == "feeder_limit" and parts[:1] == ["kg"]:
        return "", "", None  # trips are the limit, their cargo follows
    day = next((int(part[1:]) for part in parts if part[:1] == "d" and part[1:].isdigit()), None)
    places = [part for part in parts if not (part[:1] == "d" and part[1:].isdigit()) and part != "trips"]
    return family, " to ".join(places) if family == "link_limit" else " ".join(places), day


def _eased(low: float, high: float, size: float) -> tuple[float, float]:
    """Limits of a row with so much more room; of an equality, both move."""
    if low == high:
        return low + size, high + size
    return (low, high + size) if high < INFINITE else (low - size, high)


def _limits(row: Any) -> tuple[float, float]:
    """Limits of a row of PuLP, with its decisions on one side."""
    level = -float(row.constant)
    return {-1: (-INFINITE, level), 0: (level, level), 1: (level, INFINITE)}[int(row.sense)]


def keep_to(
    cuts: Sequence[Cut], x: Variables, session: Session
) -> Iterator[tuple[Cut, int, dict[int, float]]]:
    """The row of each cut of the timetable on each of its days: coefficients by column."""
    for cut in cuts:
        for d in cut.days:
            flown = [x.sorties[m, d] for m in cut.missions if (m, d) in x.sorties]
            terms = {session.column(variable): 1.0 for variable in flown}
            yield cut, d, terms | {session.column(x.tails[f]): -n for f, n in cut.per_tail}
