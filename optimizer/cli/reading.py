"""``instances``, ``new``, ``generate``, ``validate``, ``check`` and ``schema``: what needs no solver."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Final

import typer

from instances.errors import Finding, InstanceError
from instances.fields import Grade
from instances.generate import generate_instance
from instances.json_schema import table_schema
from instances.load import copy_instance, instance_folder, load_instance, scenarios_of, shipped_instances
from instances.provenance import Provenance
from instances.ration_check import ration_check
from instances.schema import TABLES, Instance
from optimizer.cli import codes
from optimizer.cli.asked import known_scenarios, names, size_request
from optimizer.cli.findings import finding, unknown
from optimizer.cli.screen import Screen, as_dicts
from optimizer.common import with_common_rules
from optimizer.plan import Plan

UNGRADED: Final = "ungraded"


def instances(screen: Screen) -> None:
    """The shipped instances."""
    shipped = shipped_instances()
    screen.document([{"id": name, "title": title} for name, title in shipped])
    if not screen.as_json:
        screen.table(["", ""], shipped)


def new(screen: Screen, folder: Path, source: str) -> None:
    """A copy to start from."""
    made = copy_instance(source, folder)
    screen.document({"folder": str(made)})
    screen.answer(f"Copied {source} to {made}; edit it, then: aidlift validate {made}")


def generate(screen: Screen, folder: Path, numbers: Mapping[str, str], seed: str) -> None:
    """An invented instance."""
    size, seed_number = size_request(folder, numbers, seed)
    made = generate_instance(folder, size, seed_number)
    screen.document({"folder": str(made)})
    screen.answer(f"Generated {made}; look at it, then: aidlift solve {made}")


def validate(screen: Screen, source: str, scenario: list[str] | None) -> None:
    """Everything wrong with an instance, or what it holds."""
    found: list[Finding] = []
    instance: Instance | None = None
    try:
        folder = instance_folder(source)
        wanted = known_scenarios(folder, names(scenario), found)
        combinations = [wanted] if wanted else [(), *((name,) for name in scenarios_of(folder))]
        loaded = [_loaded(source, scenarios, found) for scenarios in combinations]
        instance = loaded[0]
    except InstanceError as error:
        found += error.findings
    found = list(dict.fromkeys(found))
    if found or instance is None:
        screen.findings(found, answer=True)
        screen.document({"exit_code": codes.BAD_INPUT, "valid": False, "findings": as_dicts(found)})
        raise typer.Exit(codes.BAD_INPUT)
    _show_valid(screen, instance, combinations)


def _loaded(source: str, scenarios: tuple[str, ...], found: list[Finding]) -> Instance | None:
    try:
        return load_instance(source, scenarios)
    except InstanceError as error:
        found += error.findings
        return None


def _show_valid(screen: Screen, instance: Instance, combinations: list[tuple[str, ...]]) -> None:
    from optimizer.network import out_of_reach

    header = instance.header
    rows = {table: len(getattr(instance, table)) for table in TABLES}
    read = [" + ".join(scenarios) for scenarios in combinations if scenarios]
    tried = f"; scenarios: {', '.join(read)}" if read else ""
    screen.answer(f"{header.id}: OK, {header.days} days from {header.first_date}{tried}")
    screen.table(["Table", "Rows"], [(table, str(count)) for table, count in rows.items()])
    warnings = [
        *(f"no party can reach {zone}: {'; '.join(reasons)}" for zone, reasons in out_of_reach(instance)),
        *ration_check(instance),
    ]
    for words in warnings:
        screen.tell(f"Warning: {words}.", "yellow")
    document = {
        "exit_code": codes.DONE,
        "valid": True,
        "findings": [],
        "warnings": warnings,
        "instance": header.id,
        "first_date": header.first_date.isoformat(),
        "days": header.days,
        "scenarios": read,
        "rows": rows,
    }
    screen.document(document)


def sources(
    screen: Screen,
    source: str,
    scenario: list[str] | None,
    grade: list[str] | None,
    table: list[str] | None,
) -> None:
    """Every figure with its grade and source, of the grades and tables asked for."""
    grades, tables = names(grade), names(table)
    found = [
        *unknown("AL-5010", "--grade", grades, [one.value for one in Grade]),
        *unknown("AL-5011", "--table", tables, [*TABLES, "ground"]),
    ]
    scenarios = known_scenarios(instance_folder(source), names(scenario), found)
    instance = load_instance(source, scenarios)
    if found:
        raise InstanceError(found)
    cited = [
        one
        for one in Provenance(instance).cited()
        if (not grades or one.grade in grades) and (not tables or one.table in tables)
    ]
    counts = Counter(UNGRADED if one.grade is None else one.grade.value for one in cited)
    screen.document({"exit_code": codes.DONE, "grades": counts, "figures": [asdict(one) for one in cited]})
    if screen.as_json:
        return
    for (table, key), rows in groupby(cited, lambda one: (one.table, one.key)):
        screen.answer(f"{table} {key}")
        for (graded, text), figures in groupby(rows, lambda one: (one.grade or UNGRADED, one.source)):
            listed = ", ".join(f"{one.column} {one.value}" for one in figures)
            screen.answer(f"  {listed}: {graded}{f', {text}' if text else ''}")
    shown = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
    screen.answer(f"{len(cited)} figures: {shown}")


def settings(screen: Screen) -> None:
    """The constants of the method, and what each is."""
    from optimizer.campaign.settings import SETTINGS

    said = {name: field.description or "" for name, field in type(SETTINGS).model_fields.items()}
    values = SETTINGS.model_dump()
    screen.document([{"name": name, "value": values[name], "description": said[name]} for name in said])
    if not screen.as_json:
        rows = [(name, f"{values[name]:g}", said[name]) for name in said]
        screen.table(["", "", ""], rows)


def source_of(plan: Plan, given: Path | None) -> str | Path:
    """Where the instance of a plan is: as told, as noted in the plan, or shipped."""
    if given is not None:
        return given
    remedy = "say where it is now with --instance"
    if plan.instance_path:
        if Path(plan.instance_path).is_dir():
            return plan.instance_path
        problem = "the instance of this plan is not there any more"
        raise InstanceError([finding("AL-5006", "plan.json", plan.instance_path, problem, remedy)])
    if plan.instance in {name for name, _ in shipped_instances()}:
        return plan.instance
    problem = "the instance of this plan is not shipped, and the plan does not say where it is"
    raise InstanceError([finding("AL-5006", "plan.json", plan.instance, problem, remedy)])


def instance_of(plan: Plan, given: Path | None) -> Instance:
    """The instance of a plan, with its scenarios, days and rules."""
    instance = load_instance(source_of(plan, given), plan.options.scenarios, plan.options.days)
    return with_common_rules(instance) if plan.options.rules == "common" else instance


def _changed_files(plan: Plan, instance: Instance) -> list[str]:
    """Files that differ from those the plan was made from; none when the plan does not say."""
    then, now = dict(plan.instance_sha256), dict(instance.sha256)
    return sorted(name for name in {*then, *now} if then and then.get(name) != now.get(name))


def warn_of_changes(screen: Screen, plan: Plan, instance: Instance) -> bool:
    """Say which files of the instance are not those that the plan was made from; whether there are any."""
    changed = _changed_files(plan, instance)
    if changed:
        screen.tell(
            f"Warning: the instance has changed since the plan was made: {', '.join(changed)}.", "yellow"
        )
    return bool(changed)


def check_plan(screen: Screen, folder: Path, given: Path | None) -> None:
    """The judge's word on the files of a plan."""
    from optimizer.check import check
    from optimizer.cli.solving import violation_document
    from reports.schedules import read_plan

    plan = read_plan(folder)
    instance = instance_of(plan, given)
    changed = warn_of_changes(screen, plan, instance)
    violations = check(plan, instance)
    for violation in violations:
        place = f"{violation.file}: " if violation.file else ""
        screen.answer(f"{place}{violation}")
    count = len(violations)
    screen.answer(
        f"The plan breaks rules in {count} place{'' if count == 1 else 's'}."
        if violations
        else "The plan keeps every rule."
    )
    code = codes.BROKEN_RULE if violations else codes.DONE
    document = {
        "exit_code": code,
        "violations": [violation_document(one) for one in violations],
        "instance_changed": changed,
    }
    screen.document(document)
    raise typer.Exit(code)


def schema(screen: Screen, table: str) -> None:
    """JSON Schema of an input file."""
    screen.document(table_schema(table))
