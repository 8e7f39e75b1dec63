"""Small cases of going short, worked by hand: 100 people, 4 kg a day, five days."""

from __future__ import annotations

from dataclasses import replace

from instances.schema import Instance, Standard
from tests.check.hand_plan import HAND, Decisions, Flown, changed, tiny

TAKEOFF = "2016-04-{}T06:00"


def hungry(stock_kg: float, severity_days: int, *, item: bool = False) -> Instance:
    """A town of 100 that needs the energy of 4 kg of flour a day, or 4 kg of soap; its weight is 1."""
    base = tiny()
    header = base.header.model_copy(update={"days": 5, "severity_days": severity_days})
    energy = {"kcal_weight": 1.0, "protein_weight": 0.0, "fat_weight": 0.0}
    standard = Standard(
        community="town", kcal=140, protein_g=0, fat_g=0, grade="estimate", source="made up", **energy
    )
    need = base.needs[0].model_copy(
        update={
            "commodity": "soap" if item else "flour",
            "kg_per_person_day": 0.04,
        }
    )
    small = base.model_copy(
        update={"header": header, "needs": (need,), "standards": () if item else (standard,)}
    )
    small = changed(small, "commodities", "soap", priority=1)
    return changed(small, "communities", "town", population=100, starting_stock_days=stock_kg / 4)


def landing(*arrivals: tuple[int, float], item: bool = False) -> Decisions:
    """Kg that reach the town on days counted from 0, each by one sortie."""
    good = "soap" if item else "flour"
    return replace(
        HAND,
        flown=tuple(
            Flown(
                f"s{d}",
                "north_hauler",
                1,
                TAKEOFF.format(11 + d),
                "canopy_high",
                5000,
                ((good, 1, kg / 0.8),),
            )
            for d, kg in arrivals
        ),
        tails=(("north_hauler", 1),),
        handed=tuple((d, "town", good, kg) for d, kg in arrivals),
        parties=("north",),
    )


def eating(decisions: Decisions, *kg: float, item: bool = False) -> Decisions:
    """The same with a ration other than the most even one."""
    return replace(decisions, eaten=(("town", "soap" if item else "flour", kg),))
