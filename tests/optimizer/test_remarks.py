"""Notes of a plan: heights and shares of the drops, days that the wind takes, shares that were observed."""

from __future__ import annotations

from instances.schema import Recovery, Wind
from optimizer.remarks import remarks
from tests.check.hand_plan import HAND, written
from tests.optimizer.hand import BOTH, changed, network, tiny


def test_remarks_say_heights_shares_and_harm() -> None:
    """North drops 1875 kg from 5000 m, of which 80 % lands; all of a fifth goes astray: 0.375 t."""
    plan = written(HAND, tiny())
    north, south = remarks(network(), plan.sorties, plan.loads)
    assert north == (
        "north drops by canopy_high from 5000 m (2 sorties, 80.0 % lands); "
        "0.4 t fall into other hands, 0.0032 people are expected to be harmed"
    )
    assert south.startswith(
        "south drops by canopy_high from 5000 m (1 sortie, 80.0 % lands), "
        "canopy_low from 1000 m (1 sortie, 90.0 %"
    )


def test_remarks_say_what_the_wind_takes_and_what_was_observed() -> None:
    seen = tiny().model_copy(
        update={
            "recoveries": (Recovery(zone="dz", method="canopy_low", landed_frac=0.85),),
            "winds": (Wind(month=4, floor_m=0, ceiling_m=9000, u_mps=11, v_mps=0, sd_mps=3),),
        }
    )
    limited = changed(seen, "methods", "canopy_high", wind_limit_mps=12.0)
    plan = written(HAND, limited)
    notes = remarks(network(limited, BOTH), plan.sorties, plan.loads)
    assert "the wind leaves north 3 of 6 flying days for drops with a wind limit" in notes
    assert "what lands at dz by canopy_low from 1000 m is observed, not computed: 85.0 %" in notes
