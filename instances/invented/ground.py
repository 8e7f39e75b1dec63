"""Where cargo lands: zones, the ways from them to the communities, and shares that were observed."""

from __future__ import annotations

from collections.abc import Sequence

from instances.invented.draw import Draw, tidy, titled
from instances.invented.people import People, Pocket
from instances.invented.skies import ZONE_KM, Lift
from instances.schema import Link, Method, Recovery, Zone

DROP_SPACINGS_MIN = (10.0, 15.0, 20.0, 30.0)
PEOPLE_PER_KM2 = 60.0  # most, in the open around a zone
FEWEST_DAYS_TO_OPEN = 4
MORE_LINKS = 0.6  # chance of a link from a zone that is not the main one
LANDED_OF_EXPECTED = (0.93, 1.0)


def flown_methods(lifts: Sequence[Lift]) -> tuple[Method, ...]:
    """Methods that some fleet flies, each once."""
    return tuple({method.id: method for lift in lifts for method in lift.kit.methods}.values())


def draw_zones(draw: Draw, people: People, lifts: Sequence[Lift]) -> tuple[Zone, ...]:
    """The main zone of a pocket takes any method on any day; the others are limited."""
    methods = flown_methods(lifts)
    zones = []
    for pocket in people.pockets:
        main = draw.rng.uniform(0.6, 0.8) if len(pocket.zones) > 1 else 1.0
        for place, name in enumerate(pocket.zones):
            part = (1 - main) / (len(pocket.zones) - 1) if place else main
            recovery_kg = draw.capacity(part * sum(pocket.need_kg.values()))
            zones.append(_zone(draw, name, pocket, methods, recovery_kg, main=place == 0))
    return tuple(sorted(zones, key=lambda zone: zone.id))


def _zone(
    draw: Draw, name: str, pocket: Pocket, methods: Sequence[Method], recovery_kg: float, main: bool
) -> Zone:
    lat, lon = draw.near(pocket.place, 2, ZONE_KM)
    allowed = draw.rng.sample(methods, draw.rng.randint(1, max(1, len(methods) - 1)))
    opens, closes = draw.rng.random() < 0.4, draw.rng.random() < 0.4
    limited = not main and draw.size.days >= FEWEST_DAYS_TO_OPEN
    opening, closing = draw.rng.uniform(0.1, 0.4), draw.rng.uniform(0.6, 0.9)
    from_hour = draw.rng.randint(6, 7)
    length_m = tidy(draw.rng.uniform(1, 2) * (1500 if main else 600))
    width_m = tidy(draw.rng.uniform(1, 2) * (800 if main else 300))
    taken = [method for method in methods if main or method in allowed]
    return Zone(
        id=name,
        name=titled(name),
        lat=lat,
        lon=lon,
        length_m=max([length_m, *(method.least_length_m for method in taken)]),
        width_m=max([width_m, *(method.least_width_m for method in taken)]),
        axis_deg=float(draw.rng.randrange(0, 180, 5)),
        methods=tuple(method.id for method in taken),
        open_from=draw.date(int(opening * draw.size.days)) if limited and opens else None,
        open_to=draw.date(int(closing * draw.size.days)) if limited and closes else None,
        ground_team=draw.rng.random() < 0.6 or main,
        recovery_kg_per_day=tidy(recovery_kg),
        recovery_from=60 * from_hour,
        recovery_to=60 * (from_hour + 11),
        drop_spacing_min=draw.rng.choice(DROP_SPACINGS_MIN),
        people_per_km2=float(draw.rng.randint(5, int(PEOPLE_PER_KM2))),
    )


def draw_links(draw: Draw, people: People) -> tuple[Link, ...]:
    """The main zone of a pocket feeds all its communities, every other zone at least one."""
    links = []
    for pocket in people.pockets:
        members = list(pocket.need_kg)
        for place, zone in enumerate(pocket.zones):
            first = draw.rng.choice(members)
            for community in members:
                linked = draw.rng.random() < MORE_LINKS
                kg = draw.capacity(pocket.need_kg[community] * (0.6 if place else 1.2))
                loss_frac, usd_per_kg = draw.figure(0.005, 0.06), draw.figure(0.03, 0.12)
                if place == 0 or community == first or linked:
                    links.append(
                        Link(
                            zone=zone,
                            community=community,
                            kg_per_day=tidy(kg),
                            loss_frac=loss_frac,
                            usd_per_kg=usd_per_kg,
                        )
                    )
    return tuple(sorted(links, key=lambda link: (link.zone, link.community)))


def draw_recoveries(draw: Draw, people: People, lifts: Sequence[Lift]) -> tuple[Recovery, ...]:
    """What was observed at the first zone with the first method, if that is a drop."""
    method, luck = lifts[0].kit.methods[0], draw.rng.uniform(*LANDED_OF_EXPECTED)
    if method.kind != "drop":
        return ()
    landed = (1 - method.miss_frac) * (1 - method.failure_frac) * (1 - method.damage_frac) * luck
    zone = people.pockets[0].zones[0]
    return (Recovery(zone=zone, method=method.id, landed_frac=tidy(landed)),)
