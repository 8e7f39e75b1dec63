"""Decimals by unit, and numbers as a planner reads them."""

from __future__ import annotations

import pytest

from reports import numbers
from reports.schedules import TABLES
from tests.reports.plan_samples import summary

DECIMALS = {
    "kg": 3,
    "usd": 2,
    "prob": 8,
    "frac": 6,
    "km": 3,
    "h": 4,
    "m": 1,
    "expected": 6,
    "value": 8,
    "limit": 8,
    "kcal": 1,
    "g": 2,
    "day": 2,
    "people": 3,
    "amount": 3,
    "severity": 3,
}


def test_every_number_of_a_table_has_decimals_of_its_unit() -> None:
    for _, kind in TABLES.values():
        for name, field in kind.model_fields.items():
            if field.annotation in (float, float | None):
                assert numbers.decimals(name) == DECIMALS[name.rpartition("_")[2]], name


def test_decimals_of_the_summary() -> None:
    assert [numbers.decimals(name) for name in summary()] == [
        *(4, 6, 1, 1, 1, 1, 1, 2, 2, 3, 3, 6, 6, 3),
        *(2, 2, 0, 4, 0, 0, 3, 3, 8, 6, 3),
    ]
    assert numbers.decimals("USD") == 2


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("net_kg", 1000.0, "1000.000"),
        ("usd", -0.001, "0.00"),
        ("usd", -0.01, "-0.01"),
        ("release_height_m", 5000.04, "5000"),
        ("release_height_m", -0.01, "0"),
        ("sorties", 12.0, "12"),
    ],
)
def test_fixed(name: str, value: float, text: str) -> None:
    assert numbers.fixed(name, value) == text
    assert str(numbers.rounded(name, value)) == str(int(text) if name == "sorties" else float(text))


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        (numbers.share_text(1.0), "100.0 %"),
        (numbers.share_text(0.99999), "99.9 %"),
        (numbers.share_text(0.5), "50.0 %"),
        (numbers.gap_text(0.0), "0.00 %"),
        (numbers.gap_text(0.00001), "< 0.01 %"),
        (numbers.gap_text(0.0014), "0.14 %"),
        (numbers.small_text(0.0), "0"),
        (numbers.small_text(0.03149), "0.031"),
        (numbers.small_text(1234.5), "1,234"),
        (numbers.block_text(123.75), "123:45"),
        (numbers.tonnes_text(1234567.0), "1,234.6 t"),
        (numbers.money_text(21854000.4), "21,854,000 USD"),
        (numbers.counted_text(1.0, "tail"), "1 tail"),
        (numbers.counted_text(1048.0, "sortie"), "1,048 sorties"),
        (numbers.counted_text(None, "tail"), "- tails"),
        (numbers.grams_text(51.25), "51.2 g"),
        (numbers.grams_text(None), "-"),
        (numbers.amount_text(1234567.0, "kcal"), "1.2 million kcal"),
        (numbers.amount_text(1.0, "kit"), "1 kit"),
        (numbers.amount_text(4.4, "kit"), "4.4 kits"),
        (numbers.amount_text(0.0, "kit"), "0 kits"),
        (numbers.amount_text(1234.4, "box"), "1,234 boxes"),
        (numbers.tonnes_text(None), "-"),
        (numbers.money_text(None), "-"),
        (numbers.count_text(None), "-"),
        (numbers.block_text(None), "-"),
        (numbers.share_text(None), "-"),
        (numbers.gap_text(None), "-"),
        (numbers.small_text(None), "-"),
    ],
)
def test_for_the_screen(shown: str, text: str) -> None:
    assert shown == text
