"""Why needs are short: which limits bind in which weeks, each confirmed by a re-solve with one unit more.

The campaign is solved in weeks with divisible sorties: of one need as much as can be, while no other need
gets less than in the plan. The prices of that optimum name the limits that bind; each is then given one unit
more and the campaign solved again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from instances.schema import WEEKDAYS, Instance, Wind
from optimizer.clock import Clock
from optimizer.cut import Cut
from optimizer.explain.relaxed import LEAST_FRAC, TIMETABLE, UNITS, Confirmed, Key, Left, Relaxed
from optimizer.explained import Limit, Shortfall
from optimizer.needs import NUTRIENTS, Demand
from optimizer.network import Network, build_network
from optimizer.plan import Plan
from optimizer.severity import per_unit
from optimizer.timetable.timetabler import Timetabler

CONFIRMED: Final = 5  # limits tried for each need, by what they promise
DIVISIBLE_FRAC: Final = (
    1e-4  # of a need that must stay short with divisible sorties for limits to be the reason
)
WINDS: Final = "winds"


@dataclass(frozen=True)
class _Need:
    """A need of a community, and what person-days short of it are to a planner."""

    key: Key
    unit: str
    person_days: float
    days: float
    each: float

    def amount(self, person_days: float) -> float:
        """In `unit`; of a lasting need, on the mean day in need."""
        return person_days / self.each

    def people(self, person_days: float) -> float:
        """Whose whole need that is, on the mean day in need."""
        return person_days / self.days


def _need(net: Network, demand: Demand) -> _Need:
    days = sum(demand.days)
    each, unit = per_unit(demand), "kcal" if demand.name == "kcal" else "g"
    if demand.name not in NUTRIENTS:
        item = net.commodities[demand.name]
        each, unit = each * item.kg_per_unit * (days if demand.lasting else 1), item.unit
    return _Need((demand.community, demand.name), unit, sum(demand.people), days, each)


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
    net = build_network(instance, plan.options.parties, plan.options.stops)
    left = _left_short(plan, net)
    needs = [_need(net, one) for key, one in net.demands.items() if left.days[key] > 0]
    short = [one for one in needs if left.days[one.key] > LEAST_FRAC * one.person_days]
    if not short:
        return ()
    if plan.options.coverage_frac is not None:
        return tuple(_as_asked(plan, need, left.days[need.key]) for need in short)
    cuts = [cut for cut in Timetabler(net, plan.options.seed).foreseen(clock) if cut.proven]
    relaxed = Relaxed(net, cuts, left)
    calm = _with_a_calm_day(plan, instance, net, cuts, left)
    found = []
    for need in short:
        if clock.stopped():
            break
        tell(": ".join(need.key))
        shortfall = _shortfall(need, left.days[need.key], relaxed, calm, clock)
        if shortfall is None:
            break
        found.append(shortfall)
    return tuple(found)


def _left_short(plan: Plan, net: Network) -> Left:
    """What a plan leaves short, as its files say."""
    left = Left(dict.fromkeys(net.demands, 0.0), {})
    for row in plan.severity:
        key = row.community, row.need
        if key in net.demands:
            person_days = row.need_amount * row.short_frac * per_unit(net.demands[key])
            if row.days > 0:
                left.days[key] += person_days
            else:
                left.closing[key] = person_days
    return left


def _as_asked(plan: Plan, need: _Need, person_days: float) -> Shortfall:
    asked, since = plan.options.coverage_frac or 0.0, plan.options.coverage_from
    words = f"No more than {100 * asked:.1f} % of every need was asked for"
    if since > 0:
        words += f", and that from day {since + 1} on"
    amount, people = _figures(need, person_days)
    limit = Limit(
        name="coverage_week",
        place="--coverage",
        days=(),
        words=words,
        unit="",
        gained=amount,
        gained_people=people,
    )
    return _told(need, person_days, person_days, [limit])


def _figures(need: _Need, person_days: float) -> tuple[float, float]:
    return round(need.amount(person_days), 3), round(need.people(person_days), 3)


def _told(need: _Need, person_days: float, least: float, limits: Sequence[Limit]) -> Shortfall:
    amount, people = _figures(need, person_days)
    return Shortfall(
        community=need.key[0],
        need=need.key[1],
        unit=need.unit,
        short=amount,
        people=people,
        relaxed_short=round(need.amount(least), 3),
        limits=tuple(sorted(limits, key=lambda limit: -limit.gained)),
    )


def _shortfall(
    need: _Need,
    person_days: float,
    relaxed: Relaxed,
    calm: tuple[Relaxed, tuple[int, ...]] | None,
    clock: Clock,
) -> Shortfall | None:
    """The limits of one need; None when time ran out."""
    least = relaxed.least(need.key, clock)
    if least is None:
        return None
    limits: list[Limit] = []
    if least >= DIVISIBLE_FRAC * need.person_days:
        known = relaxed.binding()
        for group in known[:CONFIRMED]:
            confirmed = relaxed.confirmed(group, known, least, LEAST_FRAC * need.person_days, clock)
            if confirmed is None:
                return None
            limits.append(_limit(need, confirmed))
        limits += _of_winds(need, least, calm, clock)
    return _told(need, person_days, least, limits)


def _limit(need: _Need, confirmed: Confirmed) -> Limit:
    """A limit in words; limits that are equally tight stand together."""
    groups = confirmed.groups
    places = dict.fromkeys(group.place for group in groups if group.name != TIMETABLE)
    days = {d for group in groups for d in group.days}
    units = list(dict.fromkeys(UNITS[group.name].words for group in groups))
    amount, people = _figures(need, confirmed.gained)
    return Limit(
        name=" and ".join(dict.fromkeys(group.name for group in groups)),
        place=", ".join(filter(None, places)),
        days=tuple(sorted(days)),
        words="; ".join(dict.fromkeys(group.words for group in groups)),
        unit=" and ".join(units) + (" of each" if len(groups) > 1 else ""),
        gained=amount,
        gained_people=people,
    )


def _of_winds(
    need: _Need, least: float, calm: tuple[Relaxed, tuple[int, ...]] | None, clock: Clock
) -> Iterator[Limit]:
    if calm is None:
        return
    value = calm[0].least(need.key, clock)
    if value is not None and least - value > LEAST_FRAC * need.person_days:
        amount, people = _figures(need, least - value)
        yield Limit(
            name=WINDS,
            place="",
            days=calm[1],
            words="The wind is above the limit of the method",
            unit="one calm day",
            gained=amount,
            gained_people=people,
        )


def _windy_days(plan: Plan, net: Network) -> tuple[int, ...]:
    """Days on which a party would fly, and the wind lets none of its drops be flown."""
    windy: set[int] = set()
    for party in plan.options.parties:
        drops = [m for m in net.missions.values() if m.party.id == party and m.method.kind == "drop"]
        if not drops or any(not m.method.wind_limited for m in drops):
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
    left: Left,
) -> tuple[Relaxed, tuple[int, ...]] | None:
    """The campaign were the first windy day calm, and the windy days; None where the wind takes none."""
    windy = _windy_days(plan, net)
    if not windy or not instance.winds:
        return None
    date = instance.dates[windy[0]]
    layers = dict.fromkeys((wind.floor_m, wind.ceiling_m) for wind in instance.winds)
    still = [
        Wind(date=date, floor_m=low, ceiling_m=high, u_mps=0.0, v_mps=0.0, sd_mps=0.0) for low, high in layers
    ]
    winds = (*(wind for wind in instance.winds if wind.date != date), *still)
    calm = build_network(
        instance.model_copy(update={"winds": winds}), plan.options.parties, plan.options.stops
    )
    alike = [cut for cut in cuts if set(cut.missions) <= set(calm.missions)]
    return Relaxed(calm, alike, left), windy
