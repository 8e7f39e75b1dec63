"""Generated instances: whole, valid, flyable, the same for the same seed, and as tight as asked."""

from __future__ import annotations

import random
import tempfile
from collections import Counter, defaultdict
from dataclasses import asdict, replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instances.diet import kg_a_day
from instances.errors import InstanceError
from instances.generate import generate_instance, size_limits
from instances.load import load_instance, scenarios_of
from instances.ration_check import ration_check
from instances.schema import TABLES, Grade, Instance
from instances.size import MOST, Size
from instances.tables import table_text
from optimizer.network import build_network

SMALLEST = Size(days=1, bases=1, fleets=1, zones=1, communities=1, commodities=1)
LARGE = Size(days=365, bases=10, fleets=20, zones=30, communities=30, commodities=12)
MORE_BASES_THAN_FLEETS = Size(bases=5, fleets=2)

counts = st.integers(min_value=1, max_value=7)
sizes = st.builds(
    Size,
    days=st.integers(min_value=1, max_value=100),
    bases=counts,
    fleets=counts,
    zones=counts,
    communities=counts,
    commodities=st.integers(min_value=1, max_value=20),
    tightness=st.floats(min_value=0, max_value=1),
)


@pytest.fixture(autouse=True)
def no_library() -> None:
    """The shipped library stays in its place here, unlike for the other tests of this folder."""


def generated(size: Size, seed: int = 0) -> Instance:
    with tempfile.TemporaryDirectory() as folder:
        return load_instance(generate_instance(Path(folder) / "region", size, seed))


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_same_seed_same_bytes_and_another_seed_another_instance(tmp_path: Path) -> None:
    before = random.getstate()
    one, same, other = (
        contents(generate_instance(tmp_path / parent / "region", Size(), seed))
        for parent, seed in (("a", 5), ("b", 5), ("c", 6))
    )
    assert one == same
    assert one.keys() == other.keys()
    tables = [name for name in one if name.endswith(".csv") and name != "standards.csv"]
    assert [name for name in tables if one[name].replace(b"seed 5", b"seed 6") == other[name]] == []
    assert random.getstate() == before


def test_the_folder_is_like_a_shipped_one(tmp_path: Path) -> None:
    folder = generate_instance(tmp_path / "region", MORE_BASES_THAN_FLEETS)
    assert {"README.md", "instance.yaml", "feeders.csv", "rigs.csv"} < set(contents(folder))
    assert load_instance(folder).header.id == "region"
    assert scenarios_of(folder) == ("reduced_ration",)
    reduced = load_instance(folder, ["reduced_ration"])
    for need, less in zip(load_instance(folder).needs, reduced.needs, strict=True):
        assert need.kg_per_person_day is None or (less.kg_per_person_day or 0) < need.kg_per_person_day


def test_a_name_that_is_no_id(tmp_path: Path) -> None:
    assert load_instance(generate_instance(tmp_path / "My Region")).header.id == "generated"


def test_every_row_says_where_it_is_from() -> None:
    instance = generated(Size(), seed=4)
    for table in TABLES:
        for row in getattr(instance, table):
            if table not in ("aircraft", "methods", "commodities", "figures"):
                assert (row.grade, row.source) == (Grade.ESTIMATE, "generated with seed 4, tightness 0.5")


@settings(max_examples=25, deadline=None)
@given(size=sizes, seed=st.integers(min_value=0, max_value=10**6))
def test_any_size_is_valid_and_can_be_flown(size: Size, seed: int) -> None:
    instance = generated(size, seed)
    is_as_asked(instance, size)
    can_be_flown(instance)


@pytest.mark.parametrize(
    "size", [SMALLEST, LARGE, MORE_BASES_THAN_FLEETS, replace(LARGE, days=30, commodities=20)]
)
def test_extreme_sizes(size: Size) -> None:
    instance = generated(size)
    is_as_asked(instance, size)
    can_be_flown(instance)


def is_as_asked(instance: Instance, size: Size) -> None:
    needed = {need.commodity for need in instance.needs}
    assert len(instance.dates) == size.days
    assert len(needed) == size.commodities
    for table in ("bases", "fleets", "zones", "communities"):
        assert len(getattr(instance, table)) == getattr(size, table)
    assert [party.id for party in instance.parties] == ["party_a", "party_b"][: size.fleets]
    assert {fleet.party for fleet in instance.fleets} == {party.id for party in instance.parties}
    assert {fleet.base for fleet in instance.fleets} | {feeder.from_base for feeder in instance.feeders} == {
        base.id for base in instance.bases
    }


def can_be_flown(instance: Instance) -> None:
    """Every fleet has a mission, and every need one that may carry it to a zone of the community."""
    net = build_network(instance, [party.id for party in instance.parties])
    missions = [net.missions[m] for m in net.by_day[0]]
    assert {mission.fleet.id for mission in missions} == set(net.fleets)
    brought = {
        (z, commodity) for mission in missions for z in mission.zones for commodity in mission.commodities
    }
    linked = Counter(
        (community, commodity)
        for zone, community in net.links
        for commodity in net.commodities
        if (zone, commodity) in brought
    )
    assert [need for need in instance.needs if not linked[need.community, need.commodity]] == []


def on_offer(instance: Instance) -> dict[str, float]:
    """Capacity by kind: kg a day, kg, sets, hours, or the unit of the budget."""
    return {
        "recovery": sum(zone.recovery_kg_per_day for zone in instance.zones),
        "links": sum(link.kg_per_day for link in instance.links),
        "handling": sum(base.handling_kg_per_day for base in instance.bases),
        "supplies": sum(supply.kg / supply.interval_days for supply in instance.supplies),
        "rigs": sum(rig.count / rig.resupply_interval_days for rig in instance.rigs),
        "hours": sum(fleet.max_tails * fleet.hours_per_30_days for fleet in instance.fleets),
        "loss_budget": sum(party.loss_budget for party in instance.parties),
        "harm_budget": sum(party.harm_budget for party in instance.parties),
        "funds": sum(party.funds_usd or 0 for party in instance.parties),
    }


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("size", [Size(), Size(days=60, bases=3, fleets=6, zones=7, communities=5)])
def test_tighter_offers_less_for_the_same_need(size: Size, seed: int) -> None:
    steps = [generated(replace(size, tightness=tightness), seed) for tightness in (0, 0.25, 0.5, 0.75, 1)]
    for looser, tighter in pairwise(steps):
        more, less = on_offer(looser), on_offer(tighter)
        assert [kind for kind in more if more[kind] < less[kind]] == []
        assert all(more[kind] > less[kind] for kind in ("recovery", "links", "handling", "supplies", "rigs"))
        assert [(n.community, n.commodity, n.kg_per_person_day, n.kg_per_day) for n in looser.needs] == [
            (n.community, n.commodity, n.kg_per_person_day, n.kg_per_day) for n in tighter.needs
        ]


def daily_kg(instance: Instance) -> float:
    """Kg a day of the planned ration and of every item, what lasts spread over the days until it is due."""
    people = {community.id: community.population for community in instance.communities}
    due = {
        need: 1 + (need.first_date - instance.dates[0]).days if need.lasting and need.first_date else 1
        for need in instance.needs
    }
    return sum(kg_a_day(need, people[need.community]) / days for need, days in due.items())


def test_capacity_lies_above_the_need_when_ample_and_below_when_tight() -> None:
    for tightness, enough in ((0.0, True), (1.0, False)):
        instance = generated(replace(Size(), tightness=tightness))
        offer, need_kg = on_offer(instance), daily_kg(instance)
        assert (offer["recovery"] > need_kg, offer["supplies"] > need_kg) == (enough, enough)


@settings(max_examples=25, deadline=None)
@given(size=sizes, seed=st.integers(min_value=0, max_value=10**6))
def test_a_ration_is_a_diet_that_people_can_eat(size: Size, seed: int) -> None:
    """It meets the standard of its region, and no group is beyond what a person eats of it."""
    instance = generated(size, seed)
    assert ration_check(instance) == ()
    assert {standard.kcal for standard in instance.standards} == {2100}
    commodities = {c.id: c for c in instance.commodities}
    for community in instance.communities:
        eaten: dict[str, float] = defaultdict(float)
        for need in instance.needs:
            commodity = commodities[need.commodity]
            if need.community == community.id and commodity.is_food:
                assert commodity.most_g_per_person_day is not None
                eaten[commodity.group] += (
                    1000 * (need.kg_per_person_day or 0) / commodity.most_g_per_person_day
                )
        assert max(eaten.values()) <= 1.001
        assert eaten["cereals"] > 0


def test_a_usual_basket_meets_the_usual_standard() -> None:
    standards = [generated(Size(commodities=8), seed).standards[0] for seed in range(8)]
    assert min(standard.protein_g for standard in standards) > 40
    assert min(standard.fat_g for standard in standards) > 30


def test_items_are_needed_as_they_are_used() -> None:
    """Sachets for some children, goods that last once and in time, salt of little weight."""
    instance = generated(Size(commodities=20))
    needs = {need.commodity: need for need in instance.needs if need.community == "community_01"}
    population = instance.communities[0].population
    assert 0 < (needs["rutf"].people or 0) < population / 100
    assert needs["salt"].weight == 0.1
    for name in ("blankets", "tarpaulins"):
        assert needs[name].lasting
        assert needs[name].first_date in (instance.dates[7], instance.dates[15])
    assert [name for name, need in needs.items() if need.lasting] == ["blankets", "tarpaulins"]


def test_every_number_out_of_range_at_once(tmp_path: Path) -> None:
    (tmp_path / "region").mkdir()
    (tmp_path / "region" / "notes.txt").write_text("mine")
    wrong = Size(days=0, bases=201, commodities=21, tightness=float("nan"))
    with pytest.raises(InstanceError) as caught:
        generate_instance(tmp_path / "region", wrong)
    found = [(finding.id, finding.column) for finding in caught.value.findings]
    sizes = [("AL-2017", name) for name in ("days", "bases", "commodities", "tightness")]
    assert found == [*sizes, ("AL-1017", None)]
    assert contents(tmp_path) == {"region/notes.txt": b"mine"}


def test_the_limits_name_every_number() -> None:
    assert size_limits().keys() == asdict(Size()).keys()
    assert size_limits()["commodities"] == (1, 20)
    assert size_limits()["days"] == (1, MOST["days"])


def test_the_readme_tells_ranges_and_defaults() -> None:
    text = (Path(__file__).parents[2] / "instances" / "README.md").read_text()
    for name, (low, high) in size_limits().items():
        assert f"| `--{name}` | {low:g} to {high:g} | {getattr(Size(), name)} |" in text


def test_nothing_is_left_of_a_folder_that_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path, _content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InstanceError, match=r"AL-1018.*No space left"):
        generate_instance(tmp_path / "region")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("table", ["parties", "bases", "supplies", "fleets", "zones", "needs", "aircraft"])
def test_a_table_written_again_reads_the_same(table: str, tiny: Path) -> None:
    instance = load_instance(tiny)
    own = [row for row in getattr(instance, table) if row.source == "made up"]
    (tiny / f"{table}.csv").write_text(table_text(table, own))
    assert getattr(load_instance(tiny), table) == getattr(instance, table)
