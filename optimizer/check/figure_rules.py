"""Rules about the figures of single rows: sorties, loads and fleets are what the instance says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from optimizer.check.case import Case
from optimizer.check.flight import Flight, as_utc
from optimizer.check.violation import Violation, far, joined, kg, number, usd
from optimizer.plan import FleetUse, Load

KG: Final = 0.01  # kg are written with three decimals
KM: Final = 0.002  # km are written with three decimals
PROB: Final = 1.5e-8  # probabilities are written with eight decimals
LOSS: Final = 1e-4  # of a loss, for points that are written to 0.1 m
FRAC: Final = 1.5e-6  # shares, and people, are written with six decimals
HOURS: Final = 1e-4  # hours are written with four decimals
USD: Final = 0.01  # money is rounded to cents, item by item


def sortie_figures(case: Case) -> Iterator[Violation]:
    """Distance, block time, times, height, bundles, payload, loss, harm and cost are the instance's."""
    for sortie_id, sorties in case.sorties_of.items():
        where = f"{sortie_id} on {sorties[0].date}"
        if len(sorties) > 1:
            message = f"{len(sorties)} sorties have this id"
            yield Violation("sortie_figures", where, message, "sorties.csv")
        if not case.on_calendar(sorties[0]):
            message = f"takeoff_utc is {sorties[0].takeoff_utc:%Y-%m-%dT%H:%MZ}, not on its date"
            yield Violation("sortie_figures", where, message, "sorties.csv")
    for flight in case.flights:
        for fault in (*_times(case, flight), *_numbers(flight), *_height(flight), *_path(case, flight)):
            yield Violation("sortie_figures", flight.where, fault, "sorties.csv")


def _times(case: Case, flight: Flight) -> Iterator[str]:
    """Block time and clock times that do not follow from take-off and path."""
    sortie, local = flight.sortie, case.local(flight.takeoff)
    if sortie.block_min != flight.block_min:
        yield f"block_min is {number(sortie.block_min)}, the path takes {number(flight.block_min)} min"
    if as_utc(sortie.landing_utc) != flight.landing:
        yield f"landing_utc is {_stamp(sortie.landing_utc)}, the sortie lands at {_stamp(flight.landing)}"
    seen = sortie.takeoff_local
    if as_utc(seen) != flight.takeoff or seen.utcoffset() != local.utcoffset():
        yield f"takeoff_local is {seen.isoformat()}, local time is {local.isoformat()}"
    if sortie.date != local.date():
        yield f"date is {sortie.date}, the local day of take-off is {local.date()}"


def _stamp(time: dt.datetime) -> str:
    """A UTC time as the files write it."""
    return f"{as_utc(time):%Y-%m-%dT%H:%MZ}"


def _numbers(flight: Flight) -> Iterator[str]:
    """Numbers that are not what the instance gives."""
    sortie, loss = flight.sortie, PROB + LOSS * flight.loss_prob
    checks = (
        ("distance_km", sortie.distance_km, flight.distance_km, KM, 3, "the path is {} km out and back"),
        ("bundles", sortie.bundles, flight.bundles, 0, 0, "its loads have {}"),
        ("payload_kg", sortie.payload_kg, flight.gross_kg, KG, 3, "its loads weigh {} kg with packing"),
        ("loss_prob", sortie.loss_prob, flight.loss_prob, loss, 8, "the threats on this path give {}"),
        ("harm_expected", sortie.harm_expected, flight.harm, FRAC, 8, "zone and method give {} people"),
    )
    for column, seen, due, tolerance, decimals, words in checks:
        if far(seen, due, tolerance):
            yield f"{column} is {number(seen, 8)}, {words.format(number(due, decimals))}"
    cost = sortie_cost_usd(flight)
    if cost is not None and not cost_fits(flight):
        yield f"cost_usd is {usd(sortie.cost_usd)}, flying, rigging and cargo come to {usd(cost)}"


def sortie_cost_usd(flight: Flight) -> float | None:
    """Flying, rigging and cargo, each in whole cents, USD; None where a commodity has no price."""
    if flight.cargo_usd is None:
        return None
    return round(flight.flying_usd, 2) + round(flight.rigging_usd, 2) + round(flight.cargo_usd, 2)


def cost_fits(flight: Flight) -> bool:
    """Whether the cost of a sortie is right, give or take a cent for each of its three items."""
    cost = sortie_cost_usd(flight)
    return cost is not None and not far(flight.sortie.cost_usd, cost, 3 * USD + 1e-6)


def _height(flight: Flight) -> Iterator[str]:
    """A release height that the method does not know or the type does not reach."""
    height, craft = flight.sortie.release_height_m, flight.craft
    if not any(abs(height - known) < 0.01 for known in craft.method.release_heights_m):
        heights = joined(number(known) for known in craft.method.release_heights_m)
        yield f"release_height_m is {number(height)}, {craft.method.id} is released at {heights} m"
    elif height > craft.aircraft.ceiling_m:
        ceiling = f"the ceiling of {craft.aircraft.id} is {number(craft.aircraft.ceiling_m)} m"
        yield f"release_height_m is {number(height)}, {ceiling}"


def _path(case: Case, flight: Flight) -> Iterator[str]:
    """A path that is not drawn once for the party, or drawn as something else.

    Sorties at several heights may share a path; it then bears the highest loss among them.
    """
    path_id, party = flight.sortie.path_id, flight.craft.party.id
    drawn = case.paths.get((path_id, party), [])
    if len(drawn) != 1:
        yield f"path_id {path_id!r} is drawn {len(drawn)} times for {party} in paths.geojson"
        return
    if far(drawn[0].distance_km, flight.distance_km, KM):
        due = f"the sortie flies {number(flight.distance_km)} km"
        yield f"path {path_id} is {number(drawn[0].distance_km)} km long, {due}"
    worst = max(other.loss_prob for other in case.flights_on[path_id, party])
    if far(drawn[0].loss_prob, worst, PROB + LOSS * worst):
        due = f"the sorties on it have {number(worst, 8)}"
        yield f"path {path_id} has a loss_prob of {number(drawn[0].loss_prob, 8)}, {due}"


def load_figures(case: Case) -> Iterator[Violation]:
    """Zone, drop time, landed share and landed kg of a load are what the instance says."""
    for load in case.plan.loads:
        where = f"{load.sortie_id} at stop {load.stop}"
        if load.sortie_id not in case.sorties_of:
            yield Violation("load_figures", where, "no sortie has this id", "loads.csv")
            continue
        flight = case.flight_of.get(load.sortie_id)
        if flight is None:
            continue
        for fault in _load(load, flight):
            yield Violation("load_figures", f"{where}, {load.commodity}", fault, "loads.csv")


def _load(load: Load, flight: Flight) -> Iterator[str]:
    """What is wrong with one load, in words."""
    last = len(flight.calls)
    call = flight.calls[min(max(load.stop, 1), last) - 1]
    zone = call.zone.id
    landed_kg = load.net_kg * call.landed_frac
    if not 1 <= load.stop <= last:
        yield f"stop is {load.stop}, the sortie has {'one' if last == 1 else number(last)}"
    if load.zone != zone:
        yield f"zone {load.zone!r}, the sortie flies to {zone}"
    if as_utc(load.drop_utc) != call.drop:
        yield f"drop_utc is {_stamp(load.drop_utc)}, the sortie drops at {_stamp(call.drop)}"
    if load.bundles < 0 or load.net_kg < 0:
        yield f"{number(load.bundles)} bundles with {kg(load.net_kg)} are less than nothing"
    if far(load.landed_frac, call.landed_frac, FRAC):
        due = f"{zone} with {flight.craft.method.id} gives {number(call.landed_frac, 6)}"
        yield f"landed_frac is {number(load.landed_frac, 6)}, {due}"
    if far(load.diverted_frac, call.stray_frac, FRAC):
        due = f"{zone} with {flight.craft.method.id} gives {number(call.stray_frac, 6)}"
        yield f"diverted_frac is {number(load.diverted_frac, 6)}, {due}"
    if load.landing_basis != call.basis:
        yield f"landing_basis is {load.landing_basis!r}, the landed share is {call.basis}"
    if far(load.landed_kg, landed_kg, KG + 1e-6 * abs(load.net_kg)):
        yield f"landed_kg is {number(load.landed_kg)}, {kg(landed_kg)} land of {kg(load.net_kg)}"


def fleet_figures(case: Case) -> Iterator[Violation]:
    """``fleet.csv`` adds up to the sorties, and every tail flown is contracted."""
    flying = {party.id for party in case.flying}
    seen: set[str] = set()
    for row in case.plan.fleet:
        fleet = case.tables.fleets.get(row.fleet)
        if fleet is None or fleet.party not in flying or row.fleet in seen:
            message = "a second row of this fleet" if row.fleet in seen else "no fleet of a flying party"
            yield Violation("fleet_figures", row.fleet, message, "fleet.csv")
            continue
        seen.add(row.fleet)
        for fault in _fleet(case, row):
            yield Violation("fleet_figures", row.fleet, fault, "fleet.csv")
    for fleet in case.instance.fleets:
        if fleet.party in flying and fleet.id not in seen:
            yield Violation("fleet_figures", fleet.id, "no row of this fleet", "fleet.csv")
    yield from _tails(case)


def _fleet(case: Case, row: FleetUse) -> Iterator[str]:
    """What is wrong with one row of ``fleet.csv``, in words."""
    fleet = case.tables.fleets[row.fleet]
    own = [flight for flight in case.flights if flight.craft.fleet.id == row.fleet]
    named = (("party", row.party, fleet.party), ("base", row.base, fleet.base))
    for column, name, due_name in (*named, ("aircraft", row.aircraft, fleet.aircraft)):
        if name != due_name:
            yield f"{column} {name!r}, the instance says {due_name}"
    if row.tails < 0:
        yield f"{number(row.tails)} tails are less than none"
    standing = row.tails * fleet.standing_usd_per_day * len(case.dates)
    checks = (
        ("flying_days", row.flying_days, len({flight.day for flight in own}), 0.0),
        ("sorties", row.sorties, len(own), 0.0),
        ("block_h", row.block_h, sum(flight.block_min for flight in own) / 60, HOURS),
        ("standing_usd", row.standing_usd, standing, USD),
    )
    for column, seen, due, tolerance in checks:
        if far(seen, due, tolerance):
            yield f"{column} is {number(seen, 4)}, sorties and instance give {number(due, 4)}"


def _tails(case: Case) -> Iterator[Violation]:
    """Tails flown that are not among ``<fleet>_1`` to ``<fleet>_N``, N the tails contracted."""
    for (fleet_id, tail), flights in case.flights_by(lambda f: (f.craft.fleet.id, f.sortie.tail)).items():
        row = case.fleet_rows.get(fleet_id)
        serial = tail.removeprefix(f"{fleet_id}_")
        ordinal = int(serial) if serial != tail and serial.isdecimal() and len(serial) < 9 else 0
        if row is not None and not (1 <= ordinal <= row.tails and tail == f"{fleet_id}_{ordinal}"):
            message = f"flies {flights[0].where}, {number(row.tails)} contracted: {fleet_id}_1 and on"
            yield Violation("fleet_figures", f"tail {tail}", message, "sorties.csv")
