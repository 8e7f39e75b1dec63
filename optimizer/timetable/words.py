"""Why a day does not fit, in a planner's words: which resource, which hours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from optimizer.mission import Mission
from optimizer.network import Network
from optimizer.timetable.explain import OF_A_FLEET, OF_HOURS, Cause


def reason(net: Network, cause: Cause, room: tuple[float, float] | None = None) -> str:
    """One sentence without a full stop: how many fit, and what holds them back.

    Parameters
    ----------
    net : Network
        Holds missions, fleets, bases and zones.
    cause : Cause
        What is too much about a day.
    room : tuple of float, optional
        Where the limit holds for any number of tails: sorties without one, and for each.
    """
    missions = [net.missions[task.mission] for task in cause.day.tasks if not task.away]
    named = [rule for rule in cause.rules if rule[0] not in OF_HOURS]
    said = [
        f"{s} makes one trip at a time" if s in net.feeders else _WORDS[name](net, s) for name, s in named
    ]
    hours = sorted({name for name, _ in cause.rules} & set(OF_HOURS))
    said += dict.fromkeys(text for name in hours for m in missions for text in _HOURS[name](m))
    return f"{_most(cause, room)}: {', '.join(said) or 'no tail is in service'}"


def _most(cause: Cause, room: tuple[float, float] | None) -> str:
    if room is not None:
        first, per_tail = room
        if first <= 0:
            return f"at most {_counted(per_tail, 'sortie')} a day for each tail"
        return f"at most {first:.3g} and {per_tail:.3g} for each tail sorties a day"
    most = f"at most {_counted(cause.most, 'sortie')} a day"
    fleets = {subject for name, subject in cause.rules if name in OF_A_FLEET}
    tails = sum(len(crew.ready) for crew in cause.day.crews if crew.fleet in fleets)
    mix = "" if cause.proven else " of this mix"
    return f"{most}{mix} with {_counted(tails, 'tail')} in service" if fleets else f"{most}{mix}"


def _counted(number: float, noun: str) -> str:
    return f"{number:g} {noun}{'' if number == 1 else 's'}"


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _turnaround(net: Network, f: str) -> str:
    aircraft = next(a for a in net.instance.aircraft if a.id == net.fleets[f].aircraft)
    ground_min = aircraft.turnaround_min + aircraft.refuel_min
    return f"a tail of {f} stands {ground_min:g} min between sorties"


def _duty(net: Network, f: str) -> str:
    fleet = net.fleets[f]
    limits = [(fleet.crew_duty_min, "on duty"), (fleet.crew_flight_min, "in flight")]
    return f"a crew of {f} is {' and '.join(f'{m:g} min {what}' for m, what in limits if m)} a day at most"


_WORDS: Mapping[str, Callable[[Network, str], str]] = MappingProxyType(
    {
        "tail_turnaround": _turnaround,
        "serviceability": lambda net, f: (
            f"a tail of {f} flies {_counted(net.fleets[f].sorties_per_tail_day, 'sortie')} a day"
        ),
        "ramp_slots": lambda net, b: f"{b} has {_counted(net.bases[b].ramp_slots, 'ramp slot')}",
        "refuelling": lambda net, b: f"{b} has {_counted(net.bases[b].fuel_points or 0, 'fuel point')}",
        "takeoff_spacing": lambda net, b: (
            f"{b} keeps {net.bases[b].takeoff_spacing_min:g} min between take-offs"
        ),
        "zone_spacing": lambda net, z: f"{z} keeps {net.zones[z].drop_spacing_min:g} min between drops",
        "zone_clearing": lambda net, z: (
            f"{z} is cleared for {net.zones[z].clearing_min:g} min after each drop"
        ),
        "corridor_hour_limit": lambda net, a: (
            f"{a} takes {_counted(net.transits_per_hour[a], 'transit')} in any hour"
        ),
        "crew_duty": _duty,
        "crew_rest": lambda net, f: f"a crew of {f} rests {net.fleets[f].crew_rest_min:g} min",
    }
)


def _flying(m: Mission) -> tuple[str, ...]:
    opens, closes = max(m.party.hours_from, m.base.hours_from), min(m.party.hours_to, m.base.hours_to)
    way = f" to {' and '.join(m.zones)}" if (opens, closes) != (m.hours_from, m.hours_to) else ""
    hours = f"{_clock(m.hours_from)} to {_clock(m.hours_to)}"
    return (f"{m.party.id} flies from {m.base.id}{way} {hours}",)


_HOURS: Mapping[str, Callable[[Mission], tuple[str, ...]]] = MappingProxyType(
    {
        "flying_hours": _flying,
        "zone_hours": lambda m: tuple(
            f"{s.zone.id} recovers {_clock(s.zone.recovery_from)} to {_clock(s.zone.recovery_to)}"
            for s in m.stops
        ),
        "daylight": lambda m: tuple(f"{m.party.id} drops on {zone} by daylight" for zone in m.zones),
    }
)
