"""What the judge says, and how it writes numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Violation:
    """One broken rule of a plan, in a planner's words.

    Attributes
    ----------
    rule : str
        Name of the rule, as in ``optimizer/README.md``.
    where : str
        Sortie, base, zone, community or party, with the date where there is one.
    message : str
        What was found and what the limit is, with units.
    file : str
        File of the plan folder to look into, such as ``sorties.csv``.
    """

    rule: str
    where: str
    message: str
    file: str = ""

    def __str__(self) -> str:
        return f"{self.rule}: {self.where}: {self.message}"


def number(value: float, decimals: int = 3) -> str:
    """A number with spaces between thousands, and no more decimals than it has.

    Parameters
    ----------
    value : float
        Any number.
    decimals : int
        Most decimals written; trailing zeros are cut.
    """
    text = f"{value:,.{decimals}f}".replace(",", " ")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def kg(value: float) -> str:
    """Kilograms, such as ``71 200 kg``."""
    return f"{number(value)} kg"


def usd(value: float) -> str:
    """Money, such as ``1 250.00 USD``."""
    return f"{value:,.2f} USD".replace(",", " ")


def percent(value: float) -> str:
    """A share 0..1 as ``2.5 %``."""
    return f"{100 * value:.6g} %"


def counted(count: float, noun: str) -> str:
    """A count with its noun, such as ``1 sortie`` or ``2 sorties``."""
    return f"{number(count)} {noun}{'' if count == 1 else 's'}"


def clock(minute: float) -> str:
    """Minutes after local midnight as ``06:30``; seconds only where there are any."""
    whole = math.floor(minute)
    seconds = round(60 * (minute - whole))
    text = f"{whole // 60:02d}:{whole % 60:02d}"
    return f"{text}:{seconds:02d}" if seconds else text


def joined(ids: Iterable[str]) -> str:
    """Ids as ``a, b``, or ``none``."""
    return ", ".join(ids) or "none"


def far(seen: float, expected: float, tolerance: float) -> bool:
    """Whether two figures differ by more than a tolerance in their own unit."""
    return not abs(seen - expected) <= tolerance
