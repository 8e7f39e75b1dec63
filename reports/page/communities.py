"""What the people of each community get: tables and charts of its part of a plan's page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from instances.schema import Instance
from optimizer.plan import Plan, Ration
from reports.figures import names_of
from reports.numbers import (
    amount_text,
    count_text,
    energy_text,
    grams_text,
    share_text,
    tonnes_text,
)
from reports.people import BANDS, NUTRIENTS, Fed, Met, kits_of
from reports.series import Series
from reports.words import group_words, need_words


@dataclass(frozen=True)
class Table:
    """A table of finished texts; the first column is a heading of its row."""

    caption: str
    headers: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Part:
    """One community on the page: its name, a line that sums it up, tables, charts."""

    name: str
    summary: str
    tables: Sequence[Table]
    charts: Sequence[tuple[str, Markup]]


def communities(
    plan: Plan, instance: Instance, series: Series, charts: Mapping[str, tuple[str, Markup]]
) -> list[Part]:
    """What each community gets, in the instance's order; those that nothing is known of are left out."""
    names = names_of(instance)
    fed = {one.community: one for one in series.fed}
    rations: dict[str, list[Ration]] = defaultdict(list)
    for row in plan.rations:
        rations[row.community].append(row)
    parts = []
    for community in instance.communities:
        one = fed.get(community.id)
        needs = [met for met in series.needs if met.community == community.id]
        tables = list(_tables(one, needs, rations[community.id], names))
        own = [charts[f"{kind}__{community.id}"] for kind in KINDS if f"{kind}__{community.id}" in charts]
        if tables or own:
            parts.append(Part(community.name, _line(community.population, one), tables, own))
    return parts


KINDS = ("energy", "stock")
"""Charts that each community has, by the beginning of their names."""


def _line(people: int, one: Fed | None) -> str:
    words = f"{count_text(people)} people"
    if one is None:
        return words
    worst = count_text(one.worst_week("kcal"))
    return f"{words}, {energy_text(one.mean('kcal'))} a day on average, {worst} in the worst week"


def _tables(
    one: Fed | None, needs: Sequence[Met], rations: Sequence[Ration], names: Mapping[str, str]
) -> Iterator[Table]:
    if one is not None:
        yield _eaten(one, needs)
        yield _weeks(one)
    items = [met for met in needs if met.need not in NUTRIENTS]
    if items:
        yield _items(items, names)
    if rations:
        yield _rations(rations, names)


def _eaten(one: Fed, needs: Sequence[Met]) -> Table:
    met = {need.need: need for need in needs}
    rows = []
    for nutrient, (word, _) in NUTRIENTS.items():
        show = energy_text if nutrient == "kcal" else grams_text
        standard = sorted(set(one.standard[nutrient]))
        need = met.get(nutrient)
        rows.append(
            [
                word.capitalize(),
                " to ".join(show(value) for value in dict.fromkeys((standard[0], standard[-1]))),
                show(one.mean(nutrient)),
                show(one.worst_week(nutrient)),
                share_text(need.met_frac) if need else "-",
                count_text(need.severity) if need else "-",
            ]
        )
    headers = ("A person and day", "Standard", "Mean", "Worst week", "Met", "Severity, person-days")
    return Table("What a person eats", headers, rows)


def _weeks(one: Fed) -> Table:
    rows = [
        ["Weeks", *(count_text(one.weeks_in(band)) for band in BANDS)],
        ["Days", *(count_text(one.days_in(band)) for band in BANDS)],
    ]
    return Table("Weeks and days by band", ("", *(band.capitalize() for band in BANDS)), rows)


def _items(items: Sequence[Met], names: Mapping[str, str]) -> Table:
    rows = []
    for group in dict.fromkeys(met.group for met in items):
        for met in items:
            if met.group != group:
                continue
            kits = kits_of([met]).get(met.need)
            got, needed = kits or (met.amount - met.short, met.amount)
            rows.append(
                [
                    f"{group_words(group).capitalize()}: {need_words(met.need, names)}",
                    amount_text(needed, met.unit),
                    amount_text(got, met.unit),
                    share_text(met.met_frac),
                    count_text(met.severity),
                ]
            )
    headers = ("Need", "Needed", "Met", "Share", "Severity, person-days")
    return Table("Needs beside food", headers, rows)


def _rations(rations: Sequence[Ration], names: Mapping[str, str]) -> Table:
    foods = list(dict.fromkeys(row.commodity for row in rations))
    weeks: dict[tuple[str, int], list[Ration]] = defaultdict(list)
    for row in rations:
        weeks[row.date.isoformat(), row.days].append(row)
    rows = []
    for (date, days), own in weeks.items():
        grams = {row.commodity: row.g_per_person_day for row in own}
        rows.append(
            [
                f"{date}, {days} {'day' if days == 1 else 'days'}",
                *(count_text(grams[food]) if food in grams else "-" for food in foods),
                energy_text(sum(row.kcal for row in own)),
                grams_text(sum(row.protein_g for row in own)),
                grams_text(sum(row.fat_g for row in own)),
            ]
        )
    headers = ("Week from", *(f"{names.get(food, food)}, g" for food in foods), "Energy", "Protein", "Fat")
    return Table("What to hand out, a person and day", headers, rows)


def goods_table(series: Series, names: Mapping[str, str]) -> Table:
    """Cargo of each community by weight."""
    rows = [
        [
            f"{names.get(one.community, one.community)}: {names.get(one.commodity, one.commodity)}",
            tonnes_text(sum(one.need_kg)),
            tonnes_text(sum(one.received_kg)),
            tonnes_text(sum(one.eaten_kg)),
            tonnes_text(one.stock_kg[-1]),
        ]
        for one in series.goods
    ]
    headers = ("Cargo", "Planned", "Received", "Eaten or used", "In stock at the end")
    return Table("Cargo by weight, over the whole plan", headers, rows)
