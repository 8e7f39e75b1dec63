"""``plan.json``: what a plan answers, how well, and what it was made from."""

from __future__ import annotations

import json
import re
from importlib.metadata import version
from typing import Any, Final

from pydantic import ValidationError

from instances.errors import Finding
from optimizer.options import Options
from optimizer.plan import Objective, Plan, Record, Refused, Status
from reports.findings import finding, from_validation
from reports.numbers import rounded

FILE: Final = "plan.json"

# These options stand at the top of the document, under the names of contract.md, and only there.
_ON_TOP: Final = {"parties": "parties", "scenarios": "scenario", "seed": "seed"}


class _InstanceStamp(Record):
    id: str
    path: str
    sha256: dict[str, str]


class _Document(Record):
    """The keys of the file, in its order."""

    instance: _InstanceStamp
    parties: Any
    scenario: Any
    options: dict[str, Any]
    status: Status
    objectives: tuple[Objective, ...]
    versions: dict[str, str]
    seed: Any
    search: dict[str, int]
    settings: dict[str, float]
    refused: tuple[Refused, ...]
    notes: tuple[str, ...]
    summary: dict[str, float]


def _objective(objective: Objective) -> dict[str, Any]:
    return {
        "name": objective.name,
        "unit": objective.unit,
        "value": rounded(objective.unit, objective.value),
        "bound": rounded(objective.unit, objective.bound),
        "gap_frac": rounded("gap_frac", objective.gap_frac),
    }


def document_text(plan: Plan) -> str:
    """The JSON of a plan: fixed order of keys, numbers with the decimals of their unit.

    Parameters
    ----------
    plan : Plan
        Its tables are left out; they have files of their own.
    """
    choices = plan.options.model_dump(mode="json")
    on_top = {key: choices.pop(name) for name, key in _ON_TOP.items()}
    document = {
        "instance": {
            "id": plan.instance,
            "path": plan.instance_path,
            "sha256": dict(plan.instance_sha256),
        },
        "parties": on_top["parties"],
        "scenario": on_top["scenario"],
        "options": choices,
        "status": plan.status.value,
        "objectives": [_objective(objective) for objective in plan.objectives],
        "versions": dict(plan.versions),
        "seed": on_top["seed"],
        "search": dict(plan.search),
        "settings": {name: int(value) if value.is_integer() else value for name, value in plan.settings},
        "refused": [refused.model_dump() for refused in plan.refused],
        "notes": list(plan.notes),
        "summary": {name: rounded(name, value) for name, value in plan.summary},
    }
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _wrong(key: str, problem: str, remedy: str, value: str = "") -> Finding:
    return finding("AL-4202", FILE, problem, remedy, column=key, value=value)


def _options(raw: dict[str, Any]) -> tuple[Options | None, list[Finding]]:
    """The options from their two places in the file; what is missing on top is found elsewhere."""
    choices = raw.get("options")
    if not isinstance(choices, dict):
        return None, []
    misplaced = _ON_TOP.keys() & choices.keys()
    missing = Options.model_fields.keys() - _ON_TOP.keys() - choices.keys()
    findings = [
        *(_wrong(f"options.{name}", "the key stands on top", "remove it here") for name in sorted(misplaced)),
        *(
            _wrong(f"options.{name}", "the key is missing", "put it back, or solve again")
            for name in sorted(missing)
        ),
    ]
    on_top = {name: raw[key] for name, key in _ON_TOP.items() if key in raw}
    try:
        return Options.model_validate(choices | on_top), findings
    except ValidationError as error:
        for one in from_validation("AL-4202", FILE, error, "correct it, or solve again"):
            name, bracket, index = (one.column or "").partition("[")
            key = _ON_TOP.get(name, f"options.{name}")
            if name not in _ON_TOP or key in raw:
                findings.append(_wrong(key + bracket + index, one.problem, one.remedy, one.value))
        return None, findings


def newer_version(text: str) -> str:
    """The version of aidlift that wrote a ``plan.json``, if it is newer than this one; else empty."""
    try:
        written = str(json.loads(text)["versions"]["aidlift"])
        return written if _parts(written) > _parts(version("aidlift")) else ""
    except (ValueError, KeyError, TypeError):
        return ""


def _parts(text: str) -> tuple[int, ...]:
    """``0.10.2`` as numbers; what stands after them says nothing here."""
    return tuple(int(part) for part in re.findall(r"\d+", text)[:3])


def read_document(text: str) -> tuple[dict[str, Any], list[Finding]]:
    """The fields of a `Plan` that ``plan.json`` holds, and what is wrong with it.

    Returns
    -------
    fields : dict
        Fields of `Plan` by name; empty when there are findings.
    findings : list of Finding
        AL-4201 and AL-4202.
    """
    try:
        raw = json.loads(text)
    except json.JSONDecodeError as error:
        remedy = "restore the file, or solve again"
        return {}, [finding("AL-4201", FILE, error.msg, remedy, row=error.lineno)]
    options, findings = _options(raw) if isinstance(raw, dict) else (None, [])
    try:
        document = _Document.model_validate(raw)
    except ValidationError as error:
        return {}, from_validation("AL-4202", FILE, error, "correct it, or solve again") + findings
    if findings:
        return {}, findings
    return {
        "instance": document.instance.id,
        "instance_path": document.instance.path,
        "instance_sha256": tuple(document.instance.sha256.items()),
        "options": options,
        "status": document.status,
        "objectives": document.objectives,
        "versions": tuple(document.versions.items()),
        "search": tuple(document.search.items()),
        "settings": tuple(document.settings.items()),
        "refused": document.refused,
        "notes": document.notes,
        "summary": tuple(document.summary.items()),
    }, []
