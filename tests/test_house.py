"""The house: which way imports go, who may use which library, and four faces for every rule."""

from __future__ import annotations

import ast
import re
import sys
from functools import cache
from pathlib import Path

import pytest

from optimizer import check
from optimizer.campaign import constraints
from optimizer.campaign.settings import Settings
from optimizer.timetable import constraints as timetable

ROOT = Path(__file__).parents[1]
MOST_SETTINGS = 20
MODELS = [rule.__name__ for rule in constraints.CONSTRAINTS]
TIMETABLE = [rule.__name__ for rule in timetable.RULES]
JUDGE = [rule.__name__ for rule in check.RULES]

WALLS = {
    "pulp": ("optimizer/campaign/", "optimizer/solver.py"),
    "highspy": ("optimizer/solver.py",),
    "ortools": ("optimizer/timetable/", "optimizer/tours", "optimizer/cp_solver.py"),
    "astral": ("instances/daylight.py",),
    "icalendar": ("reports/",),
    "pandas": ("instances/tables.py", "reports/"),
    "typer": ("optimizer/cli/",),
    "rich": ("optimizer/cli/",),
    "shapely": ("instances/sky_rules.py", "optimizer/airspace/", "optimizer/landing/"),
    "pyproj": ("optimizer/airspace/", "optimizer/landing/"),
    "matplotlib": (
        "optimizer/cli/",
        "reports/axes.py",
        "reports/charts.py",
        "reports/figures.py",
        "reports/plates.py",
    ),
    "jinja2": ("reports/page/assets.py",),
}
"""Library -> paths that may import it."""


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def sources(*folders: str) -> list[Path]:
    found = [file for folder in folders for file in sorted((ROOT / folder).rglob("*.py"))]
    assert found
    return found


def place(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


@cache
def imports(file: Path) -> frozenset[str]:
    """Modules a file imports, also inside functions and for annotations; names of a package in full."""
    names: set[str] = set()
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{place(file)}: relative import"
            module = node.module or ""
            is_package = (ROOT / module.replace(".", "/")).is_dir()
            names |= {f"{module}.{alias.name}" for alias in node.names} if is_package else {module}
    return frozenset(names)


def within(name: str, *modules: str) -> bool:
    return any(name == module or name.startswith(f"{module}.") for module in modules)


def trespassers(files: list[Path], forbidden: tuple[str, ...], but: tuple[str, ...] = ()) -> list[str]:
    return [
        f"{place(file)} imports {name}"
        for file in files
        for name in sorted(imports(file))
        if within(name, *forbidden) and not within(name, *but)
    ]


def test_instances_know_nothing_of_later_stages() -> None:
    assert trespassers(sources("instances"), ("optimizer", "reports")) == []


def test_reports_know_only_the_plan() -> None:
    allowed = (
        "optimizer.plan",
        "optimizer.options",
        "optimizer.explained",
        "optimizer.evidence",
        "optimizer.check",
    )
    assert trespassers(sources("reports"), ("optimizer",), but=allowed) == []


def test_the_optimizer_knows_no_reports() -> None:
    files = [file for file in sources("optimizer") if not place(file).startswith("optimizer/cli/")]
    assert trespassers(files, ("reports", "optimizer.cli")) == []


@pytest.mark.parametrize("library", WALLS)
def test_walls(library: str) -> None:
    files = [
        file
        for file in sources("instances", "optimizer", "reports")
        if not place(file).startswith(WALLS[library])
    ]
    assert trespassers(files, (library,)) == []


def test_no_pulp_in_annotations_elsewhere() -> None:
    """Not even by name, in a quoted annotation or through a module that imports it."""
    pulps = re.compile(r"\bLp[A-Z]\w+|\bpulp\.")
    said = []
    for file in sources("instances", "optimizer", "reports"):
        if place(file).startswith(WALLS["pulp"]):
            continue
        for node in ast.walk(tree(file)):
            annotation = getattr(node, "annotation", None) or getattr(node, "returns", None)
            texts = [ast.unparse(annotation)] if annotation is not None else []
            texts += [node.id] if isinstance(node, ast.Name) else []
            said += [f"{place(file)}: {text}" for text in texts if pulps.search(text)]
    assert said == []


def test_only_the_command_line_prints() -> None:
    said = [
        place(file)
        for file in sources("instances", "optimizer", "reports")
        if not place(file).startswith("optimizer/cli/")
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert said == []


def test_the_judge_stands_alone() -> None:
    files = sources("optimizer/check")
    ours = ("optimizer.plan", "optimizer.options", "optimizer.check", "instances.schema", "instances.units")
    assert trespassers(files, ("optimizer", "instances", "reports"), but=ours) == []
    third_party = {
        name
        for file in files
        for name in imports(file)
        if not within(name, "optimizer", "instances", "pydantic", *_stdlib())
    }
    assert third_party == set()


def _stdlib() -> tuple[str, ...]:
    return tuple(sys.stdlib_module_names)


@cache
def readme_rows(section: str) -> dict[str, str]:
    """Name -> reach (or the words) of each row of a section of the formulation."""
    text = (ROOT / "optimizer" / "README.md").read_text(encoding="utf-8")
    start = text.index(f"\n## {section}")
    end = text.find("\n## ", start + 1)
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \|", text[start : end if end > 0 else None], re.MULTILINE)
    assert len(rows) == len(dict(rows)), f"{section}: a name occurs twice"
    return dict(rows)


@cache
def names_of_tests() -> frozenset[str]:
    return frozenset(
        node.name
        for file in sources("tests")
        if file.name.startswith("test_")
        for node in ast.walk(tree(file))
        if isinstance(node, ast.FunctionDef)
    )


@pytest.mark.parametrize(
    ("section", "name"),
    [*(("Constraints", name) for name in MODELS), *(("The day's timetable", name) for name in TIMETABLE)],
)
def test_four_faces(section: str, name: str) -> None:
    faces = {
        "a row in optimizer/README.md": name in readme_rows(section),
        "a rule of the judge": name in JUDGE,
        "a test": f"test_{name}" in names_of_tests(),
    }
    assert [face for face, there in faces.items() if not there] == []


@pytest.mark.parametrize("name", MODELS)
def test_every_constraint_has_a_row_test(name: str) -> None:
    assert f"test_row_{name}" in names_of_tests()


def test_every_row_of_the_formulation_is_a_constraint() -> None:
    reach = {rule.__name__: "day" for rule in constraints.WITHIN_DAY}
    reach |= {rule.__name__: "across" for rule in constraints.ACROSS_DAYS}
    assert readme_rows("Constraints") == reach
    assert sorted(MODELS) == sorted(reach)


def test_every_timetable_row_is_a_rule() -> None:
    assert sorted(readme_rows("The day's timetable")) == sorted(TIMETABLE)


@pytest.mark.parametrize("name", JUDGE)
def test_every_rule_of_the_judge_is_written_down_and_tested(name: str) -> None:
    sections = ("Constraints", "The day's timetable", "The judge")
    assert [s for s in sections if name in readme_rows(s)] != []
    assert f"test_{name}" in names_of_tests()


def test_the_judge_has_every_row_of_the_formulation() -> None:
    sections = ("Constraints", "The day's timetable", "The judge")
    assert {name for s in sections for name in readme_rows(s)} == set(JUDGE)
    assert len(JUDGE) == len(set(JUDGE))


METHOD = (
    "optimizer/planner.py",
    *(f"optimizer/campaign/{name}.py" for name in ("program", "totals", "levels")),
)
TOLERANCES = {
    "optimizer/planner.py": {"MISSING": 1e-3},
    "optimizer/campaign/totals.py": {"LEAST": 1e-6},
    "optimizer/campaign/levels.py": {"WHOLE": 1e-6},
}
"""Numbers beside the settings: what rounding leaves, and no choice of the method."""


def test_settings_are_few_and_say_why() -> None:
    """Each with its unit and its reason; all of them numbers, and used."""
    fields = Settings.model_fields
    assert len(fields) <= MOST_SETTINGS
    for name, field in fields.items():
        assert len((field.description or "").split()) >= 5, name
        assert isinstance(field.default, int | float), name
    texts = "".join((ROOT / file).read_text(encoding="utf-8") for file in METHOD)
    assert [name for name in fields if f"SETTINGS.{name}" not in texts] == []


@pytest.mark.parametrize("file", METHOD)
def test_the_method_has_no_numbers_of_its_own(file: str) -> None:
    found: dict[str, float] = {}
    for node in tree(ROOT / file).body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            numbers = [
                one.value
                for one in ast.walk(node.value)
                if isinstance(one, ast.Constant) and isinstance(one.value, int | float)
            ]
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {ast.unparse(target): numbers[0] for target in targets if numbers}
    assert found == TOLERANCES.get(file, {})


def test_settings_that_the_formulation_names_are_there() -> None:
    text = (ROOT / "optimizer" / "README.md").read_text(encoding="utf-8")
    start = text.index("\n## How it is solved")
    solved = text[start : text.index("\n## ", start + 1)]
    named = set(re.findall(r"`([a-z]+_[a-z_]+|repairs|reserve)`", solved))
    assert named
    assert named <= set(Settings.model_fields)
    assert len(solved.strip().splitlines()) <= 40
