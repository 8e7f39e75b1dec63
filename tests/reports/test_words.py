"""Names of goals and limits never reach the reader of a summary."""

from __future__ import annotations

import pytest

from optimizer.plan import Risk
from reports.summary import summary_lines
from reports.words import UNSCALED, goal_words, group_words, limit_words, need_words, notes_of
from tests.reports.places import sample_instance
from tests.reports.plan_samples import sample_plan


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("severity_person_days", "severity"),
        ("worst_week_severity_frac", "severity of the worst community-week"),
        ("unreached_frac", "share of the coverage out of reach"),
        ("cost_usd", "cost"),
        ("something_else", "something else"),
    ],
)
def test_goals_in_words(name: str, words: str) -> None:
    assert goal_words(name) == words


def test_the_tightest_limit_in_words() -> None:
    risk = (
        Risk(party="un", measure="people_harmed", value=0.1, limit=0.3),
        Risk(party="un", measure="worst_sortie_loss_prob", value=0.0001, limit=0.0001),
    )
    shown = dict(summary_lines(sample_plan().model_copy(update={"risk": risk}), sample_instance()))
    assert shown["Risk"].endswith("100.0 % of un's limit on losing the aircraft of a sortie used")
    assert limit_words("people_harmed") == "limit on people harmed"


def test_needs_and_groups_in_words() -> None:
    assert need_words("protein_g", {}) == "protein"
    assert need_words("health_kit", {"health_kit": "Health kit"}) == "Health kit"
    assert group_words("therapeutic") == "therapeutic food"
    assert group_words("fuel") == "fuel"


def test_a_shortened_plan_says_that_limits_are_not_scaled() -> None:
    plan = sample_plan()
    assert list(notes_of(plan)) == list(plan.notes)
    shortened = plan.model_copy(update={"options": plan.options.model_copy(update={"days": 10})})
    assert list(notes_of(shortened)) == [*plan.notes, UNSCALED]
