"""What a person eats and what is handed out, each figure off by one."""

import pytest

from instances.schema import Instance
from optimizer.check import check
from optimizer.plan import Plan
from tests.check.hand_plan import edited


def said(plan: Plan, instance: Instance) -> list[str]:
    return [str(violation) for violation in check(plan, instance)]


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"kcal": 1313.5}, "kcal is 1 313.5, what is eaten gives 1 312.5 a person"),
        ({"protein_g": 38.5}, "protein_g is 38.5, what is eaten gives 37.5 a person"),
        ({"fat_g": 6.625}, "fat_g is 6.625, what is eaten gives 5.625 a person"),
        ({"energy_frac": 0.76}, "energy_frac is 0.76, energy and standard give 0.75"),
    ],
)
def test_nutrition_figures(values: dict[str, object], text: str, plan: Plan, instance: Instance) -> None:
    assert said(edited(plan, "nutrition", 0, **values), instance) == [
        f"nutrition_figures: hamlet on 2016-04-11: {text}"
    ]


def test_nutrition_figures_rows(plan: Plan, instance: Instance) -> None:
    rows = plan.nutrition
    where = "nutrition_figures: hamlet on 2016-04-11:"
    less = plan.model_copy(update={"nutrition": rows[1:]})
    assert said(less, instance) == [f"{where} no row of this day"]
    more = plan.model_copy(update={"nutrition": (*rows, rows[0])})
    assert said(more, instance) == [f"{where} 2 rows, there is one a day"]
    stray = plan.model_copy(update={"nutrition": (*rows, rows[0].model_copy(update={"community": "sea"}))})
    text = "nobody is to be fed there on that day"
    assert said(stray, instance) == [f"nutrition_figures: sea on 2016-04-11: {text}"]


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"g_per_person_day": 376.0}, "g_per_person_day is 376, what is eaten gives 375"),
        ({"days": 7}, "days is 7, the week has 6"),
        ({"kcal": 1313.5}, "kcal is 1 313.5, the ration holds 1 312.5"),
        ({"protein_g": 38.5}, "protein_g is 38.5, the ration holds 37.5"),
        ({"fat_g": 6.625}, "fat_g is 6.625, the ration holds 5.625"),
    ],
)
def test_ration_figures(values: dict[str, object], text: str, plan: Plan, instance: Instance) -> None:
    assert said(edited(plan, "rations", 0, **values), instance) == [
        f"ration_figures: hamlet flour from 2016-04-11: {text}"
    ]


def test_ration_figures_rows(plan: Plan, instance: Instance) -> None:
    rows = plan.rations
    where = "ration_figures: hamlet flour from 2016-04-11:"
    less = plan.model_copy(update={"rations": rows[1:]})
    assert said(less, instance) == [f"{where} no row of this week"]
    more = plan.model_copy(update={"rations": (*rows, rows[0])})
    assert said(more, instance) == [f"{where} 2 rows, there is one a week"]
    stray = plan.model_copy(update={"rations": (*rows, rows[0].model_copy(update={"commodity": "soap"}))})
    text = "no week of a food of this community begins on that day"
    assert said(stray, instance) == [f"ration_figures: hamlet soap from 2016-04-11: {text}"]
