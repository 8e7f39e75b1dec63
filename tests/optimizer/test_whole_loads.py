"""Rows that only fractions break: every whole plan keeps them, and they cut into fractions."""

from __future__ import annotations

import math

import numpy as np
import pytest

from optimizer.campaign.build import build
from optimizer.campaign.decisions import Decisions
from optimizer.campaign.mend import Mender
from optimizer.campaign.objective import cheapest, goals, reach
from optimizer.campaign.settle import Settler
from optimizer.campaign.wanted import Wanted
from optimizer.campaign.whole_loads import _rounding
from optimizer.clock import Clock
from optimizer.network import Network, build_network
from tests.optimizer.hand import BOTH, NH, SH, SL, changed, header, row_text, tiny
from tests.optimizer.test_patterns import small

SECONDS, GAP = 60.0, 1e-3


def generated(seed: int) -> Network:
    return build_network(small(seed, 0.4), ("party_a", "party_b"))


def asked(net: Network, covered: float) -> Wanted:
    return Wanted((cheapest(),), ((reach(net), 1 - covered),), GAP)


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_no_whole_plan_is_lost(seed: int) -> None:
    """The plain model proves the same optimum with and without the rows, and fractions come nearer to it."""
    net = generated(seed)
    wanted = asked(net, 0.3)
    _, loose = Settler(build(net)).first(wanted, Clock(SECONDS), 0.1)
    _, tight = Settler(build(net, tight=True)).first(wanted, Clock(SECONDS), 0.1)
    assert loose.value is not None
    assert tight.value is not None
    assert tight.value == pytest.approx(loose.value, rel=2 * GAP)
    assert tight.bound <= loose.value * (1 + 1e-9)
    fractions = Settler(build(net)).least(wanted, Clock(SECONDS))
    nearer = Settler(build(net, tight=True)).least(wanted, Clock(SECONDS))
    assert fractions is not None
    assert nearer is not None
    assert fractions - 1e-6 * fractions <= nearer <= tight.value


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_mended_plans_keep_the_rows(seed: int) -> None:
    """Plans made without the rows can be flown with them, at the same cost."""
    net = generated(seed)
    goal = goals(net)[0]
    grounded = Decisions({"tails": {f: float(fleet.max_tails) for f, fleet in net.fleets.items()}})
    mender = Mender(build(net))
    plan = mender.mended(grounded, goal, (), 0.0, 0.1, Clock(SECONDS))
    loose = mender.settle(plan, (goal,), (), Clock(SECONDS))
    tight = Settler(build(net, tight=True)).settle(plan, (goal,), (), Clock(SECONDS))
    assert loose is not None
    assert tight is not None
    assert tight.values[0] == pytest.approx(loose.values[0], abs=1e-3)


def test_rounding_holds_for_whole_numbers_and_cuts_fractions() -> None:
    random = np.random.default_rng(1)
    cuts = 0
    for limit_kg, kg in random.uniform(0.1, 10.0, (400, 2)):
        cut = _rounding(limit_kg, kg)
        if cut is None:
            continue
        rest, none_kg = cut
        for n in range(20):
            assert min(limit_kg, n * kg) <= none_kg + rest * n + 1e-9
        full = math.floor(limit_kg / kg)
        half = full + 0.5 * (limit_kg / kg - full)
        cuts += min(limit_kg, half * kg) > none_kg + rest * half + 1e-9
    assert cuts > 100


def tight_rows(recovery_kg: float) -> dict[str, str]:
    """The rows of one day at the zone, which gathers so much; a sortie brings 800 or 900 kg in 4 bundles."""
    instance = changed(header(tiny(), days=1), "zones", "dz", recovery_kg_per_day=recovery_kg)
    problem = build(build_network(instance, BOTH), tight=True).problem
    found = {row.name: row_text(row) for row in problem.constraints()}
    return {name: row for name, row in found.items() if name.startswith("whole_loads") and "dz__d000" in name}


def test_rows_where_one_sortie_is_more_than_a_day_takes() -> None:
    """Of 500 kg a day, two bundles of 200 kg that land leave 100 kg for a third."""
    rows = tight_rows(500.0)
    assert rows[f"whole_loads__{SH}__dz__d000"] == (
        f"0.8 load_kg__{SH}__d000__flour - 500 sorties__{SH}__d000 <= 0"
    )
    assert rows[f"whole_loads__b__{SH}__dz__d000"] == (
        f"- 100 bundles__{SH}__d000 + 0.8 load_kg__{SH}__d000__flour - 200 sorties__{SH}__d000 <= 0"
    )


def test_rows_where_a_day_takes_some_sorties_and_a_part() -> None:
    """Of 2500 kg a day three sorties of 800 kg leave 100 kg for a fourth; of 900 kg two leave 700."""
    rows = tight_rows(2500.0)
    assert rows["whole_loads__0__dz__d000"] == (
        f"0.8 load_kg__{NH}__d000__flour + 0.8 load_kg__{NH}__d000__soap + 0.8 load_kg__{SH}__d000__flour"
        f" - 100 sorties__{NH}__d000 - 100 sorties__{SH}__d000 <= 2100"
    )
    assert rows["whole_loads__1__dz__d000"] == (
        f"0.8 load_kg__{NH}__d000__flour + 0.8 load_kg__{NH}__d000__soap + 0.8 load_kg__{SH}__d000__flour"
        f" + 0.9 load_kg__{SL}__d000__flour - 700 sorties__{NH}__d000 - 700 sorties__{SH}__d000"
        f" - 700 sorties__{SL}__d000 <= 400"
    )
    assert f"whole_loads__{SL}__dz__d000" not in rows
