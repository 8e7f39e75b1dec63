"""The campaign in weeks with divisible sorties, quick to solve again with a limit changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from optimizer.campaign.build import build
from optimizer.campaign.constraints import CONSTRAINTS
from optimizer.campaign.spells import in_spells
from optimizer.campaign.terms import Index, Tag
from optimizer.campaign.variables import Variables
from optimizer.clock import Clock
from optimizer.cut import Cut
from optimizer.kind import Kind
from optimizer.needs import NUTRIENTS, Demand
from optimizer.network import Network
from optimizer.severity import per_unit
from optimizer.solver import INFINITE, Session

type Key = tuple[str, str]
"""Community and need."""

LEAST_FRAC: Final = 1e-5  # of a need: less is a rounding
SLACK_FRAC: Final = 2e-6  # of a need, by which it may slip: files hold shares in six decimals
NOISE: Final = 1e-7  # of a price
COMPANIONS: Final = 2  # limits as tight as another that are given more together with it
WEEK: Final = 7

TIMETABLE: Final = "timetable"

type Given = Literal["daily", "row", "once"]
DAILY: Final = "daily"
ROW: Final = "row"
ONCE: Final = "once"


@dataclass(frozen=True)
class Unit:
    """One unit of a limit: in words, in the unit of its rows, and how often it is given.

    `given` is ``daily`` for each day that a row stands for, ``row`` for each row, ``once`` for the first row
    that binds.
    """

    words: str
    size: float
    given: Given = DAILY


UNITS: Final[Mapping[str, Unit]] = {
    "tail_limit": Unit("one tail", 1.0, ROW),
    "ramp_limit": Unit("one hour of a ramp slot a day", 60.0),
    "handling_limit": Unit("one tonne a day", 1000.0),
    "rig_stock_balance": Unit("one set", 1.0, ONCE),
    "base_stock_balance": Unit("one tonne of supply", 1000.0, ONCE),
    "feeder_limit": Unit("one trip a day", 1.0),
    "zone_recovery_limit": Unit("one tonne a day", 1000.0),
    "zone_slot_limit": Unit("one sortie a day", 1.0),
    "corridor_slot_limit": Unit("one sortie a day", 1.0),
    "link_limit": Unit("one tonne a day", 1000.0),
    "storage_limit": Unit("one tonne of room", 1000.0, ROW),
    "loss_budget": Unit("0.1 % of loss probability", 0.001, ROW),
    "harm_budget": Unit("0.01 people", 0.01, ROW),
    "diversion_limit": Unit("one tonne into other hands", 1000.0, ROW),
    "funding_limit": Unit("1,000 USD", 1000.0, ROW),
    TIMETABLE: Unit("one sortie a day", 1.0),
}
"""Limits that can be given a unit more; the other rows only pass on what these allow."""

_WORDS: Final = {one.__name__: (one.__doc__ or "").strip().splitlines()[0].rstrip(".") for one in CONSTRAINTS}


def in_weeks(net: Network, cuts: Sequence[Cut]) -> Network:
    """The network in weeks, with days of a week that are alike, also in cuts, as one."""
    kinds = [Kind(net.by_day[d], tuple(cut for cut in cuts if d in cut.days), day=d) for d in net.days]
    return in_spells(net, kinds, range(0, net.horizon_days, WEEK))


@dataclass(frozen=True)
class _Row:
    """A row that is a limit: where, on which days of the plan, its bounds, and what a unit more is there."""

    name: str
    place: str
    words: str
    days: tuple[int, ...]
    low: float
    high: float
    more: float

    def eased(self) -> tuple[float, float]:
        """Bounds with a unit more; of an equality, both move."""
        if self.low == self.high:
            return self.low + self.more, self.high + self.more
        if self.high < INFINITE:
            return self.low, self.high + self.more
        return self.low - self.more, self.high


@dataclass(frozen=True)
class Left:
    """Person-days that a plan leaves short of each need: over its days, and of what is wanted after them."""

    days: dict[Key, float]
    closing: dict[Key, float]


@dataclass
class Group:
    """Rows of one limit at one place that bind, and what a unit more of it promises."""

    name: str
    place: str
    words: str
    rows: list[int] = field(default_factory=list)
    days: set[int] = field(default_factory=set)
    promise: float = 0.0


@dataclass(frozen=True)
class Confirmed:
    """Limits given a unit more together, and what of the need that gains, person-days."""

    groups: list[Group]
    gained: float


class Relaxed:
    """The campaign in weeks with divisible sorties, in which no need gets less than in the plan.

    Parameters
    ----------
    net : Network
        Day by day.
    cuts : sequence of Cut
        Proven, of the timetable.
    left : Left
        What the plan leaves short.
    """

    def __init__(self, net: Network, cuts: Sequence[Cut], left: Left) -> None:
        net = in_weeks(net, cuts)
        campaign = build(net)
        self._problem, x = campaign.problem, campaign.x  # PuLP's expressions die with their problem
        self._net, self._session = net, Session(campaign.problem)
        self._rows: dict[int, _Row] = {}
        for row, ((name, index), one) in enumerate(
            zip(campaign.rows, campaign.problem.constraints(), strict=True)
        ):
            if name == "rounding_rows":  # they say what whole sorties can do
                self._session.set_row(row, -INFINITE, INFINITE)
            elif name in UNITS and not (name == "feeder_limit" and index[0] == "kg"):  # that follows trips
                self._limit(row, name, index, *_bounds(one))
        self._keep_cuts(x)
        self._terms: dict[Key, dict[int, float]] = {}
        for key, demand in net.demands.items():
            if not demand.periods:
                continue
            self._terms[key] = self._short(x, demand)
            slack = SLACK_FRAC * demand.person_days
            self._session.add_row(self._terms[key], high=left.days[key] + slack)
            if key in x.closing_short:
                closing = {self._session.column(x.closing_short[key]): 1.0}
                self._session.add_row(closing, high=left.closing.get(key, 0.0) + slack)

    def _short(self, x: Variables, demand: Demand) -> dict[int, float]:
        """Columns that come to what is short over the days of the plan, person-days."""
        key = demand.community, demand.name
        family, each = (x.short, 1.0) if key[1] in NUTRIENTS else (x.unmet_kg, per_unit(demand))
        columns = [family[*key, d] for d in self._net.days if (*key, d) in family]
        return {self._session.column(variable): each for variable in columns}

    def _limit(self, row: int, name: str, index: Index, low: float, high: float) -> None:
        places = [str(part) for part in index if isinstance(part, str) and not isinstance(part, Tag)]
        day = next((part for part in index if isinstance(part, int)), None)
        days: tuple[int, ...] = ()
        if day is not None:
            stretch = self._net.stretches[day]
            whole_spell = name == "feeder_limit"  # trips are made on days without a flight as well
            days = tuple(range(stretch.first, stretch.last + 1)) if whole_spell else stretch.days
        unit = UNITS[name]
        more = unit.size * (len(days) if unit.given == DAILY else 1)
        place = (" to " if name == "link_limit" else " ").join(places)
        self._rows[row] = _Row(name, place, _WORDS[name], days, low, high, more)

    def _keep_cuts(self, x: Variables) -> None:
        """Hold days to their timetable."""
        for d in self._net.days:
            days = self._net.stretches[d].days
            for cut in self._net.kind(d).cuts:
                flown = [x.sorties[m, d] for m in cut.missions if (m, d) in x.sorties]
                terms = {self._session.column(variable): 1.0 for variable in flown}
                terms |= {self._session.column(x.tails[f]): -n * len(days) for f, n in cut.per_tail}
                most, more = cut.most * len(days), UNITS[TIMETABLE].size * len(days)
                row = self._session.add_row(terms, high=most)
                self._rows[row] = _Row(TIMETABLE, cut.reason, cut.reason, days, -INFINITE, most, more)

    def least(self, key: Key, clock: Clock) -> float | None:
        """The least of a need that can stay short, person-days; None when time ran out."""
        self._session.set_costs(self._terms[key])
        return self._session.solve_relaxed(clock, "costs").value

    def binding(self) -> list[Group]:
        """Limits that the last solve could use more of, the most promising first."""
        groups: dict[tuple[str, str], Group] = {}
        duals = self._session.duals()
        for row, one in self._rows.items():
            given = UNITS[one.name].given
            if abs(duals[row]) > NOISE:
                group = groups.setdefault((one.name, one.place), Group(one.name, one.place, one.words))
                if given != ONCE or not group.rows:
                    group.rows.append(row)
                    group.promise += abs(duals[row]) * one.more
                if given == DAILY:
                    group.days.update(one.days)
        return sorted(groups.values(), key=lambda group: -group.promise)

    def confirmed(
        self, group: Group, known: Sequence[Group], least: float, enough: float, clock: Clock
    ) -> Confirmed | None:
        """What one unit more of a limit gains; None when time ran out.

        Where two limits are equally tight, more of one alone gains nothing; the other, which is not among the
        `known` ones that bind, then takes its place and is given a unit more as well.

        Parameters
        ----------
        group : Group
            The limit.
        known : sequence of Group
            All limits that bind.
        least, enough : float
            What stays short at least, and what counts as a gain, person-days.
        clock : Clock
            Says when to break off.
        """
        eased = [group]
        names = {(one.name, one.place) for one in known}
        while True:
            value = self._with_more(eased, clock)
            if value is None:
                return None
            fresh = [one for one in self.binding() if (one.name, one.place) not in names]
            if least - value >= enough or not fresh or len(eased) > COMPANIONS:
                return Confirmed(eased, max(0.0, least - value))
            eased.append(fresh[0])
            names.add((fresh[0].name, fresh[0].place))

    def _with_more(self, groups: Sequence[Group], clock: Clock) -> float | None:
        """What stays short at least with one unit more of each limit on the days it binds, person-days."""
        eased = [row for group in groups for row in group.rows]
        for row in eased:
            self._session.set_row(row, *self._rows[row].eased())
        value = self._session.solve_relaxed(clock, "limits").value
        for row in eased:
            self._session.set_row(row, self._rows[row].low, self._rows[row].high)
        return value


def _bounds(row: Any) -> tuple[float, float]:
    """Bounds of a row of PuLP, with its decisions on one side."""
    level = -float(row.constant)
    return {-1: (-INFINITE, level), 0: (level, level), 1: (level, INFINITE)}[int(row.sense)]
