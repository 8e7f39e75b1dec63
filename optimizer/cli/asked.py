"""What was typed becomes an instance, options and a folder, or every finding at once."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from instances.errors import Finding, InstanceError
from instances.folders import unusable_target
from instances.generate import size_limits
from instances.load import instance_folder, load_instance, scenarios_of, shipped_instances
from instances.schema import Instance
from instances.size import Size
from optimizer.cli.findings import finding, unknown
from optimizer.common import nothing_in_common, with_common_rules
from optimizer.options import METHODS, Method, Options, Rules
from optimizer.options import RULES as RULES_OF_PARTIES
from optimizer.runs import folder_name

MARKER: Final = "plan.json"


@dataclass(frozen=True)
class Asked:
    """The command line as typed."""

    source: str
    parties: list[str] | None
    scenarios: list[str] | None
    coverage: str | None
    days: str | None
    time_limit: str
    gap: str
    seed: str
    method: str
    out: Path | None
    rules: str = RULES_OF_PARTIES[0]
    stops: str | None = None
    coverage_from: str | None = None
    rounds: str | None = None


@dataclass(frozen=True)
class Request:
    """What is to be done.

    Attributes
    ----------
    instance : Instance
        With the scenarios asked for, shortened to the days asked for.
    folder : Path
        Where to write.
    instance_path : str
        Folder of an instance that is not shipped.
    """

    instance: Instance
    options: Options
    folder: Path
    instance_path: str


@dataclass(frozen=True)
class _Number:
    """An option that holds a number, and its range."""

    option: str
    words: str
    low: float
    high: float = math.inf
    whole: bool = False


_COVERAGE: Final = _Number("--coverage", "a share 0..1, such as 0.8 for 80 %", 0, 1)
_FROM: Final = _Number("--coverage-from", "a day of the plan, a whole number from 0", 0, whole=True)
_ROUNDS: Final = _Number("--rounds", "a whole number of rounds, 0 for none", 0, whole=True)
_DAYS: Final = _Number("--days", "a whole number of days, at least 1", 1, whole=True)
_TIME_LIMIT: Final = _Number("--time-limit", "seconds, more than 0", math.ulp(0))
_STOPS: Final = _Number("--stops", "a whole number of zones, at least 1", 1, whole=True)
_GAP: Final = _Number("--gap", "a share 0..1, such as 0.005 for half a percent", 0, 1)
_SWING: Final = _Number("--swing", "a share 0..1, such as 0.2 for 20 %", 0, 1)
_SEED: Final = _Number("--seed", "a whole number 0..2147483647", 0, 2**31 - 1, whole=True)


def seconds_typed(typed: str) -> float:
    """The time limit that was typed, seconds.

    Raises
    ------
    InstanceError
        When it is none.
    """
    findings: list[Finding] = []
    seconds = _number(_TIME_LIMIT, typed, findings)
    if seconds is None:
        raise InstanceError(findings)
    return seconds


def names(values: Iterable[str] | None) -> tuple[str, ...]:
    """Names from a repeated option, each value perhaps several joined by commas; each name once."""
    parts = [part.strip() for value in values or () for part in value.split(",")]
    return tuple(dict.fromkeys(part for part in parts if part))


def _number(kind: _Number, text: str | None, findings: list[Finding]) -> float | None:
    """The number typed; None where there is none, or one that is a finding."""
    if text is None:
        return None
    remedy = f"write {kind.words}"
    try:
        value = float(text)
    except ValueError:
        findings.append(finding("AL-5003", kind.option, text, "this is not a number", remedy))
        return None
    if not math.isfinite(value) or not kind.low <= value <= kind.high or (kind.whole and value % 1):
        findings.append(finding("AL-5004", kind.option, text, "the number cannot be used", remedy))
        return None
    return value


def _parties(asked: Asked, instance: Instance, findings: list[Finding]) -> tuple[str, ...]:
    """The parties that fly, in the instance's order."""
    known = [party.id for party in instance.parties]
    wanted = names(asked.parties) or tuple(known)
    findings += unknown("AL-5001", "--party", wanted, known)
    return tuple(name for name in known if name in wanted)


def known_scenarios(folder: Path, wanted: Iterable[str], findings: list[Finding]) -> tuple[str, ...]:
    """Those scenarios that exist; the others are findings."""
    known = scenarios_of(folder)
    wanted = tuple(wanted)
    findings += unknown("AL-5002", "--scenario", wanted, known)
    return tuple(name for name in wanted if name in known)


def instance_path(source: str | Path) -> str:
    """Where an instance is that is not shipped; empty for one that is."""
    shipped = {name for name, _ in shipped_instances()}
    return "" if str(source) in shipped else str(instance_folder(source).resolve())


def request(asked: Asked, compare: bool) -> Request:
    """Read the command line and the instance, and look at the folder to write to.

    Raises
    ------
    InstanceError
        With every finding; nothing has been written then.
    """
    findings: list[Finding] = []
    coverage = _number(_COVERAGE, asked.coverage, findings)
    days = _number(_DAYS, asked.days, findings)
    time_limit = _number(_TIME_LIMIT, asked.time_limit, findings)
    gap, seed = _number(_GAP, asked.gap, findings), _number(_SEED, asked.seed, findings)
    stops, rounds = _number(_STOPS, asked.stops, findings), _number(_ROUNDS, asked.rounds, findings)
    method = _method(asked.method, findings)
    instance = _instance(asked, findings)
    if instance is None:
        raise InstanceError(findings)
    if days is not None and days > instance.header.days:
        problem = f"the instance has {instance.header.days} days"
        findings.append(finding("AL-5004", "--days", asked.days or "", problem, "ask for fewer days"))
    coverage_from = _coverage_from(asked.coverage_from, instance, days, findings)
    parties = _parties(asked, instance, findings)
    rules = _rules(asked.rules, instance, findings)
    folder = asked.out or _default_folder(instance, parties, compare, rules)
    targets = [folder / name for name in comparison_names(parties)] if compare else [folder]
    findings += _unusable(folder, targets)
    if findings or time_limit is None or gap is None or seed is None:
        raise InstanceError(findings)
    options = Options(
        parties=parties,
        scenarios=instance.scenarios,
        coverage_frac=coverage,
        coverage_from=coverage_from,
        days=None if days is None else int(days),
        time_limit_s=time_limit,
        gap_frac=gap,
        seed=int(seed),
        method=method,
        rounds=None if rounds is None else int(rounds),
        rules=rules,
        stops=None if stops is None else int(stops),
    )
    ruled = with_common_rules(instance) if rules == "common" else instance
    shortened = ruled if days is None else ruled.shortened(int(days))
    return Request(shortened, options, folder, instance_path(asked.source))


def _coverage_from(typed: str | None, instance: Instance, days: float | None, findings: list[Finding]) -> int:
    """The day from which weeks count: the first, unless another is given."""
    length, step = int(min(days or instance.header.days, instance.header.days)), instance.header.severity_days
    last = (length - 1) // step * step
    asked = _number(_FROM, typed, findings)
    if asked is not None and asked > last:
        problem = f"no period of {step} days begins so late, so that nothing would be asked for"
        remedy = f"write a day from 0 to {last}"
        findings.append(finding("AL-5004", "--coverage-from", typed or "", problem, remedy))
    return int(asked or 0)


def _method(typed: str, findings: list[Finding]) -> Method:
    """The method of that name."""
    for method in METHODS:
        if method == typed:
            return method
    findings.append(finding("AL-5007", "--method", typed, "no such method", " or ".join(METHODS)))
    return METHODS[0]


def _rules(typed: str, instance: Instance, findings: list[Finding]) -> Rules:
    """Whose rules the parties fly by."""
    for rules in RULES_OF_PARTIES:
        if rules == typed:
            problem = nothing_in_common(instance) if rules == "common" else ""
            if problem:
                remedy = "correct parties.csv, or compare by --rules own"
                findings.append(finding("AL-5008", "--rules", typed, problem, remedy))
            return rules
    remedy = " or ".join(RULES_OF_PARTIES)
    findings.append(finding("AL-5008", "--rules", typed, "there are no such rules", remedy))
    return RULES_OF_PARTIES[0]


def size_request(folder: Path, typed: Mapping[str, str], seed: str) -> tuple[Size, int]:
    """Read the numbers of an instance to generate, by the name they have in `Size`, and its seed.

    Raises
    ------
    InstanceError
        With every finding, also those of the folder to write to.
    """
    findings: list[Finding] = []
    numbers: dict[str, float] = {}
    for name, (low, high) in size_limits().items():
        whole = name != "tightness"
        words = f"a whole number {low:g}..{high:g}" if whole else "a share 0..1, 0 for ample capacity"
        more = ", as many as the library holds" if name == "commodities" else ""
        number = _number(_Number(f"--{name}", words + more, low, high, whole), typed[name], findings)
        if number is not None:
            numbers[name] = number
    seed_number = _number(_SEED, seed, findings)
    findings += unusable_target(folder)
    if findings or seed_number is None:
        raise InstanceError(findings)
    tightness = numbers.pop("tightness")
    return Size(**{name: int(number) for name, number in numbers.items()}, tightness=tightness), int(
        seed_number
    )


def limits(time_limit: str, swing: str = "0", targets: Sequence[Path] = ()) -> tuple[float, float]:
    """Seconds, and how far estimates are turned; targets, whole and parts, are looked at. Or all findings."""
    findings: list[Finding] = list(_unusable(targets[0], targets[1:])) if targets else []
    seconds, swing_frac = _number(_TIME_LIMIT, time_limit, findings), _number(_SWING, swing, findings)
    if findings or seconds is None or swing_frac is None:
        raise InstanceError(findings)
    return seconds, swing_frac


def _instance(asked: Asked, findings: list[Finding]) -> Instance | None:
    """The instance as far as it can be read; what is wrong with it joins the other findings."""
    try:
        wanted = names(asked.scenarios)
        scenarios = known_scenarios(instance_folder(asked.source), wanted, findings)
        return load_instance(asked.source, scenarios)
    except InstanceError as error:
        findings += error.findings
        return None


def comparison_names(parties: Sequence[str]) -> list[str]:
    """Names of the folders of a comparison."""
    if len(parties) < 2:
        return list(parties)
    own = [*parties, folder_name(parties)]
    return [*own, *(f"{name}@equal" for name in own)]


def _default_folder(instance: Instance, parties: Sequence[str], compare: bool, rules: Rules) -> Path:
    ruled = "" if rules == "own" else f"@{rules}"
    whole = Path("plans") / instance.header.id
    return whole.with_name(whole.name + ruled) if compare else whole / (folder_name(parties) + ruled)


def _unusable(folder: Path, targets: Iterable[Path]) -> Iterator[Finding]:
    """Why nothing can be written there, found out before hours of work rather than after."""
    remedy = "choose another folder with --out"
    place = next(one for one in (folder, *folder.absolute().parents) if one.exists())
    if not place.is_dir():
        yield finding("AL-5005", "--out", str(folder), f"{place} is a file, not a folder", remedy)
        return
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        reason = error.strerror or str(error)
        yield finding("AL-5005", "--out", str(folder), f"{place} cannot be written ({reason})", remedy)
        return
    for target in targets:
        if target.is_file():
            yield finding("AL-5005", "--out", str(target), "this is a file, not a folder", remedy)
        elif target.is_dir() and not (target / MARKER).is_file() and any(target.iterdir()):
            problem = f"the folder holds files but no {MARKER}, so it is no plan's and is left alone"
            yield finding("AL-5005", "--out", str(target), problem, remedy)
