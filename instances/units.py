"""Unit conversions; everything inside the program is kg, km, m, min, m/s and USD."""

from __future__ import annotations

from typing import Final

KG_PER_LB: Final = 0.45359237  # international pound, exact by definition
KG_PER_SHORT_TON: Final = 2000 * KG_PER_LB
KG_PER_T: Final = 1000.0
M_PER_FT: Final = 0.3048  # international foot, exact by definition
KM_PER_NMI: Final = 1.852  # international nautical mile, exact by definition
MPS_PER_KT: Final = KM_PER_NMI * 1000 / 3600
L_PER_US_GAL: Final = 3.785411784  # exact by definition
MIN_PER_H: Final = 60.0


def t_from_kg(kg: float) -> float:
    """Metric tonnes from kilograms."""
    return kg / KG_PER_T


def hours_text(minutes: float) -> str:
    """Minutes as ``h:mm``, the way block time is written in a flight programme."""
    whole = round(minutes)
    return f"{whole // 60}:{whole % 60:02d}"
