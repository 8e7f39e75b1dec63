"""The judge as a whole: its rules have their other faces, its walls stand, and it never fails on nonsense."""

import ast
import datetime as dt
import random
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from instances.schema import Feeder, Instance
from optimizer.check import RULES, Violation, check
from optimizer.plan import Plan
from tests.check.hand_plan import HAND, edited, tiny, written

ROOT = Path(__file__).parents[2]
LORRY = Feeder(
    id="lorry",
    party="north",
    mode="road",
    from_base="airfield_n",
    to_base="airfield_s",
    kg_per_trip=1000,
    trips_per_day=2,
    usd_per_trip=300,
    transit_days=1,
)


def test_every_rule_has_a_test_of_its_name() -> None:
    tests = set()
    for file in Path(__file__).parent.glob("test_*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        tests |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    assert {f"test_{rule.__name__}" for rule in RULES} <= tests


def test_every_rule_is_in_the_formulation() -> None:
    text = (ROOT / "optimizer" / "README.md").read_text(encoding="utf-8")
    rules = (
        text[text.index("## Constraints") : text.index("## Objectives")] + text[text.index("## The judge") :]
    )
    assert set(re.findall(r"^\| `(\w+)` \|", rules, re.MULTILINE)) == {rule.__name__ for rule in RULES}


def test_the_judge_shares_no_code_with_the_model() -> None:
    ours = ("optimizer.check.", "optimizer.plan", "optimizer.options", "instances.schema", "instances.units")
    foreign = ("pulp", "ortools", "highspy", "pyproj", "shapely", "pandas", "numpy", "reports")
    for file in (ROOT / "optimizer" / "check").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                assert name.split(".")[0] not in foreign
                assert not name.startswith(("optimizer", "instances")) or name.startswith(ours)


def test_a_violation_reads_as_a_sentence() -> None:
    found = Violation("zone_recovery_limit", "dz_1 on 2016-05-02", "71 200 kg landed", "loads.csv")
    assert str(found) == "zone_recovery_limit: dz_1 on 2016-05-02: 71 200 kg landed"


def nonsense(value: object, rng: random.Random) -> Any:
    """Another value of the same kind, as a slip of a hand may leave it."""
    if isinstance(value, dt.datetime):
        return rng.choice([dt.datetime.max, dt.datetime.min, value.replace(tzinfo=None)])
    if isinstance(value, dt.date):
        return rng.choice([dt.date.max, dt.date.min, value + dt.timedelta(days=1)])
    if isinstance(value, str):
        return rng.choice(["", "nowhere", "north", "flour", "all"])
    if isinstance(value, int):
        return rng.choice([-1, 0, 1, 10**15])
    if isinstance(value, float):
        return rng.choice([-1.0, 0.0, 1.0, 1e308])
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return rng.choice([(), value[:1], value[::-1], ((0.0, 90.0), *value, (180.0, -90.0))])
    return rng.choice([(), ("nowhere",), ("dz", "dz")]) if isinstance(value, tuple) else None


@pytest.fixture(scope="module")
def joined() -> tuple[Plan, Instance]:
    instance = tiny().model_copy(update={"feeders": (LORRY,)})
    feeders = ((0, "lorry", 1, "flour", 900.0), (0, "lorry", 1, "soap", 10.0))
    plan = written(replace(HAND, feeders=feeders), instance)
    assert check(plan, instance) == ()
    return plan, instance


TABLES = (
    "sorties",
    "loads",
    "handovers",
    "feeders",
    "coverage",
    "nutrition",
    "severity",
    "rations",
    "fleet",
    "costs",
    "risk",
    "paths",
    "objectives",
)


@pytest.mark.parametrize("seed", range(300))
def test_nonsense_is_a_violation_and_never_an_exception(seed: int, joined: tuple[Plan, Instance]) -> None:
    plan, instance = joined
    rng = random.Random(seed)
    for _ in range(rng.randint(1, 6)):
        table = rng.choice(TABLES)
        index = rng.randrange(len(getattr(plan, table)))
        row = getattr(plan, table)[index]
        column = rng.choice(list(type(row).model_fields))
        plan = edited(plan, table, index, **{column: nonsense(getattr(row, column), rng)})
    assert all(str(violation) for violation in check(plan, instance))


def test_nothing_but_the_options_is_a_plan_that_breaks_rules(joined: tuple[Plan, Instance]) -> None:
    plan, instance = joined
    bare = Plan(instance="tiny", options=plan.options, status=plan.status)
    rules = {violation.rule for violation in check(bare, instance)}
    kinds = {"nutrition", "fleet", "cost", "risk", "summary"}
    people = {"ration_balance", "community_stock_balance", "severity", "worst_week"}
    assert rules == {*people, *(f"{kind}_figures" for kind in kinds)}
