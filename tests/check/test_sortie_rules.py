"""One sortie, one tail: each rule broken by one unit in a plan that is consistent otherwise."""

from dataclasses import replace

from instances.schema import Instance
from tests.check.hand_plan import HAND, Flown, changed, of_rule, verdict

S3_ONLY = (HAND.flown[2],)


def test_tail_limit(instance: Instance) -> None:
    none_on_offer = changed(instance, "fleets", "north_hauler", max_tails=0)
    assert verdict(HAND, none_on_offer) == ["tail_limit: north_hauler: 1 tail contracted, 0 on offer"]


def test_payload_limit(instance: Instance) -> None:
    """A method without floor positions, so that only the weight binds: 1000 kg, and 999 kg can be lifted."""
    loose = changed(instance, "methods", "canopy_low", position_kind="none")
    weak = changed(loose, "aircraft", "hauler", payload_range=((999.0, 2000.0),))
    decisions = replace(
        HAND,
        flown=(replace(HAND.flown[2], loads=(("flour", 0, 1000),)),),
        handed=((2, "town", "flour", 900),),
    )
    said = "payload_limit: s3 on 2016-04-13: 1 000 kg with packing, hauler lifts 999 kg over this path"
    assert verdict(decisions, weak) == [said]
    assert verdict(decisions, changed(loose, "aircraft", "hauler", payload_range=((1000.0, 2000.0),))) == []


def test_payload_limit_beyond_range(instance: Instance) -> None:
    """425.365 km and 100 km of reserve do not fit into 525 km; South's 288.026 km do."""
    short = changed(instance, "aircraft", "hauler", payload_range=((5000.0, 300.0), (2000.0, 525.0)))
    beyond = "425.365 km out and back with the reserve is beyond the range of hauler"
    assert verdict(HAND, short) == [f"payload_limit: s{n} on 2016-04-11: {beyond}" for n in (1, 2)]


def test_payload_between_points(instance: Instance) -> None:
    """288.026 km and 100 km of reserve lie half way between the points; four bundles weigh 1200 kg."""
    points = ((1502.0, 288.026), (900.0, 488.026))
    sloped = changed(instance, "aircraft", "hauler", payload_range=points)
    decisions = replace(HAND, flown=S3_ONLY, handed=((2, "town", "flour", 900),))
    assert verdict(decisions, sloped) == []  # 1201 kg
    lower = changed(instance, "aircraft", "hauler", payload_range=((1498.0, 288.026), (900.0, 488.026)))
    assert len(of_rule("bundle_limit", verdict(decisions, lower))) == 1  # 1199 kg


def test_bundle_limit(instance: Instance) -> None:
    decisions = HAND.with_sortie("s2", loads=(("flour", 5, 1000),))
    said = "bundle_limit: s2 on 2016-04-11: 5 bundles, hauler takes 4 with canopy_high over this path"
    assert verdict(decisions, instance) == [said]


def test_bundle_limit_loose(instance: Instance) -> None:
    loose = changed(instance, "methods", "canopy_low", position_kind="none")
    decisions = HAND.with_sortie("s3", loads=(("flour", 1, 1000),))
    assert verdict(decisions, loose) == [
        "bundle_limit: s3 on 2016-04-13: 1 bundle, but canopy_low carries loose cargo"
    ]


def test_bundle_fill(instance: Instance) -> None:
    decisions = HAND.with_sortie("s2", loads=(("flour", 4, 1001),))
    room = "room for 1 000 kg in 4 bundles of canopy_high"
    said = f"bundle_fill: s2 on 2016-04-11: cargo that fills 1 001 kg, {room}"
    assert verdict(decisions, instance) == [said]


def test_bundle_fill_bulky(instance: Instance) -> None:
    """Soap is bulky: 126 kg of it fill as much as 252 kg, more than its one bundle."""
    decisions = HAND.with_sortie("s1", loads=(("flour", 3, 750), ("soap", 1, 126)))
    room = "room for 1 000 kg in 4 bundles of canopy_high"
    said = f"bundle_fill: s1 on 2016-04-11: cargo that fills 1 002 kg, {room}"
    assert verdict(decisions, instance) == [said]


def test_loss_cap(instance: Instance) -> None:
    wary = changed(instance, "parties", "south", loss_cap=0.0004)
    said = "loss_cap: s3 on 2016-04-13: 0.05 % chance of losing the aircraft, the cap of south is 0.04 %"
    assert verdict(HAND, wary) == [said]


def test_flight_time_limit(instance: Instance) -> None:
    """Two sorties of 82 min, and one minute less than that."""
    tired = changed(instance, "fleets", "north_hauler", minutes_per_day=163.0)
    said = "flight_time_limit: north_hauler on 2016-04-11: 164 min flown, 1 tail may fly 163 min a day"
    assert verdict(HAND, tired) == [said]
    worn = changed(instance, "fleets", "north_hauler", minutes_per_day=326.0, serviceable_frac=0.5)
    assert verdict(HAND, worn) == [said]


def test_sortie_limit(instance: Instance) -> None:
    once = changed(instance, "fleets", "north_hauler", sorties_per_tail_day=1)
    assert verdict(HAND, once) == [
        "sortie_limit: north_hauler_1 on 2016-04-11: 2 sorties, a tail flies 1 a day"
    ]


def test_sortie_limit_hours(instance: Instance) -> None:
    """The hours hold one cycle (82 + 60 min) but not two: a second sortie takes a second tail."""
    short = changed(instance, "parties", "north", hours_to=6 * 60 + 223)
    assert (
        verdict(HAND.with_sortie("s2", takeoff="2016-04-11T08:21"), short)
        == [
            "tail_turnaround: north_hauler_1 before s2 on 2016-04-11: "
            "59 min after s1 lands, turning round takes 60 min",
            "sortie_limit: north_hauler on 2016-04-11: 2 sorties take 2 tails, 1 contracted",
        ][::-1]
    )


def test_airframe_hours_limit(instance: Instance) -> None:
    """164 min are 2 h 44 min."""
    old = changed(instance, "fleets", "north_hauler", hours_per_30_days=163 / 60)
    window = "north_hauler in the 30 days to 2016-04-11"
    said = f"airframe_hours_limit: {window}: 2.73 block h logged, 1 tail may log 2.717 h"
    assert verdict(HAND, old) == [said]


def test_airframe_hours_are_of_any_30_days(instance: Instance) -> None:
    """Sorties 30 days apart do not share a window; 29 days apart they do."""
    header = instance.header.model_copy(update={"days": 40})
    long = instance.model_copy(update={"header": header})
    long = changed(long, "fleets", "north_hauler", hours_per_30_days=100 / 60)

    def flown(date: str) -> list[str]:
        second: Flown = replace(HAND.flown[1], takeoff=f"{date}T09:00")
        decisions = replace(HAND, flown=(HAND.flown[0], second), handed=())
        return of_rule("airframe_hours_limit", verdict(decisions, long))

    assert flown("2016-05-11") == []
    assert len(flown("2016-05-10")) == 1
