"""Names of goals and limits never reach the reader of a summary."""

from __future__ import annotations

import pytest

from optimizer.plan import Risk
from reports.compare import summary_lines
from reports.words import goal_words, limit_words
from tests.reports.plan_samples import sample_plan


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("unmet_priority_2_kg", "unmet need of priority 2"),
        ("worst_community_unmet_frac", "unmet need, worst-off community"),
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
    shown = dict(summary_lines(sample_plan().model_copy(update={"risk": risk})))
    assert shown["Risk"].endswith("100.0 % of un's limit on losing the aircraft of a sortie used")
    assert limit_words("people_harmed") == "limit on people harmed"
