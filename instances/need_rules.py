"""Rules over what people need: foods and their groups, items, standards, and how a shortfall is weighed."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from instances.catalogue import FOOD_GROUPS
from instances.columns import INSTANCE
from instances.diet import NUTRIENT_NAMES, NUTRIENTS, UNITS, content
from instances.entries import Entry, Tables
from instances.errors import Finding, Place
from instances.kinds import Kind
from instances.schema import Commodity, Community, Need, Standard, Supply

CLASSES = 3
QUANTITIES = ("kg_per_person_day", "kg_per_day", "kg_per_person")
EXACT = 1e-9
"""Share of a figure below which a difference is rounding."""

_NEED_AGREES = ("weight", "lasting", "closing_days")
_STANDARD_AGREES = ("kcal_weight", "protein_weight", "fat_weight", "closing_days")


def severity_is_convex(tables: Tables) -> Iterator[Finding]:
    """Each further part of a need that is short weighs at least as much as the one before."""
    if tables.header is None:
        return
    points = ((0.0, 0.0), *tables.header.severity_points)
    place = tables.rows(INSTANCE)[0].at("severity_points")
    for (low, start), (high, end) in pairwise(points):
        if high <= low or end <= start:
            yield Kind.SEVERITY_SHAPE.at(place, f"{high:g}@{end:g} after {low:g}@{start:g} does not rise")
            return
    slopes = [(high - low) / (end - start) for (low, start), (high, end) in pairwise(points)]
    for (severity, share), (before, after) in zip(points[1:], pairwise(slopes), strict=False):
        if after < before * (1 - EXACT):
            yield Kind.SEVERITY_SHAPE.at(place, f"is less steep after {severity:g}@{share:g} than before")
    if points[-1] != (1.0, 1.0):
        yield Kind.SEVERITY_SHAPE.at(place, f"ends at {points[-1][0]:g}@{points[-1][1]:g}")


def classes_have_weights(tables: Tables) -> Iterator[Finding]:
    """Each of the three classes has a weight."""
    if tables.header and (count := len(tables.header.class_weights)) != CLASSES:
        yield Kind.CLASS_WEIGHTS.at(
            tables.rows(INSTANCE)[0].at("class_weights"), f"holds {count} of {CLASSES}"
        )


def foods_have_energy_and_a_group(tables: Tables) -> Iterator[Finding]:
    """What is eaten is known by its group, and what is in a food group feeds people."""
    for entry in tables.of(Commodity):
        row = entry.row
        if row.is_food and row.kcal_per_kg == 0:
            yield Kind.EMPTY_FOOD.at(entry.at("kcal_per_kg"), f"is 0, {row.id} is of the group {row.group}")
        if row.is_misgrouped:
            written = entry.raw.cells.get("group", "")
            problem = f"{row.id} has {row.kcal_per_kg:g} kcal/kg and {'this' if written else 'no'} group"
            yield Kind.FOOD_GROUP.at(entry.at("group"), problem)


def needs_have_one_quantity(tables: Tables) -> Iterator[Finding]:
    """A need is per person and day, for the whole community, or once per person."""
    for entry in tables.of(Need):
        given = [column for column in QUANTITIES if getattr(entry.row, column) is not None]
        if len(given) != 1:
            problem = f"{' and '.join(given)} are given" if given else "none of the quantities is given"
            yield Kind.ONE_QUANTITY.at(entry.at(QUANTITIES[0]), problem)


def what_lasts_is_given_once(tables: Tables) -> Iterator[Finding]:
    """Lasting needs are per person, once; nothing else is, and no food lasts."""
    commodities = tables.by_id(Commodity)
    for entry in tables.of(Need):
        given = [column for column in QUANTITIES if getattr(entry.row, column) is not None]
        commodity = commodities.get(entry.row.commodity)
        if commodity and commodity.row.is_food and entry.row.lasting:
            yield Kind.LASTING.at(entry.at("lasting"), f"{commodity.row.id} is a food, which is eaten")
        elif len(given) == 1 and entry.row.lasting != (given == ["kg_per_person"]):
            is_lasting = "the need is lasting" if entry.row.lasting else "the need is not lasting"
            yield Kind.LASTING.at(entry.at("lasting"), f"{is_lasting} and has {given[0]}")


def people_in_need_are_people_there(tables: Tables) -> Iterator[Finding]:
    """A need of some only concerns no more people than there are."""
    communities = tables.by_id(Community)
    for entry in tables.of(Need):
        home = communities.get(entry.row.community)
        if home and entry.row.people and entry.row.people > home.row.population:
            problem = f"is more than the population of {home.row.id}, {home.row.population}"
            yield Kind.TOO_MANY_IN_NEED.at(entry.at("people"), problem)


def needs_do_not_overlap(tables: Tables) -> Iterator[Finding]:
    """A day has at most one need of a community for a commodity."""
    for same in _by_key(tables.of(Need)).values():
        for one, other in _overlaps(same):
            place = other.at("commodity", "/".join(other.raw.key))
            yield Kind.NEEDS_OVERLAP.at(place, f"overlaps the need in {_line(one)}")


def standards_do_not_overlap(tables: Tables) -> Iterator[Finding]:
    """A day has at most one standard of a community."""
    for same in _by_key(tables.of(Standard)).values():
        for one, other in _overlaps(same):
            yield Kind.STANDARDS_OVERLAP.at(other.at("community"), f"overlaps the standard in {_line(one)}")


def rows_of_a_need_agree(tables: Tables) -> Iterator[Finding]:
    """A need is weighed in one way, whatever the day."""
    rows: list[tuple[Sequence[Entry[Need] | Entry[Standard]], tuple[str, ...]]] = [
        *((same, _NEED_AGREES) for same in _by_key(tables.of(Need)).values()),
        *((same, _STANDARD_AGREES) for same in _by_key(tables.of(Standard)).values()),
    ]
    for (first, *others), names in rows:
        for other in others:
            for name in names:
                if getattr(other.row, name) != getattr(first.row, name):
                    yield Kind.NEED_DIFFERS.at(other.at(name), f"differs from {_line(first)}")


def _by_key[R: (Need, Standard)](entries: Sequence[Entry[R]]) -> dict[tuple[str, ...], list[Entry[R]]]:
    found: dict[tuple[str, ...], list[Entry[R]]] = defaultdict(list)
    for entry in entries:
        found[entry.raw.key].append(entry)
    return found


def _overlaps[R: (Need, Standard)](same: Sequence[Entry[R]]) -> Iterator[tuple[Entry[R], Entry[R]]]:
    for one, other in combinations(same, 2):
        if _first(one.row) <= _last(other.row) and _first(other.row) <= _last(one.row):
            yield one, other


def _first(row: Need | Standard) -> dt.date:
    return row.first_date or dt.date.min


def _last(row: Need | Standard) -> dt.date:
    return row.last_date or dt.date.max


def _line(entry: Entry[Need] | Entry[Standard]) -> str:
    return f"{entry.raw.home.file}:{entry.raw.home.row}"


def standards_can_be_met(tables: Tables) -> Iterator[Finding]:
    """All foods with a supply row, each eaten up to its limit, hold what the standard asks for."""
    misgrouped = any(entry.row.is_misgrouped for entry in tables.of(Commodity))
    if misgrouped or not tables.complete(Commodity, Supply, Need, Standard):
        return
    foods = {entry.row.id: entry.row for entry in tables.of(Commodity) if entry.row.is_food}
    shipped = [foods[c] for c in sorted({entry.row.commodity for entry in tables.of(Supply)} & set(foods))]
    most = {name: _most(shipped, name) for name in NUTRIENTS}
    for place, row in _standards(tables, set(foods)):
        for name, limit in most.items():
            wanted = getattr(row, name)
            if limit < wanted * (1 - EXACT):
                problem = (
                    f"the foods in supplies hold at most {limit:.4g} {UNITS[name]} of {NUTRIENT_NAMES[name]} "
                    f"in what a person eats a day, {row.community} needs {wanted:g}"
                )
                at = place._replace(column=name) if place.column in NUTRIENTS else place
                yield Kind.STANDARD_OUT_OF_REACH.at(at, problem)


def _standards(tables: Tables, foods: set[str]) -> Iterator[tuple[Place, Standard]]:
    """Every standard and where it stands: a row of its own, or the community that has the default."""
    own = tables.of(Standard)
    for entry in own:
        yield entry.at("kcal"), entry.row
    fed = {entry.row.community for entry in tables.of(Need) if entry.row.commodity in foods}
    for home in tables.of(Community):
        if home.row.id in fed - {entry.row.community for entry in own}:
            yield home.at("id"), Standard(community=home.row.id)


def _most(foods: Sequence[Commodity], nutrient: str) -> float:
    """Kcal or g of a nutrient that a person eats a day at most; a group shares its limit."""
    groups: dict[str, float] = dict.fromkeys(FOOD_GROUPS, 0.0)
    for food in foods:
        held = content(food, nutrient)
        if held > 0:
            limit = float("inf") if food.most_g_per_person_day is None else food.most_g_per_person_day
            groups[food.group] = max(groups[food.group], held * limit / 1000)
    return sum(groups.values())


RULES = (
    severity_is_convex,
    classes_have_weights,
    foods_have_energy_and_a_group,
    needs_have_one_quantity,
    what_lasts_is_given_once,
    people_in_need_are_people_there,
    needs_do_not_overlap,
    standards_do_not_overlap,
    rows_of_a_need_agree,
    standards_can_be_met,
)
