"""Rules about what one sortie may carry and risk, and what a tail may fly in a day or a month."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate
from typing import Final

from optimizer.check.case import Case
from optimizer.check.flight import Flight
from optimizer.check.violation import Violation, counted, kg, number, percent

KG: Final = 0.01  # kg are written with three decimals
ROW_KG: Final = 0.001  # what rounding one row may add to a sum
WINDOW_DAYS: Final = 30
PROB: Final = 1e-9
LOSS: Final = 1e-4  # of a loss, for points that are written to 0.1 m


def tail_limit(case: Case) -> Iterator[Violation]:
    """No more tails are contracted than are on offer: tails[f] <= max_tails[f]."""
    for fleet_id, row in case.fleet_rows.items():
        most = case.tables.fleets[fleet_id].max_tails
        if row.tails > most:
            message = f"{counted(row.tails, 'tail')} contracted, {number(most)} on offer"
            yield Violation("tail_limit", fleet_id, message, "fleet.csv")


def payload_limit(case: Case) -> Iterator[Violation]:
    """Cargo with its packing fits in the sortie.

    sum_c net_kg + tare_kg x bundles <= payload at (path + reserve), by payload-range points
    """
    for flight in case.flights:
        if flight.payload_kg is None:
            reach = f"{number(flight.distance_km)} km out and back with the reserve"
            message = f"{reach} is beyond the range of {flight.craft.aircraft.id}"
        elif flight.gross_kg > flight.payload_kg + KG:
            carried = f"{kg(flight.gross_kg)} with packing"
            message = f"{carried}, {flight.craft.aircraft.id} lifts {kg(flight.payload_kg)} over this path"
        else:
            continue
        yield Violation("payload_limit", flight.where, message, "loads.csv")


def bundle_limit(case: Case) -> Iterator[Violation]:
    """Bundles fit on the floor.

    bundles <= min(positions of the kind, floor(payload / (bundle_net_kg + bundle_tare_kg))); loose: none
    """
    for flight in case.flights:
        method = flight.craft.method
        if flight.room is None:
            if flight.bundles:
                message = f"{counted(flight.bundles, 'bundle')}, but {method.id} carries loose cargo"
                yield Violation("bundle_limit", flight.where, message, "loads.csv")
        elif flight.bundles > flight.room:
            message = (
                f"{counted(flight.bundles, method.position_kind)}, "
                f"{flight.craft.aircraft.id} takes {number(flight.room)} with {method.id} over this path"
            )
            yield Violation("bundle_limit", flight.where, message, "loads.csv")


def bundle_fill(case: Case) -> Iterator[Violation]:
    """Bundles hold their net load, less of bulky goods: sum net_kg / fill_frac <= bundles x bundle_net_kg."""
    for flight in case.flights:
        method = flight.craft.method
        if method.position_kind == "none":
            continue
        loads = [load for load in flight.loads if load.commodity in case.tables.commodities]
        filled_kg = sum(load.net_kg / case.tables.commodities[load.commodity].fill_frac for load in loads)
        bundles = sum(load.bundles for load in loads)
        room_kg = bundles * method.bundle_net_kg
        if filled_kg > room_kg + KG + ROW_KG * len(loads):
            holds = f"room for {kg(room_kg)} in {counted(bundles, 'bundle')} of {method.id}"
            message = f"cargo that fills {kg(filled_kg)}, {holds}"
            yield Violation("bundle_fill", flight.where, message, "loads.csv")


def loss_cap(case: Case) -> Iterator[Violation]:
    """No sortie risks more than the party's cap: that of its path <= loss_cap."""
    for flight in case.flights:
        party = flight.craft.party
        if flight.loss_prob > party.loss_cap * (1 + LOSS) + PROB:
            risk = f"{percent(flight.loss_prob)} chance of losing the aircraft"
            message = f"{risk}, the cap of {party.id} is {percent(party.loss_cap)}"
            yield Violation("loss_cap", flight.where, message, "sorties.csv")


def flight_time_limit(case: Case) -> Iterator[Violation]:
    """Serviceable tails have only so many flying minutes a day.

    sum block_min <= minutes_per_day x serviceable_frac x tails[f]
    """
    for (fleet_id, date), flights in case.fleet_days.items():
        row = case.fleet_rows.get(fleet_id)
        if row is None:
            continue
        fleet = flights[0].craft.fleet
        most = fleet.minutes_per_day * fleet.serviceable_frac * row.tails
        flown = sum(flight.block_min for flight in flights)
        if flown > most + 1e-6:
            has = f"{counted(row.tails, 'tail')} may fly {number(most)} min a day"
            message = f"{number(flown)} min flown, {has}"
            yield Violation("flight_time_limit", f"{fleet_id} on {date}", message, "sorties.csv")


def sorties_per_tail(flight: Flight) -> int:
    """Sorties like this one a tail can fly in a day.

    min(sorties_per_tail_day, floor((W + G) / (block + G)), floor(crew_flight_min / block)), G the minutes
    of refuelling and turnaround, W the common minutes of party and base hours, or of the crew's duty in
    the air if that is less.
    """
    party, base, fleet = flight.craft.party, flight.craft.base, flight.craft.fleet
    hours: float = min(party.hours_to, base.hours_to) - max(party.hours_from, base.hours_from)
    if fleet.crew_duty_min is not None:
        hours = min(hours, fleet.crew_duty_min - fleet.report_min)
    ground = flight.craft.aircraft.refuel_min + flight.craft.aircraft.turnaround_min
    cycle = flight.block_min + ground
    fits = math.floor((hours + ground) / cycle + 1e-9) if cycle > 0 else fleet.sorties_per_tail_day
    if fleet.crew_flight_min is not None and flight.block_min > 0:
        fits = min(fits, math.floor(fleet.crew_flight_min / flight.block_min + 1e-9))
    return min(fleet.sorties_per_tail_day, fits)


def sortie_limit(case: Case) -> Iterator[Violation]:
    """A tail flies only so many sorties a day between first take-off and last landing.

    sorties of a tail <= sorties_per_tail_day, and sum 1 / sorties_per_tail <= tails[f]
    """
    for (fleet_id, date), flights in case.fleet_days.items():
        most = flights[0].craft.fleet.sorties_per_tail_day
        over = {t: n for t, n in Counter(f.sortie.tail for f in flights).items() if n > most}
        for tail, flown in over.items():
            message = f"{counted(flown, 'sortie')}, a tail flies {number(most)} a day"
            yield Violation("sortie_limit", f"{tail} on {date}", message, "sorties.csv")
        row = case.fleet_rows.get(fleet_id)
        shares = [sorties_per_tail(flight) for flight in flights]
        # a sortie that does not fit the hours at all breaks flying_hours
        needed = sum(1 / per_tail for per_tail in shares if per_tail > 0)
        if not over and row is not None and needed > row.tails + 1e-6:
            message = (
                f"{counted(len(flights), 'sortie')} take {number(needed, 2)} tails, {row.tails} contracted"
            )
            yield Violation("sortie_limit", f"{fleet_id} on {date}", message, "sorties.csv")


def airframe_hours_limit(case: Case) -> Iterator[Violation]:
    """In any 30 days a tail logs only so many block hours; the worst window is named.

    sum over the window of block_min <= 60 x hours_per_30_days x tails[f]
    """
    for fleet_id, flights in case.flights_by(lambda f: f.craft.fleet.id).items():
        row = case.fleet_rows.get(fleet_id)
        if row is None:
            continue
        daily = [0] * len(case.dates)
        for flight in flights:
            daily[flight.day] += flight.block_min
        until = [0, *accumulate(daily)]
        windows = [(until[day + 1] - until[max(0, day + 1 - WINDOW_DAYS)], day) for day in range(len(daily))]
        logged, last = max(windows, key=lambda window: (window[0], -window[1]))
        most = flights[0].craft.fleet.hours_per_30_days * row.tails
        if logged / 60 > most + 1e-6:
            message = f"{number(logged / 60, 2)} block h logged, {counted(row.tails, 'tail')} may log "
            where = f"{fleet_id} in the {WINDOW_DAYS} days to {case.dates[last]}"
            yield Violation("airframe_hours_limit", where, f"{message}{number(most)} h", "sorties.csv")
