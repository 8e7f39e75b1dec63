"""Rules that tie together decisions of one day; see ``constraints`` for how they are read."""

from __future__ import annotations

from pulp import lpSum

from optimizer.campaign.terms import Rows, Tag, base_days, fleet_days, landed_kg, weighed, zone_days
from optimizer.campaign.variables import Variables
from optimizer.network import Network
from optimizer.service import service_lines


def payload_limit(x: Variables, net: Network) -> Rows:
    """Cargo with its packing fits in the sorties flown.

    sum_{s of m} sum_c load_kg[s, d, c] + tare_kg[m] * bundles[s, d] <= payload_kg[m] * sorties[m, d]
                                                                                          for all m, d
    """
    for m, d in net.mission_days:
        mission = net.missions[m]
        gross_kg = lpSum(x.load_kg[s, d, c] for s in net.stops_of([m]) for c in mission.commodities)
        if mission.positions is not None:
            gross_kg += mission.method.bundle_tare_kg * lpSum(x.bundles[s, d] for s in net.stops_of([m]))
        yield (m, d), gross_kg <= mission.payload_kg * x.sorties[m, d]


def bundle_limit(x: Variables, net: Network) -> Rows:
    """Bundles fit on the floor.

    sum_{s of m} bundles[s, d] <= positions[m] * sorties[m, d]        for all m, d with bundles
    """
    for m, d in net.mission_days:
        positions = net.missions[m].positions
        if positions is not None:
            bundles = lpSum(x.bundles[s, d] for s in net.stops_of([m]))
            yield (m, d), bundles <= positions * x.sorties[m, d]


def bundle_fill(x: Variables, net: Network) -> Rows:
    """Bundles hold their net load, less of bulky goods; one bundle may hold several commodities.

    sum_c load_kg[s, d, c] / fill_frac[c] <= net_kg[s] * bundles[s, d]        for all stops s, d with bundles
    """
    for (s, d), bundles in x.bundles.items():
        mission = net.by_stop(s)
        filled_kg = weighed(
            (x.load_kg[s, d, c], 1 / net.commodities[c].fill_frac) for c in mission.commodities
        )
        yield (s, d), filled_kg <= mission.net_kg * bundles


def flight_time_limit(x: Variables, net: Network) -> Rows:
    """Serviceable tails have only so many flying minutes a day.

    sum_m block_min[m] * sorties[m, d] <= minutes_per_day[f] * serviceable_frac[f] * tails[f]
                                          * days that d stands for                              for all f, d
    """
    for f, d in fleet_days(net):
        fleet = net.fleets[f]
        flown_min = weighed((x.sorties[m, d], net.missions[m].block_min) for m in net.of_fleet(f, d))
        per_tail = fleet.minutes_per_day * fleet.serviceable_frac * net.lasts(d)
        yield (f, d), flown_min <= per_tail * x.tails[f]


def sortie_limit(x: Variables, net: Network) -> Rows:
    """A tail in service flies only so many sorties between first take-off and last landing.

    sum_m sorties[m, d] / sorties_per_tail[m] <= most + per_tail * tails[f]
                               for all f, d and lines of the upper hull of tails in service
    """
    lines = {f: service_lines(fleet.max_tails, fleet.serviceable_frac) for f, fleet in net.fleets.items()}
    for f, d in fleet_days(net):
        tails_used = weighed(
            (x.sorties[m, d], 1 / net.missions[m].sorties_per_tail) for m in net.of_fleet(f, d)
        )
        for i, (most, per_tail) in enumerate(lines[f]):
            yield (f, Tag(str(i)), d), tails_used <= net.lasts(d) * (most + per_tail * x.tails[f])


def ramp_limit(x: Variables, net: Network) -> Rows:
    """Loading takes a ramp slot for the turnaround, and slots are few.

    sum_m turnaround_min[m] * sorties[m, d] <= ramp_slots[b] * open_min[b] * days that d stands for
                                                                                          for all b, d
    """
    for b, d in base_days(net):
        base = net.bases[b]
        missions = net.at_base(b, d)
        slot_min = weighed((x.sorties[m, d], net.missions[m].aircraft.turnaround_min) for m in missions)
        open_min = (base.hours_to - base.hours_from) * net.lasts(d)
        yield (b, d), slot_min <= base.ramp_slots * open_min


def handling_limit(x: Variables, net: Network) -> Rows:
    """A base can rig and load only so much a day.

    sum_{s, c} load_kg[s, d, c] <= handling_kg_per_day[b] * days that d stands for        for all b, d
    """
    for b, d in base_days(net):
        stops = net.stops_of(net.at_base(b, d))
        loaded_kg = lpSum(x.load_kg[s, d, c] for s in stops for c in net.by_stop(s).commodities)
        yield (b, d), loaded_kg <= net.bases[b].handling_kg_per_day * net.lasts(d)


def feeder_limit(x: Variables, net: Network) -> Rows:
    """A feeder carries what its trips hold, and makes only so many trips a day.

    sum_c feeder_kg[e, d, c] <= kg_per_trip[e] * feeder_trips[e, d]
    feeder_trips[e, d] <= trips_per_day[e] * days that d stands for                     for all e, d
    """
    for (e, d), trips in x.feeder_trips.items():
        feeder = net.feeders[e]
        cargo_kg = lpSum(x.feeder_kg[e, d, c] for c in net.commodities if (e, d, c) in x.feeder_kg)
        yield (Tag("kg"), e, d), cargo_kg <= feeder.kg_per_trip * trips
        yield (Tag("trips"), e, d), trips <= feeder.trips_per_day * net.spell_days(d)


def zone_recovery_limit(x: Variables, net: Network) -> Rows:
    """The ground team gathers only so much a day.

    sum_{s, c} landed_frac[s] * load_kg[s, d, c] <= recovery_kg_per_day[z] * days that d stands for
                                                                                          for all z, d
    """
    for z, d in zone_days(net):
        gathered_kg = lpSum(landed_kg(x, net, z, c, d) for c in net.commodities)
        yield (z, d), gathered_kg <= net.zones[z].recovery_kg_per_day * net.lasts(d)


def zone_slot_limit(x: Variables, net: Network) -> Rows:
    """Sorties over one zone keep their distance in time, whoever flies them.

    sum_m sorties[m, d] <= (floor(recovery_min[z] / drop_spacing_min[z]) + 1) * days that d stands for
                                                                                          for all z, d
    """
    for z, d in zone_days(net):
        zone = net.zones[z]
        if zone.drop_spacing_min > 0:
            slots = (zone.recovery_to - zone.recovery_from) // zone.drop_spacing_min + 1
            yield (z, d), lpSum(x.sorties[m, d] for m in net.to_zone(z, d)) <= slots * net.lasts(d)


def corridor_slot_limit(x: Variables, net: Network) -> Rows:
    """A corridor takes only so many sorties a day, whoever flies them.

    sum_m sorties[m, d] <= transits_per_day[a] * days that d stands for
                                                                    for all corridors a with a limit, d
    """
    for corridor, transits in net.transits_per_day.items():
        for d in net.days:
            missions = net.through(corridor, d)
            if missions:
                yield (corridor, d), lpSum(x.sorties[m, d] for m in missions) <= transits * net.lasts(d)


def hand_over_balance(x: Variables, net: Network) -> Rows:
    """What is handed over has landed that day; nothing lies in the zone overnight.

    sum_k hand_over_kg[z, k, c, d] <= sum_s landed_frac[s] * load_kg[s, d, c]        for all z, c, d
    """
    for z, d in zone_days(net):
        for c in net.commodities:
            handed = [x.hand_over_kg[z, k, c, d] for k in net.communities if (z, k, c, d) in x.hand_over_kg]
            if handed:
                yield (z, c, d), lpSum(handed) <= landed_kg(x, net, z, c, d)


def link_limit(x: Variables, net: Network) -> Rows:
    """The way to a community carries only so much a day.

    sum_c hand_over_kg[z, k, c, d] <= kg_per_day[z, k] * days that d stands for        for all z, k, d
    """
    for (z, k), link in net.links.items():
        for d in net.days:
            handed = [x.hand_over_kg[z, k, c, d] for c in net.commodities if (z, k, c, d) in x.hand_over_kg]
            if handed:
                yield (z, k, d), lpSum(handed) <= link.kg_per_day * net.lasts(d)


def storage_limit(x: Variables, net: Network) -> Rows:
    """Stock fits in the stores at the end of the day.

    sum_c community_stock_kg[k, c, d] <= storage_kg[k]        for all k with a limit, d
    """
    for k, community in net.communities.items():
        if community.storage_kg is not None:
            stored = [c for kk, c in net.stored if kk == k]
            for d in filter(net.ends, net.days):
                stock = lpSum(x.community_stock_kg[k, c, d] for c in stored)
                yield (k, d), stock <= community.storage_kg
