"""Why needs are short: which limits bind on which days, each confirmed by a re-solve with one unit more.

The campaign is solved with divisible sorties: of one need as much as can be, while no other need gets less
than in the plan. The prices of that optimum name the limits that bind; each is then given one unit more and
the campaign solved again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from instances.schema import WEEKDAYS, Instance, Wind
from optimizer.clock import Clock
from optimizer.cut import Cut
from optimizer.explain.relaxed import LEAST_KG, TIMETABLE, UNITS, Confirmed, Relaxed
from optimizer.explained import Limit, Shortfall
from optimizer.network import Network, build_network
from optimizer.plan import Plan
from optimizer.timetable.timetabler import Timetabler

CONFIRMED: Final = 5  # limits tried for each need, by what they promise
DIVISIBLE_KG: Final = 1.0  # what must stay unmet with divisible sorties for limits to be its reason
WINDS: Final = "winds"


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
    relaxed = Relaxed(net, cuts, unmet_kg)
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
    relaxed: Relaxed,
    calm: tuple[Relaxed, tuple[int, ...]] | None,
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


def _limit(confirmed: Confirmed) -> Limit:
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
    key: tuple[str, str], least: float, calm: tuple[Relaxed, tuple[int, ...]] | None, clock: Clock
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
    unmet_kg: Mapping[tuple[str, str], float],
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
    calm = build_network(instance.model_copy(update={"winds": winds}), plan.options.parties)
    alike = [cut for cut in cuts if set(cut.missions) <= set(calm.missions)]
    return Relaxed(calm, alike, unmet_kg), windy
