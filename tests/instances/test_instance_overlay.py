"""Scenarios: what they change, which wins, and what they say when they cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from instances.errors import Finding, InstanceError
from instances.load import load_instance, scenarios_of
from instances.schema import Instance


def write(folder: Path, name: str, text: str) -> str:
    (folder / "scenarios" / f"{name}.yaml").write_text(text)
    return name


def finding_of(folder: Path, *scenarios: str) -> Finding:
    with pytest.raises(InstanceError) as caught:
        load_instance(folder, scenarios)
    (finding,) = caught.value.findings
    return finding


def flour(instance: Instance) -> list[float | None]:
    return [need.kg_per_person_day for need in instance.needs if need.commodity == "flour"]


def test_wildcard_sets_every_row(tiny: Path) -> None:
    assert scenarios_of(tiny) == ("half_ration",)
    instance = load_instance(tiny, ["half_ration"])
    assert flour(instance) == [0.25, 0.25]
    assert instance.scenarios == ("half_ration",)
    assert "scenarios/half_ration.yaml" in dict(instance.sha256)
    assert "scenarios/half_ration.yaml" not in dict(load_instance(tiny).sha256)


def test_later_scenarios_win(tiny: Path) -> None:
    write(tiny, "town", "title: t\nset:\n  needs/town/flour/kg_per_person_day: 0.4\n")
    assert flour(load_instance(tiny, ["half_ration", "town"])) == [0.4, 0.25]
    assert flour(load_instance(tiny, ["town", "half_ration"])) == [0.25, 0.25]


def test_values_are_read_as_cells(tiny: Path) -> None:
    text = """title: all kinds of cell
set:
  zones/dz/closed: true
  zones/dz/open_from: 2016-04-12
  zones/dz/recovery_from: 06:30
  parties/north/flying_weekdays: [mon, tue]
  parties/south/flying_weekdays: mon;tue
  communities/town/storage_kg:
  instance/days: 4
  instance/theatre.north: 39
  aircraft/hauler/payload_range: 6000@1000;2000@2000
"""
    instance = load_instance(tiny, [write(tiny, "kinds", text)])
    (zone,) = instance.zones
    assert (zone.closed, str(zone.open_from), zone.recovery_from) == (True, "2016-04-12", 390)
    assert {party.flying_weekdays for party in instance.parties} == {("mon", "tue")}
    assert instance.communities[0].storage_kg is None
    assert (instance.header.days, instance.header.theatre.north) == (4, 39.0)
    assert instance.aircraft[0].payload_range[0] == (6000.0, 1000.0)


def test_added_rows_come_last_and_can_be_set(tiny: Path) -> None:
    text = """title: a second zone
add:
  zones:
    - {id: dz2, name: Second, lat: 35.1, lon: 40.1, length_m: 900, width_m: 400, methods: canopy_low,
       recovery_kg_per_day: 1000}
  links:
    - {zone: dz2, community: town, kg_per_day: 100}
set:
  zones/*/people_per_km2: 7
"""
    instance = load_instance(tiny, [write(tiny, "second", text)])
    assert [(zone.id, zone.people_per_km2) for zone in instance.zones] == [("dz", 7.0), ("dz2", 7.0)]
    assert instance.links[-1].zone == "dz2"


def test_every_row_of_a_repeated_need_is_set(tiny: Path) -> None:
    needs = tiny / "needs.csv"
    needs.write_text(
        needs.read_text()
        .replace("town,flour,0.5,,,", "town,flour,0.5,,,2016-04-12")
        .replace("hamlet,", "town,flour,0.6,,2016-04-13,,,\nhamlet,")
    )
    assert flour(load_instance(tiny)) == [0.5, 0.6, 0.5]
    write(tiny, "town", "title: t\nset:\n  needs/town/flour/kg_per_person_day: 0.1\n")
    assert flour(load_instance(tiny, ["town"])) == [0.1, 0.1, 0.5]


def test_a_bad_value_cites_the_scenario_once(tiny: Path) -> None:
    write(tiny, "bad", "title: t\nset:\n  needs/*/flour/kg_per_person_day: -1\n")
    found = finding_of(tiny, "bad")
    assert (found.id, found.file, found.row) == ("AL-2008", "scenarios/bad.yaml", 3)
    assert (found.column, found.value) == ("needs/*/flour/kg_per_person_day", "-1")


def test_a_bad_reference_cites_the_scenario(tiny: Path) -> None:
    write(tiny, "bad", "title: t\nset:\n  fleets/north_hauler/base: airfield_x\n")
    found = finding_of(tiny, "bad")
    assert (found.id, found.file, found.row) == ("AL-3001", "scenarios/bad.yaml", 3)


def test_an_added_row_that_is_wrong_cites_the_scenario(tiny: Path) -> None:
    write(tiny, "bad", "title: t\nadd:\n  links:\n    - {zone: dz, community: tonw, kg_per_day: 1}\n")
    found = finding_of(tiny, "bad")
    assert (found.id, found.file, found.row) == ("AL-3001", "scenarios/bad.yaml", 4)
    assert found.column == "community"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("needs/town/flower/kg_per_person_day", 'did you mean "needs/town/flour/kg_per_person_day"?'),
        ("need/town/flour/kg_per_person_day", 'did you mean "needs"?'),
        ("needs/town/kg_per_person_day", "write it as needs/community/commodity/column"),
        ("needs/town/flour/kg_per_person_da", 'did you mean "kg_per_person_day"?'),
        ("instance/dayz", 'did you mean "days"?'),
        ("rigs", "write it as rigs/base/method/column"),
        ("zones/nowhere_at_all_near/closed", "use the keys of its rows, or *"),
    ],
)
def test_unknown_path(tiny: Path, path: str, words: str) -> None:
    write(tiny, "lost", f"title: t\nset:\n  {path}: 1\n")
    found = finding_of(tiny, "lost")
    assert (found.id, found.file, found.row) == ("AL-1016", "scenarios/lost.yaml", 3)
    assert (found.column, found.remedy) == (path, words)


@pytest.mark.parametrize(
    ("text", "id_", "column"),
    [
        ("set: {}\n", "AL-1014", "title"),
        ("title: t\nset: 3\n", "AL-1014", "set"),
        ("title: [t]\n", "AL-1014", "title"),
        ("title: t\nadd: {links: {zone: dz}}\n", "AL-1014", "add/links"),
        ("title: t\nadd: {links: [3]}\n", "AL-1014", "add/links"),
        ("title: t\nadd: {links: [{zone: {a: b}}]}\n", "AL-1014", "zone"),
        ("title: t\nset: {zones/dz/closed: {a: b}}\n", "AL-1014", "zones/dz/closed"),
        ("title: t\nadd: {link: []}\n", "AL-1016", "add/link"),
        ("title: t\nsett: {}\n", "AL-1009", "sett"),
        ("title: t\nset: {instance/days: 3, instance/days: 4}\n", "AL-1013", None),
    ],
)
def test_shape_of_a_scenario(tiny: Path, text: str, id_: str, column: str | None) -> None:
    write(tiny, "odd", text)
    found = finding_of(tiny, "odd")
    assert (found.id, found.file, found.column) == (id_, "scenarios/odd.yaml", column)


def test_unknown_scenario(tiny: Path) -> None:
    found = finding_of(tiny, "half_rations")
    assert (found.id, found.remedy) == ("AL-1015", 'did you mean "half_ration"?')
    assert finding_of(tiny, "../../etc/passwd").remedy == "choose one of: half_ration"
