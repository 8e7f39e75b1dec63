"""How numbers are written: fixed decimals in files, a planner's units on the screen."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from typing import Final

from instances.units import M_PER_FT, MIN_PER_H, hours_text, t_from_kg

MISSING: Final = "-"
"""Shown where there is no value."""

_BY_LAST_WORD: Final = {
    "kg": 3,
    "usd": 2,
    "prob": 8,
    "frac": 6,
    "km": 3,
    "h": 4,
    "m": 1,
    "s": 3,
    "kcal": 1,
    "g": 2,
    "day": 2,
    "people": 3,
    "amount": 3,
    "severity": 3,
}
_BY_NAME: Final = {
    "value": 8,
    "limit": 8,
    "harm_expected": 6,
    "person_days": 1,
    "person_days_full": 1,
    "person_days_short": 1,
    "person_days_crisis": 1,
    "person_days_severe": 1,
    "person-days": 4,
    "severity_person_days": 4,
    "severity_change_person_days": 4,
    "kcal_mean": 2,
    "kcal_worst_week": 2,
    "protein_g_mean": 3,
    "fat_g_mean": 3,
    "kits_met": 0,
    "kits_needed": 0,
    "cost_usd_per_person_day": 4,
    "cost_usd_per_landed_t": 2,
    "sorties": 0,
    "tails": 0,
    "bundles": 0,
    "expected_aircraft_lost": 8,
    "expected_people_harmed": 6,
}
_DEFAULT: Final = 6


def decimals(name: str) -> int:
    """Decimals of a column, a summary measure or a unit.

    Parameters
    ----------
    name : str
        Such as ``payload_kg``, ``items_met_frac`` or the unit ``USD``.

    Returns
    -------
    int
        Decimals by the name itself, else by its last word, else 6.
    """
    word = name.lower()
    return _BY_NAME.get(word, _BY_LAST_WORD.get(word.rpartition("_")[2], _DEFAULT))


def fixed(name: str, value: float) -> str:
    """A number with the decimals of its column; heights in whole metres drop theirs.

    Parameters
    ----------
    name : str
        Column, measure or unit.
    value : float
        The number, in the unit of the name.
    """
    text = f"{value:.{decimals(name)}f}"
    if name.endswith("_m"):
        text = text.removesuffix(".0")
    # A rounded loss of nothing must not read -0.000.
    return text.removeprefix("-") if float(text) == 0 else text


def rounded(name: str, value: float) -> float | int:
    """The number that `fixed` writes, for JSON; counts become whole numbers."""
    text = fixed(name, value)
    return int(text) if decimals(name) == 0 else float(text)


def tonnes_text(kg: float | None) -> str:
    """Kilograms as metric tonnes, ``1,234.5 t``."""
    return MISSING if kg is None else f"{t_from_kg(kg):,.1f} t"


def money_text(usd: float | None) -> str:
    """Whole dollars with thousands separators, ``21,854,000 USD``."""
    return MISSING if usd is None else f"{usd:,.0f} USD"


def price_text(usd: float | None, per: str = "") -> str:
    """Dollars and cents, such as ``5.85 USD`` or, with a unit, ``0.80 USD/kg``."""
    return MISSING if usd is None else f"{usd:,.2f} USD{per}"


def signed_text(value: float, show: Callable[[float | None], str]) -> str:
    """A difference with its sign, in the words of `show`; a difference of nothing has none."""
    text = show(abs(value))
    if text == show(0.0):
        return text
    return f"{'+' if value > 0 else '−'}{text}"


def probability_text(prob: float | None) -> str:
    """A probability in percent with two significant digits."""
    return MISSING if prob is None else f"{small_text(100 * prob)} %"


def energy_text(kcal: float | None) -> str:
    """Energy in whole kcal, ``2,100 kcal``."""
    return MISSING if kcal is None else f"{kcal:,.0f} kcal"


def grams_text(grams: float | None) -> str:
    """Grams with one decimal, ``52.5 g``."""
    return MISSING if grams is None else f"{grams:,.1f} g"


def amount_text(amount: float, unit: str) -> str:
    """An amount with its unit: ``1.2 million kcal``, ``4.4 kits``, ``1 box``."""
    if abs(amount) >= 1e6:
        return f"{amount / 1e6:,.1f} million {_plural(unit)}"
    number = f"{amount:,.0f}" if abs(amount) >= 100 or amount == round(amount) else f"{amount:,.1f}"
    return f"{number} {unit if number == '1' else _plural(unit)}"


def _plural(unit: str) -> str:
    if unit in {"kcal", "g", "kg", "t", "l"}:
        return unit
    return f"{unit}es" if unit.endswith(("x", "s", "ch", "sh")) else f"{unit}s"


def height_text(height_m: float) -> str:
    """A height above ground in m, with ft beside it."""
    return f"{height_m:,.0f} m ({height_m / M_PER_FT:,.0f} ft)"


def distance_text(km: float | None) -> str:
    """A distance in whole km."""
    return MISSING if km is None else f"{km:,.0f} km"


def date_text(date: dt.date) -> str:
    """A day as ``10 April 2016``."""
    return f"{date.day} {date:%B %Y}"


def minute_text(minute: int) -> str:
    """A minute of the day as ``06:30``."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def count_text(count: float | None) -> str:
    """A whole number with thousands separators."""
    return MISSING if count is None else f"{count:,.0f}"


def counted_text(count: float | None, noun: str) -> str:
    """A count with its noun, ``1 sortie`` or ``1,048 sorties``; the plural takes an s."""
    return f"{count_text(count)} {noun if count == 1 else f'{noun}s'}"


def block_text(hours: float | None) -> str:
    """Block hours as ``h:mm``."""
    return MISSING if hours is None else hours_text(hours * MIN_PER_H)


def share_text(frac: float | None) -> str:
    """A share met, in percent with one decimal; 100.0 % only when all of it is met."""
    if frac is None:
        return MISSING
    percent = f"{100 * frac:.1f} %"
    # A few hungry people must not vanish in a rounding.
    return "99.9 %" if percent == "100.0 %" and frac < 1 - 1e-9 else percent


def gap_text(frac: float | None) -> str:
    """A gap in percent with two decimals; 0.00 % only when there is none."""
    if frac is None:
        return MISSING
    percent = f"{100 * frac:.2f} %"
    return "< 0.01 %" if percent == "0.00 %" and frac > 1e-9 else percent


def small_text(value: float | None) -> str:
    """An expected number or a probability with two significant digits, never in powers of ten."""
    if value is None:
        return MISSING
    if value == 0:
        return "0"
    places = max(0, 1 - math.floor(math.log10(abs(value))))
    return f"{value:,.{places}f}"
