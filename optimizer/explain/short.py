"""Why needs are short: which limits bind on which days, each confirmed by a re-solve with one unit more.

The campaign is solved with divisible sorties: of one need as much as can be, while no other need gets less
than in the plan. The prices of that optimum name the limits that bind; each is then given one unit more and
the campaign solved again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from instances.schema import WEEKDAYS, Instance, Wind
from optimizer.campaign.build import build
from optimizer.campaign.constraints import CONSTRAINTS
from optimizer.clock import Clock
from optimizer.cut import Cut
from optimizer.explained import Limit, Shortfall
from optimizer.network import Network, build_network
from optimizer.plan import Plan
from optimizer.solver import INFINITE, Session
from optimizer.timetable.timetabler import Timetabler

LEAST_KG: Final = 0.5  # less is a rounding
SLACK_KG: Final = 0.01  # what others get may slip by this much, else rounding makes everything bind
NOISE: Final = 1e-7  # of a price
COMPANIONS: Final = 2  # limits as tight as another that are given more together with it
CONFIRMED: Final = 5  # limits tried for each need, by what they promise
DIVISIBLE_KG: Final = 1.0  # what must stay unmet with divisible sorties for limits to be its reason

TIMETABLE: Final = "timetable"
WINDS: Final = "winds"


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
class _Group:
    """Rows of one limit at one place that bind."""

    name: str
    place: str
    words: str
    rows: list[int] = field(default_factory=list)
    days: set[int] = field(default_factory=set)
    promise: float = 0.0


@dataclass(frozen=True)
class _Confirmed:
    """Limits given a unit more together, and what of the need that gains, kg."""

    groups: list[_Group]
    gained_kg: float


class _Relaxed:
    """The campaign with divisible sorties, in which no need gets less than in the plan."""

    def __init__(self, net: Network, cuts: Sequence[Cut], unmet_kg: Mapping[tuple[str, str], float]) -> None:
        self.net = net
        self._campaign = build(net)  # PuLP's expressions die with their problem
        self._session = Session(self._campaign.problem)
        self._rows = [_named(row.name) for row in self._campaign.problem.constraints()]
        x = self._campaign.x
        for cut in cuts:
            for d in cut.days:
                flown = [x.sorties[m, d] for m in cut.missions if (m, d) in x.sorties]
                terms = {self._session.column(variable): 1.0 for variable in flown}
                terms |= {self._session.column(x.tails[f]): -n for f, n in cut.per_tail}
                self._session.add_row(terms, high=cut.most)
                self._rows.append((TIMETABLE, cut.reason, d))
        self._terms = {
            key: {self._session.column(x.unmet_kg[*key, d]): 1.0 for d in net.days} for key in net.need_kg
        }
        for key, terms in self._terms.items():
            self._session.add_row(terms, high=unmet_kg.get(key, INFINITE) + SLACK_KG)
            self._rows.append(("", "", None))

    def least(self, key: tuple[str, str], clock: Clock) -> float | None:
        """The least of a need that can stay unmet, kg; None when time ran out."""
        self._session.set_costs(self._terms[key])
        return self._session.solve_relaxed(clock, "costs").value

    def binding(self) -> list[_Group]:
        """Limits that the last solve could use more of, the most promising first."""
        groups: dict[tuple[str, str], _Group] = {}
        for row, (dual, (name, place, day)) in enumerate(zip(self._session.duals(), self._rows, strict=True)):
            if abs(dual) > NOISE and name in UNITS:
                words = place if name == TIMETABLE else _WORDS[name]
                group = groups.setdefault((name, place), _Group(name, place, words))
                group.rows.append(row)
                group.promise += abs(dual) * UNITS[name].size
                if day is not None:
                    group.days.add(day)
        return sorted(groups.values(), key=lambda group: -group.promise)

    def confirmed(
        self, group: _Group, known: Sequence[_Group], least: float, clock: Clock
    ) -> _Confirmed | None:
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
                return _Confirmed(eased, max(0.0, least - value))
            eased.append(fresh[0])
            names.add((fresh[0].name, fresh[0].place))

    def _with_more(self, groups: Sequence[_Group], clock: Clock) -> float | None:
        """What stays unmet at least with one unit more of each limit on the days it binds, kg."""
        before: dict[int, tuple[float, float]] = {}
        for group in groups:
            unit = UNITS[group.name]
            for row in self._first_rows(group) if unit.once else group.rows:
                before[row] = self._session.row_limits(row)
                self._session.set_row(row, *_eased(*before[row], unit.size))
        value = self._session.solve_relaxed(clock, "limits").value
        for row, limits in before.items():
            self._session.set_row(row, *limits)
        return value

    def _first_rows(self, group: _Group) -> list[int]:
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


def why_short(
    plan: Plan, instance: Instance, clock: Clock, tell: Callable[[str], None]
) -> tuple[Shortfall, ...]:
    """For every need that is short, the limits that bind and what one unit more of each gains.

    Parameters
    ----------
    plan : Plan
        As read from its files.
    instance : Instance
        With the plan's scenarios, days and rules.
    clock : Clock
        Says when to break off; needs not reached by then are left out.
    tell : callable
        Told each need in turn.
    """
    unmet_kg: dict[tuple[str, str], float] = defaultdict(float)
    for row in plan.coverage:
        unmet_kg[row.community, row.commodity] += row.unmet_kg
    short = [key for key, kg in unmet_kg.items() if kg >= LEAST_KG]
    if not short:
        return ()
    if plan.options.coverage_frac is not None and plan.options.coverage_frac < 1:
        return tuple(_as_asked(plan, key, unmet_kg[key]) for key in short)
    net = build_network(instance, plan.options.parties)
    cuts = [cut for cut in Timetabler(net, plan.options.seed).foreseen(clock) if cut.proven]
    relaxed = _Relaxed(net, cuts, unmet_kg)
    calm = _with_a_calm_day(plan, instance, net, cuts, unmet_kg)
    found = []
    for key in short:
        tell(f"{key[0]}: {key[1]}")
        shortfall = _shortfall(key, unmet_kg[key], relaxed, calm, clock)
        if shortfall is None:
            break
        found.append(shortfall)
    return tuple(found)


def _as_asked(plan: Plan, key: tuple[str, str], kg: float) -> Shortfall:
    asked = plan.options.coverage_frac or 0.0
    words = f"No more than {100 * asked:.1f} % of every need was asked for"
    limit = Limit(name="coverage_target", place="--coverage", days=(), words=words, unit="", gained_kg=kg)
    return Shortfall(community=key[0], commodity=key[1], unmet_kg=kg, relaxed_kg=kg, limits=(limit,))


def _shortfall(
    key: tuple[str, str],
    unmet_kg: float,
    relaxed: _Relaxed,
    calm: tuple[_Relaxed, tuple[int, ...]] | None,
    clock: Clock,
) -> Shortfall | None:
    """The limits of one need; None when time ran out."""
    least = relaxed.least(key, clock)
    if least is None:
        return None
    limits: list[Limit] = []
    if least >= DIVISIBLE_KG:
        known = relaxed.binding()
        for group in known[:CONFIRMED]:
            confirmed = relaxed.confirmed(group, known, least, clock)
            if confirmed is None:
                return None
            limits.append(_limit(confirmed))
        limits += _of_winds(key, least, calm, clock)
    ordered = sorted(limits, key=lambda limit: -limit.gained_kg)
    return Shortfall(
        community=key[0],
        commodity=key[1],
        unmet_kg=round(unmet_kg, 3),
        relaxed_kg=round(least, 3),
        limits=tuple(ordered),
    )


def _limit(confirmed: _Confirmed) -> Limit:
    """A limit in words; limits that are equally tight stand together."""
    groups = confirmed.groups
    places = dict.fromkeys(group.place for group in groups if group.name != TIMETABLE)
    days = {d for group in groups if not UNITS[group.name].once for d in group.days}
    units = list(dict.fromkeys(UNITS[group.name].words for group in groups))
    return Limit(
        name=" and ".join(dict.fromkeys(group.name for group in groups)),
        place=", ".join(places),
        days=tuple(sorted(days)),
        words="; ".join(dict.fromkeys(group.words for group in groups)),
        unit=" and ".join(units) + (" of each" if len(groups) > 1 else ""),
        gained_kg=round(confirmed.gained_kg, 3),
    )


def _of_winds(
    key: tuple[str, str], least: float, calm: tuple[_Relaxed, tuple[int, ...]] | None, clock: Clock
) -> Iterator[Limit]:
    if calm is None:
        return
    value = calm[0].least(key, clock)
    if value is not None and least - value >= LEAST_KG:
        yield Limit(
            name=WINDS,
            place="",
            days=calm[1],
            words="The wind is above the limit of the method",
            unit="one calm day",
            gained_kg=round(least - value, 3),
        )


def _windy_days(plan: Plan, net: Network) -> tuple[int, ...]:
    """Days on which a party would fly, and the wind lets none of its drops be flown."""
    windy: set[int] = set()
    for party in plan.options.parties:
        drops = [m for m in net.missions.values() if m.party.id == party and m.method.kind == "drop"]
        if not drops or any(m.method.wind_limit_mps is None for m in drops):
            continue
        weekdays = net.parties[party].flying_weekdays
        flying = {d for d in net.days if WEEKDAYS[net.instance.dates[d].weekday()] in weekdays}
        windy |= flying - {d for m in drops for d in m.days}
    return tuple(sorted(windy))


def _with_a_calm_day(
    plan: Plan,
    instance: Instance,
    net: Network,
    cuts: Sequence[Cut],
    unmet_kg: Mapping[tuple[str, str], float],
) -> tuple[_Relaxed, tuple[int, ...]] | None:
    """The campaign were the first windy day calm, and the windy days; None where the wind takes none."""
    windy = _windy_days(plan, net)
    if not windy or not instance.winds:
        return None
    date = instance.dates[windy[0]]
    layers = dict.fromkeys((wind.floor_m, wind.ceiling_m) for wind in instance.winds)
    still: list[Any] = [
        Wind(date=date, floor_m=low, ceiling_m=high, u_mps=0.0, v_mps=0.0, sd_mps=0.0) for low, high in layers
    ]
    winds = (*(wind for wind in instance.winds if wind.date != date), *still)
    calm = build_network(instance.model_copy(update={"winds": winds}), plan.options.parties)
    alike = [cut for cut in cuts if set(cut.missions) <= set(calm.missions)]
    return _Relaxed(calm, alike, unmet_kg), windy
