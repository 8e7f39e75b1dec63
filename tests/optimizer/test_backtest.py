"""History against model: differences by hand, and measures of the hand plan of the tiny instance."""

from __future__ import annotations

from typing import Any

import pytest

from instances.fields import Grade
from instances.history import History
from optimizer.backtest.compared import compared, difference_frac
from optimizer.backtest.measures import of_plan
from optimizer.evidence import Verdict
from tests.check.hand_plan import HAND, tiny, written


def row(**values: Any) -> History:
    known = {
        "id": "one",
        "quantity": "One",
        "unit": "things",
        "value": 10.0,
        "tolerance_frac": 0.1,
        "measure": "sorties",
        "grade": Grade.SOURCED,
        "source": "a book",
    }
    return History.model_validate({**known, **values})


@pytest.mark.parametrize(
    ("model", "expected"), [(10.0, 0.0), (12.0, 0.0), (15.0, 0.0), (9.0, -0.1), (16.5, 0.1)]
)
def test_a_difference_is_to_the_nearer_end(model: float, expected: float) -> None:
    assert difference_frac(row(value_to=15.0), model) == pytest.approx(expected)


def test_measures_of_the_hand_plan() -> None:
    instance = tiny()
    plan = written(HAND, instance)
    kg, bundles = sum(load.net_kg for load in plan.loads), sum(load.bundles for load in plan.loads)

    def model(measure: str, **values: Any) -> float | None:
        return of_plan(instance, plan, row(measure=measure, **values))

    assert model("sorties") == len(plan.sorties)
    assert model("sorties_per_day") == pytest.approx(len(plan.sorties) / 6)
    assert model("t_per_sortie") == pytest.approx(kg / 1000 / len(plan.sorties))
    assert model("kg_per_bundle") == pytest.approx(kg / bundles)
    tare_kg = {one.id: one.bundle_tare_kg for one in instance.methods}
    flown = {one.sortie_id: tare_kg[one.method] for one in plan.sorties}
    gross_kg = kg + sum(load.bundles * flown[load.sortie_id] for load in plan.loads)
    assert gross_kg > kg
    assert model("gross_kg_per_bundle") == pytest.approx(gross_kg / bundles)
    assert model("people_fed", ration_kg=0.5) == pytest.approx(kg / 0.5 / 6)
    north = [one for one in plan.sorties if one.fleet == "north_hauler"]
    assert model("sorties", fleets=("north_hauler",)) == len(north) < len(plan.sorties)
    first = min(one.date for one in plan.sorties)
    on_first = [one for one in plan.sorties if one.date == first]
    assert model("sorties", last_date=first, first_date=first) == len(on_first)
    assert model("convoy_weeks") is None, "there are no trucks"


def test_verdicts() -> None:
    """Sorties of the hand plan against figures that agree, agree by construction, and do not."""
    instance = tiny()
    plan = written(HAND, instance)
    n = float(len(plan.sorties))
    rows = (row(value=n), row(value=n, in_inputs=True), row(value=2 * n), row(value=2 * n, in_inputs=True))
    past = instance.model_copy(update={"history": rows})
    said = [one.verdict for one in compared(past, plan)]
    assert said == [Verdict.AGREES, Verdict.CONSTRUCTED, Verdict.MISSES, Verdict.MISSES]
    assert {one.verdict for one in compared(past, None)} == {Verdict.NO_PLAN}
