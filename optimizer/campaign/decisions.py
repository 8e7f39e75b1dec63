"""The values of a campaign's decisions, outside the solver: to start the next solve, to write a plan."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from optimizer.campaign.variables import Variables
from optimizer.solver import Session, Vector

WHOLE = ("tails", "sorties", "bundles", "feeder_trips")  # names of decisions in whole numbers
NEGLIGIBLE = 1e-7  # kg or count; smaller values are solver noise


@dataclass(frozen=True)
class Decisions:
    """Values by the names and indices of `Variables`; anything absent is 0."""

    values: dict[str, dict[Any, float]] = field(default_factory=dict)

    def of(self, name: str) -> dict[Any, float]:
        """Values of one family by index."""
        return self.values.get(name, {})

    def count(self, name: str) -> dict[Any, int]:
        """Values of an integer family by index."""
        return {index: round(value) for index, value in self.of(name).items()}

    def same_whole(self, other: Decisions) -> bool:
        """Whether all whole numbers are the same; the best loads follow from them."""

        def counted(one: Decisions) -> list[dict[Any, int]]:
            return [{index: n for index, n in one.count(name).items() if n} for name in WHOLE]

        return counted(self) == counted(other)

    @classmethod
    def read(cls, x: Variables, session: Session, values: Vector) -> Decisions:
        """A solution of a session over these variables, by column."""
        return cls(
            {
                name: {
                    key: float(values[j])
                    for key, variable in family.items()
                    if abs(values[j := session.column(variable)]) > NEGLIGIBLE
                }
                for name, family in x.families()
            }
        )
