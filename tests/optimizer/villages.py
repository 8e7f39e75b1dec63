"""Three villages around a far valley that one helicopter feeds, small enough to work by hand.

The villages lie 100 km east of the base and 10 km apart, north to south; each needs 300 kg of flour a day,
gathers no more and has no store. A sortie to one of them is 200 km: 60 min of flight, 10 of climb and
descent and 15 on the ground. A tour over all three lifts 900 kg, far less than the helicopter can.
"""

from __future__ import annotations

from instances.schema import Aircraft, Community, Fleet, Instance, Leg, Link, Method, Need, Supply, Zone
from tests.check.hand_decisions import changed, tiny
from tests.optimizer.hand import header

VILLAGES = ("vale_a", "vale_b", "vale_c")
SPACING_KM = 10.0
KM_PER_DEGREE_NORTH, KM_PER_DEGREE_EAST = 110.95, 90.16  # of WGS84 at 36 degrees north

LIFTER = Aircraft(
    id="lifter",
    name="Lifter",
    kind="helicopter",
    payload_range=((2000.0, 400.0), (500.0, 700.0)),
    reserve_km=0,
    cruise_kmh=200,
    climb_descent_min=10,
    turnaround_min=30,
    bundle_positions=0,
    platform_positions=0,
    ceiling_m=5000,
    crew=3,
)
LANDING = Method(
    id="landing",
    name="Landing",
    kind="landing",
    position_kind="none",
    release_heights_m=(1000.0,),
    miss_frac=0.0,
    zone_min=15,
)
FLEET = Fleet(
    id="lifters",
    party="north",
    base="airfield_n",
    aircraft="lifter",
    methods=("landing",),
    max_tails=2,
    standing_usd_per_day=100,
    usd_per_block_h=1200,
    usd_per_sortie=50,
    serviceable_frac=1,
    minutes_per_day=600,
    sorties_per_tail_day=4,
    hours_per_30_days=200,
    hull_usd=1_000_000,
)


def place(north_km: float, east_km: float) -> dict[str, float]:
    """Latitude and longitude, that far from the northern base."""
    return {"lat": 36 + north_km / KM_PER_DEGREE_NORTH, "lon": 38 + east_km / KM_PER_DEGREE_EAST}


def _zone(name: str, north_km: float) -> Zone:
    return Zone(
        id=name,
        name=name,
        **place(north_km, 100),
        length_m=100,
        width_m=100,
        axis_deg=0,
        methods=("landing",),
        ground_team=True,
        recovery_kg_per_day=300,
        recovery_from=360,
        recovery_to=1020,
        drop_spacing_min=0,
        people_per_km2=0,
    )


def villages(days: int = 2) -> Instance:
    """The instance."""
    base = header(changed(tiny(), "parties", "north", loss_cap=0.01), days=days)
    zones = tuple(_zone(name, SPACING_KM * (1 - i)) for i, name in enumerate(VILLAGES))
    folk = tuple(
        Community(
            id=f"folk_{z.id}",
            name=z.id,
            lat=z.lat,
            lon=z.lon,
            population=600,
            starting_stock_days=0,
            storage_kg=0,
        )
        for z in zones
    )
    flour = next(c for c in base.commodities if c.id == "flour")
    return base.model_copy(
        update={
            "aircraft": (LIFTER,),
            "methods": (LANDING,),
            "fleets": (FLEET,),
            "zones": zones,
            "communities": folk,
            "commodities": (flour.model_copy(update={"methods": ("landing",)}),),
            "needs": tuple(Need(community=k.id, commodity="flour", kg_per_day=300) for k in folk),
            "links": tuple(
                Link(zone=z.id, community=k.id, kg_per_day=300, loss_frac=0, usd_per_kg=0)
                for z, k in zip(zones, folk, strict=True)
            ),
            "supplies": (Supply(base="airfield_n", commodity="flour", kg=10_000, usd_per_kg=1),),
            "rigs": (),
            "airspace": (),
            "recoveries": (),
        }
    )


def road(instance: Instance) -> Instance:
    """The same villages on a road: 2 h from the base to the first, 20 min from each to the next."""
    truck = LIFTER.model_copy(update={"kind": "truck", "cruise_kmh": 60.0, "climb_descent_min": 0.0})
    drive = LANDING.model_copy(update={"kind": "truck", "release_heights_m": (0.0,)})
    legs = (
        Leg(base="airfield_n", zone="vale_a", distance_km=120, minutes=120),
        Leg(base="airfield_n", zone="vale_b", distance_km=125, minutes=130),
        Leg(base="airfield_n", zone="vale_c", distance_km=130, minutes=140),
        Leg(base="vale_a", zone="vale_b", distance_km=12, minutes=20),
        Leg(base="vale_b", zone="vale_c", distance_km=12, minutes=20),
    )
    return instance.model_copy(update={"aircraft": (truck,), "methods": (drive,), "legs": legs})
