"""Decisions and flights -> the Plan's records, rounded as they are written.

Rounding comes first and everything that follows from it second, so that the files agree with each
other to the last decimal: kg are rounded to the gram, and people eat of what really arrived.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from optimizer import ledger
from optimizer.activities import activities
from optimizer.campaign.decisions import Decisions
from optimizer.hours import midnight
from optimizer.levers import heaviest
from optimizer.measure import Measure
from optimizer.mission import Mission
from optimizer.network import Network
from optimizer.plan import FeederTrip, HandOver, Load, Path, Plan, Sortie
from optimizer.provenance import estimate_shares
from optimizer.remarks import remarks
from optimizer.stocks import coverage_of
from optimizer.timetable.flights import Flight, Haul

GRAM = 1000  # kg are written with three decimals
SLACK_BUNDLES = 1e-6  # a bundle over-filled by less than this is a full one

type Cargo = list[tuple[str, int, float]]
"""(commodity, bundles, net kg) of one sortie at one stop."""


def assemble(
    net: Network, decisions: Decisions, flights: Sequence[Flight], plan: Plan, hauls: Sequence[Haul] = ()
) -> Plan:
    """Fill in every record of a plan.

    Parameters
    ----------
    net : Network
        What the plan was made for.
    decisions : Decisions
        Loads, hand-overs, feeder trips and tails.
    flights : sequence of Flight
        Exactly the sorties of `decisions`, timed.
    plan : Plan
        The header: instance, options, status.
    hauls : sequence of Haul
        Timed trips of feeders that have an aircraft.

    Returns
    -------
    Plan
        The same header with all records and the summary.
    """
    sorties, loads, items = _sorties(net, decisions, flights)
    handovers = _handovers(net, decisions, loads)
    feeders = _feeders(net, decisions)
    fleet = ledger.fleet_use(net, sorties, decisions.count("tails"))
    stops = {
        sortie.sortie_id: flight.mission.minutes
        for sortie, flight in zip(sorties, _in_order(flights), strict=True)
    }
    coverage = coverage_of(net, handovers, plan.options)
    measure = Measure(net, coverage)
    plan = plan.model_copy(
        update={
            "sorties": sorties,
            "loads": loads,
            "handovers": handovers,
            "feeders": feeders,
            "coverage": coverage,
            "nutrition": measure.nutrition,
            "severity": measure.severity,
            "rations": measure.rations,
            "fleet": fleet,
            "costs": ledger.costs(net, items, fleet, feeders, handovers),
            "risk": ledger.risks(net, sorties, loads),
            "paths": _paths(net, sorties),
            "notes": (*plan.notes, *remarks(net, sorties, loads)),
            "timetable": activities(net.instance, sorties, stops, _with_cargo(net, feeders, hauls)),
        }
    )
    summary = (*ledger.summary(net, plan), *estimate_shares(net.instance, plan))
    return plan.model_copy(update={"summary": summary, "notes": (*plan.notes, *heaviest(net.instance, plan))})


def _ceil_kg(kg: float) -> float:
    """Round up to a gram, so that rounding leaves nobody short; a hair over a gram is the gram."""
    return math.ceil(kg * GRAM - 1e-4) / GRAM


def _sorties(
    net: Network, decisions: Decisions, flights: Sequence[Flight]
) -> tuple[tuple[Sortie, ...], tuple[Load, ...], dict[tuple[str, str], float]]:
    zone = ZoneInfo(net.instance.header.time_zone)
    shares = _deal(net, decisions, flights)
    sorties: list[Sortie] = []
    loads: list[Load] = []
    items: dict[tuple[str, str], float] = defaultdict(float)
    for number, flight in enumerate(_in_order(flights), start=1):
        m = flight.mission
        cargo = [shares[stop.id, flight.day].pop(0) for stop in m.stops]
        sortie_id = f"s{number:04d}"
        sortie = _sortie(net, flight, sortie_id, cargo, zone)
        bill = {
            "flying": ledger.flying_usd(net, m.id),
            "rigging": ledger.rigging_usd(net, m.id, sortie.bundles),
            "cargo": ledger.cargo_usd(net, m.id, [(c, kg) for at_stop in cargo for c, _, kg in at_stop]),
        }
        for item, usd in bill.items():
            items[m.party.id, item] += usd
        sorties.append(sortie.model_copy(update={"cost_usd": round(sum(bill.values()), 2)}))
        loads += _loads(flight, sortie, cargo)
    return tuple(sorties), tuple(loads), dict(items)


def _in_order(flights: Sequence[Flight]) -> list[Flight]:
    return sorted(flights, key=lambda f: (f.day, f.takeoff_min, f.mission.id, f.tail))


def _sortie(net: Network, flight: Flight, sortie_id: str, cargo: Sequence[Cargo], zone: ZoneInfo) -> Sortie:
    m = flight.mission
    date = net.instance.dates[flight.day]
    takeoff_utc = midnight(date, zone.key) + dt.timedelta(minutes=flight.takeoff_min)
    bundles = [sum(n for _, n, _ in at_stop) for at_stop in cargo]
    net_kg = sum(kg for at_stop in cargo for _, _, kg in at_stop)
    harm = sum(n * stop.landing.harm_per_bundle for n, stop in zip(bundles, m.stops, strict=True))
    return Sortie(
        sortie_id=sortie_id,
        party=m.party.id,
        date=date,
        tail=f"{m.fleet.id}_{flight.tail}",
        fleet=m.fleet.id,
        aircraft=m.aircraft.id,
        base=m.base.id,
        takeoff_utc=takeoff_utc,
        takeoff_local=takeoff_utc.astimezone(zone),
        landing_utc=takeoff_utc + dt.timedelta(minutes=m.block_min),
        zones=m.zones,
        method=m.method.id,
        release_height_m=m.release_height_m,
        path_id=m.path.id,
        distance_km=round(m.path.distance_km, 3),
        block_min=m.block_min,
        bundles=sum(bundles),
        payload_kg=round(net_kg + sum(bundles) * m.method.bundle_tare_kg, 3),
        loss_prob=round(m.loss_prob, 8),
        harm_expected=round(harm, 6),
        cost_usd=0.0,
    )


def _loads(flight: Flight, sortie: Sortie, cargo: Sequence[Cargo]) -> list[Load]:
    return [
        Load(
            sortie_id=sortie.sortie_id,
            stop=number,
            zone=stop.zone.id,
            drop_utc=sortie.takeoff_utc + dt.timedelta(minutes=stop.drop_min),
            commodity=c,
            bundles=bundles,
            net_kg=kg,
            landed_frac=round(stop.landing.landed_frac, 6),
            landed_kg=round(kg * round(stop.landing.landed_frac, 6), 3),
            diverted_frac=round(stop.landing.stray_frac, 6),
            landing_basis=stop.landing.basis,
        )
        for number, (stop, at_stop) in enumerate(zip(flight.mission.stops, cargo, strict=True), start=1)
        for c, bundles, kg in at_stop
    ]


def _deal(
    net: Network, decisions: Decisions, flights: Sequence[Flight]
) -> dict[tuple[str, int], list[Cargo]]:
    """Cargo of each sortie at a stop on a day, dealt evenly so that no sortie carries all of one good.

    Bundles are dealt like cards: where they do not divide evenly, the first sorties take one more of the
    first stop, the next ones one more of the second, so that none takes more than its share of all.
    """
    flown: dict[tuple[str, int], int] = defaultdict(int)
    for flight in flights:
        flown[flight.mission.id, flight.day] += 1
    bundles, load_kg = decisions.count("bundles"), decisions.of("load_kg")
    shares = {}
    for (m, d), n in flown.items():
        mission = net.missions[m]
        before = 0
        for stop in net.stops_of([m]):
            loads = [(c, kg) for c in mission.commodities if (kg := load_kg.get((stop, d, c), 0.0)) > 0]
            total = bundles.get((stop, d), 0)
            dealt = [total // n + ((i - before) % n < total % n) for i in range(n)]
            before += total
            weights = [count / total for count in dealt] if total else [1 / n] * n
            shares[stop, d] = [
                _cargo(net, mission, count, [(c, _ceil_kg(kg * weight)) for c, kg in loads])
                for count, weight in zip(dealt, weights, strict=True)
            ]
    return shares


def _cargo(net: Network, mission: Mission, bundles: int, loads: list[tuple[str, float]]) -> Cargo:
    """Whole bundles for each commodity of one sortie, adding up to `bundles`.

    Bundles are packed commodity by commodity; one shared by two commodities counts for the first that
    goes in, so a commodity may ride along with no bundle of its own.
    """
    cargo: Cargo = []
    packed, filled = 0, 0.0
    for c, kg in loads:
        if kg <= 0:
            continue
        if mission.positions is not None:
            filled += kg / (net.commodities[c].fill_frac * mission.net_kg)
        upto = min(bundles, math.ceil(filled - SLACK_BUNDLES))
        cargo.append((c, max(0, upto - packed), kg))
        packed = max(packed, upto)
    if cargo and packed < bundles:
        c, n, kg = cargo[-1]
        cargo[-1] = (c, n + bundles - packed, kg)
    return cargo


def _handovers(net: Network, decisions: Decisions, loads: Sequence[Load]) -> tuple[HandOver, ...]:
    landed: dict[tuple[str, str, dt.date], float] = defaultdict(float)
    zone = ZoneInfo(net.instance.header.time_zone)
    for load in loads:
        landed[load.zone, load.commodity, load.drop_utc.astimezone(zone).date()] += load.landed_kg
    given: dict[tuple[int, str, str], list[tuple[str, float]]] = defaultdict(list)
    for (z, k, c, d), kg in decisions.of("hand_over_kg").items():
        given[d, z, c].append((k, kg))
    rows = []
    for (d, z, c), shares in sorted(given.items()):
        date = net.instance.dates[d]
        left = landed[z, c, date]
        for k, kg in sorted(shares):
            # Rounding may have left a gram less on the ground than the decisions hand over.
            handed = round(min(left, _ceil_kg(kg)), 3)
            left -= handed
            received = round(handed * (1 - net.links[z, k].loss_frac), 3)
            if handed > 0:
                rows.append(
                    HandOver(
                        date=date, zone=z, community=k, commodity=c, handed_kg=handed, received_kg=received
                    )
                )
    return tuple(rows)


def _feeders(net: Network, decisions: Decisions) -> tuple[FeederTrip, ...]:
    trips = decisions.count("feeder_trips")
    return tuple(
        FeederTrip(
            date=net.instance.dates[d],
            feeder=e,
            party=net.feeders[e].party,
            trips=trips[e, d],
            commodity=c,
            kg=round(kg, 3),
        )
        for (e, d, c), kg in sorted(decisions.of("feeder_kg").items(), key=lambda item: (item[0][1], item[0]))
        if trips.get((e, d), 0) > 0 and kg >= 1 / GRAM
    )


def _with_cargo(
    net: Network, feeders: Sequence[FeederTrip], hauls: Sequence[Haul]
) -> list[tuple[str, int, int]]:
    """The trips that carry something, as rows of ``feeders.csv`` have it."""
    carried = {(trip.feeder, trip.date) for trip in feeders}
    dates = net.instance.dates
    return [(h.feeder, h.day, h.takeoff_min) for h in hauls if (h.feeder, dates[h.day]) in carried]


def _paths(net: Network, sorties: Sequence[Sortie]) -> tuple[Path, ...]:
    """Each path flown by a party once, with the highest loss of the heights flown on it."""
    flown: dict[tuple[str, str], Path] = {}
    by_path = {m.path.id: m.path for m in net.missions.values()}
    for s in sorties:
        before = flown.get((s.path_id, s.party))
        flown[s.path_id, s.party] = Path(
            path_id=s.path_id,
            party=s.party,
            distance_km=s.distance_km,
            loss_prob=max(s.loss_prob, before.loss_prob if before else 0.0),
            height_m=by_path[s.path_id].height_m,
            points=tuple((round(lon, 6), round(lat, 6)) for lon, lat in by_path[s.path_id].points),
        )
    return tuple(flown[key] for key in sorted(flown))
