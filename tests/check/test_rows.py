"""Single rows: rights, figures, and the promise that no edit of a row goes unseen."""

import datetime as dt
from typing import Any

import pytest

from instances.schema import Instance
from optimizer.check import RULES, check
from optimizer.plan import Load, Plan, Sortie
from tests.check.hand_plan import HAND, changed, edited, of_rule, tiny, verdict, written

TINY = tiny()
PLAN = written(HAND, TINY)
S3 = "s3 on 2016-04-13"


def said(plan: Plan, instance: Instance) -> list[str]:
    return [str(violation) for violation in check(plan, instance)]


def test_hand_plan_keeps_every_rule(plan: Plan, instance: Instance) -> None:
    assert said(plan, instance) == []


def test_rules_have_their_names() -> None:
    names = [rule.__name__ for rule in RULES]
    assert len(names) == len(set(names)) == 59


@pytest.mark.parametrize(
    ("table", "key", "values", "text"),
    [
        ("zones", "dz", {"open_to": dt.date(2016, 4, 13)}, "s4 on 2016-04-14: dz closes after 2016-04-13"),
        (
            "fleets",
            "south_hauler",
            {"methods": ("canopy_high",)},
            f"{S3}: fleet south_hauler does not use canopy_low, it uses canopy_high",
        ),
        (
            "zones",
            "dz",
            {"methods": ("canopy_high",)},
            f"{S3}: dz does not allow canopy_low, it allows canopy_high",
        ),
        (
            "methods",
            "canopy_low",
            {"kind": "sling"},
            f"{S3}: canopy_low asks for a helicopter, hauler is a fixed_wing",
        ),
    ],
)
def test_mission_rights(
    table: str, key: str, values: dict[str, object], text: str, instance: Instance
) -> None:
    assert verdict(HAND, changed(instance, table, key, **values)) == [f"mission_rights: {text}"]


@pytest.mark.parametrize(
    ("table", "key", "values", "text"),
    [
        ("zones", "dz", {"closed": True}, "dz is closed"),
        ("zones", "dz", {"open_from": dt.date(2016, 4, 14)}, "dz opens on 2016-04-14"),
        ("zones", "dz", {"ground_team": False}, "north needs a ground team, dz has none"),
        ("bases", "airfield_n", {"parties": ("south",)}, "north may not use airfield_n, which admits south"),
    ],
)
def test_mission_rights_of_every_sortie(
    table: str, key: str, values: dict[str, object], text: str, instance: Instance
) -> None:
    found = verdict(HAND, changed(instance, table, key, **values))
    assert f"mission_rights: s1 on 2016-04-11: {text}" in found
    assert of_rule("mission_rights", found) == found


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"base": "airfield_s"}, "base 'airfield_s', fleet north_hauler has airfield_n"),
        ({"party": "south"}, "party 'south', fleet north_hauler has north"),
        ({"aircraft": "kite"}, "aircraft 'kite', fleet north_hauler has hauler"),
    ],
)
def test_mission_rights_identity(values: dict[str, object], text: str) -> None:
    assert said(edited(PLAN, "sorties", 0, **values), TINY) == [f"mission_rights: s1 on 2016-04-11: {text}"]


def test_mission_rights_commodity() -> None:
    banned = changed(TINY, "commodities", "soap", methods=("canopy_low",))
    assert said(PLAN, banned) == [
        "mission_rights: s1 at stop 1: soap may not go by canopy_high, it goes by canopy_low"
    ]


def test_mission_rights_party_stays_home() -> None:
    options = PLAN.options.model_copy(update={"parties": ("south",)})
    found = said(PLAN.model_copy(update={"options": options}), TINY)
    assert "mission_rights: s1 on 2016-04-11: north does not take part in the plan of south" in found


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"distance_km": 426.365}, "distance_km is 426.365, the path is 425.365 km out and back"),
        ({"block_min": 83}, "block_min is 83, the path takes 82 min"),
        ({"bundles": 5}, "bundles is 5, its loads have 4"),
        ({"payload_kg": 1076.0}, "payload_kg is 1 076, its loads weigh 1 075 kg with packing"),
        ({"loss_prob": 3e-05}, "loss_prob is 0.00003, the threats on this path give 0.00002"),
        ({"harm_expected": 0.002}, "harm_expected is 0.002, zone and method give 0.0016 people"),
        ({"cost_usd": 3141.0}, "cost_usd is 3 141.00 USD, flying, rigging and cargo come to 3 140.00 USD"),
        ({"path_id": "detour"}, "path_id 'detour' is drawn 0 times for north in paths.geojson"),
    ],
)
def test_sortie_figures(values: dict[str, object], text: str) -> None:
    assert said(edited(PLAN, "sorties", 0, **values), TINY) == [f"sortie_figures: s1 on 2016-04-11: {text}"]


def test_sortie_figures_height() -> None:
    where = "s1 on 2016-04-11"
    path = PLAN.sorties[0].path_id
    assert said(edited(PLAN, "sorties", 0, release_height_m=5001.0), TINY) == [
        f"legal_path: {where}: height_m of path {path} is 5 000, the sortie flies at 5 001 m",
        f"sortie_figures: {where}: release_height_m is 5 001, canopy_high is released at 5 000 m",
    ]


def test_sortie_figures_times() -> None:
    where = "sortie_figures: s1 on 2016-04-11:"
    first = PLAN.sorties[0]
    late = edited(PLAN, "sorties", 0, landing_utc=first.landing_utc + dt.timedelta(minutes=1))
    text = "landing_utc is 2016-04-11T04:23Z, the sortie lands at 2016-04-11T04:22Z"
    assert said(late, TINY) == [f"{where} {text}"]
    wrong_zone = edited(PLAN, "sorties", 0, takeoff_local=first.takeoff_utc)
    text = "takeoff_local is 2016-04-11T03:00:00+00:00, local time is 2016-04-11T06:00:00+03:00"
    assert said(wrong_zone, TINY) == [f"{where} {text}"]


def test_sortie_figures_ceiling() -> None:
    low = changed(TINY, "aircraft", "hauler", ceiling_m=4999.0)
    text = "release_height_m is 5 000, the ceiling of hauler is 4 999 m"
    assert said(PLAN, low) == [
        f"sortie_figures: {where}: {text}"
        for where in ("s1 on 2016-04-11", "s2 on 2016-04-11", "s4 on 2016-04-14")
    ]


def test_sortie_figures_repeated_id() -> None:
    twice = PLAN.model_copy(update={"sorties": (*PLAN.sorties, PLAN.sorties[0])})
    assert said(twice, TINY) == ["sortie_figures: s1 on 2016-04-11: 2 sorties have this id"]


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"landed_frac": 0.9}, "landed_frac is 0.9, dz with canopy_high gives 0.8"),
        ({"landed_kg": 601.0}, "landed_kg is 601, 600 kg land of 750 kg"),
        ({"zone": "sea"}, "zone 'sea', the sortie flies to dz"),
        ({"stop": 2}, "stop is 2, the sortie has one"),
    ],
)
def test_load_figures(values: dict[str, object], text: str) -> None:
    stop = values.get("stop", 1)
    assert said(edited(PLAN, "loads", 0, **values), TINY) == [
        f"load_figures: s1 at stop {stop}, flour: {text}"
    ]


def test_load_figures_drop_time() -> None:
    late = edited(PLAN, "loads", 0, drop_utc=PLAN.loads[0].drop_utc + dt.timedelta(minutes=1))
    text = "drop_utc is 2016-04-11T03:37Z, the sortie drops at 2016-04-11T03:36Z"
    assert said(late, TINY) == [f"load_figures: s1 at stop 1, flour: {text}"]


def test_load_figures_without_sortie() -> None:
    orphan = edited(PLAN, "loads", 0, sortie_id="s9")
    assert "load_figures: s9 at stop 1: no sortie has this id" in said(orphan, TINY)


def other_values(value: object) -> list[Any]:
    """What a planner might write over a value."""
    if isinstance(value, dt.datetime):
        far = [dt.datetime.max, dt.datetime.min.replace(tzinfo=dt.UTC)]
        return [value + dt.timedelta(minutes=1), value - dt.timedelta(days=1), *far]
    if isinstance(value, dt.date):
        return [value + dt.timedelta(days=1), value - dt.timedelta(days=400), dt.date.max, dt.date.min]
    if isinstance(value, int):
        return [value + 1, value - 1, -value - 1, 10**12]
    if isinstance(value, float):
        return [value * 1.01 if value else 0.05, value + 1, -value - 1, 1e300]
    if isinstance(value, tuple):
        return [("nowhere",), (), (*value, *value)]
    return [0.5] if value is None else ["nowhere", ""]


def all_edits(*tables: str) -> list[Any]:
    """Every other value of every column of every row."""
    return [
        pytest.param(table, index, column, other, id=f"{table}-{index}-{column}-{n}")
        for table in tables
        for index, row in enumerate(getattr(PLAN, table))
        for column, value in row
        for n, other in enumerate(other_values(value))
    ]


def test_every_column_is_edited() -> None:
    edited_columns = {param.values[0:3:2] for param in all_edits("sorties", "loads")}
    columns = {("sorties", c) for c in Sortie.model_fields} | {("loads", c) for c in Load.model_fields}
    assert edited_columns == columns


@pytest.mark.parametrize(("table", "index", "column", "other"), all_edits("sorties", "loads"))
def test_no_edit_of_a_sortie_or_load_goes_unseen(table: str, index: int, column: str, other: Any) -> None:
    found = check(edited(PLAN, table, index, **{column: other}), TINY)
    assert found
    assert all(violation.rule in {rule.__name__ for rule in RULES} and str(violation) for violation in found)


OTHER_TABLES = ("handovers", "coverage", "nutrition", "severity", "rations", "fleet", "costs", "risk")


@pytest.mark.parametrize(("table", "index", "column", "other"), all_edits(*OTHER_TABLES))
def test_no_edit_of_a_total_goes_unseen(table: str, index: int, column: str, other: Any) -> None:
    assert check(edited(PLAN, table, index, **{column: other}), TINY)


@pytest.mark.parametrize("table", ["sorties", "loads", *OTHER_TABLES, "paths"])
def test_no_row_left_out_goes_unseen(table: str) -> None:
    rows = getattr(PLAN, table)
    for index in range(len(rows)):
        assert check(PLAN.model_copy(update={table: rows[:index] + rows[index + 1 :]}), TINY)


@pytest.mark.parametrize("table", ["sorties", "loads", *OTHER_TABLES, "paths"])
def test_no_repeated_row_goes_unseen(table: str) -> None:
    rows = getattr(PLAN, table)
    for row in rows:
        assert check(PLAN.model_copy(update={table: (*rows, row)}), TINY)


def test_a_load_moved_to_another_sortie_is_seen() -> None:
    assert check(edited(PLAN, "loads", 0, sortie_id="s2"), TINY)
    assert check(edited(PLAN, "loads", 0, commodity="soap"), TINY)
