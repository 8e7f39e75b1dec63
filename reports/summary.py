"""One plan in a few lines for the terminal: who eats, at what cost and risk, and how sure we are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from instances.schema import Instance
from optimizer.plan import Plan, Risk
from reports.eating import eating_lines, items_sentence
from reports.figures import names_of
from reports.measures import MEASURES, STATUS_WORDS, measured
from reports.numbers import (
    MISSING,
    count_text,
    counted_text,
    energy_text,
    gap_text,
    money_text,
    share_text,
)
from reports.people import fed_of, met_of
from reports.words import goal_words, limit_words

_BANDS: Final = {"full": "fed in full", "short": "short", "crisis": "in crisis", "severe": "severely short"}


def _tightest(risk: Sequence[Risk]) -> str:
    """The limit of which most is used."""
    used = [(one.value / one.limit, one) for one in risk if one.limit]
    if not used:
        return ""
    share, one = max(used, key=lambda pair: pair[0])
    name = limit_words(one.measure)
    whose = f"{one.party}'s {name}" if one.party else f"the {name}"
    return f"; {share_text(share)} of {whose} used"


def _gaps(plan: Plan) -> str:
    shown = [f"{goal_words(one.name)} {gap_text(one.gap_frac)}" for one in plan.objectives]
    return ", ".join(shown) or MISSING


def _footing(summary: Mapping[str, float]) -> list[tuple[str, str]]:
    """How much rests on estimates; nothing for plans of before, which do not say."""
    parts = {"cost": "the cost", "landed": "what lands"}
    if summary.get("expected_aircraft_lost"):
        parts["risk"] = "the risk"
    found = {label: summary.get(f"{name}_on_estimates_frac") for name, label in parts.items()}
    if None in found.values():
        return []
    shown = ", ".join(f"{share_text(value)} of {label}" for label, value in found.items())
    return [("Estimates", f"carry {shown}; `aidlift sources` lists the figures")]


def eaten_words(plan: Plan) -> str:
    """What people get in a few words; empty where the summary says nothing of it."""
    summary = dict(plan.summary)
    if "kcal_mean" in summary:
        worst = count_text(summary.get("kcal_worst_week"))
        return f"{energy_text(summary['kcal_mean'])} a person and day, {worst} in the worst week"
    if "items_met_frac" in summary:
        return f"{share_text(summary['items_met_frac'])} of the needs met"
    return ""


def verdict(plan: Plan) -> str:
    """A plan in one line: what people get, for how much, and what that is worth."""
    cost = money_text(dict(plan.summary).get("cost_usd"))
    return f"{eaten_words(plan) or 'A plan'} for {cost}; {STATUS_WORDS[plan.status]}"


def _bands(found: Mapping[str, float]) -> str:
    shares = {
        words: share for band, words in _BANDS.items() if (share := found.get(f"person_days_{band}_frac"))
    }
    parts = [f"{words} on {'all' if share == 1 else share_text(share)}" for words, share in shares.items()]
    return f"{', '.join(parts)} of {count_text(found.get('person_days'))} person-days"


def _people(plan: Plan, instance: Instance, found: Mapping[str, float]) -> Iterator[tuple[str, str]]:
    names, fed, needs = names_of(instance), fed_of(plan, instance), met_of(plan, instance)
    for place, line in enumerate(eating_lines(fed, names)):
        yield "" if place else "Who eats", line
    if "person_days_full" in found:
        yield "How well", _bands(found)
    if items := items_sentence(needs, names):
        yield "What else", items
    if "severity_person_days" in found:
        share = found.get("severity_person_days_frac")
        of_all = "" if share is None else f" ({share_text(share)} of all person-days)"
        worst = share_text(found.get("worst_week_severity_frac"))
        yield (
            "Severity",
            f"{count_text(found['severity_person_days'])} person-days{of_all}; {worst} in the worst "
            "community-week",
        )


def summary_lines(plan: Plan, instance: Instance) -> list[tuple[str, str]]:
    """One plan in a few lines: who eats, at what cost and risk, and how sure we are.

    Returns
    -------
    list of (str, str)
        A label and a text in a planner's units.
    """
    found = measured(plan)
    text = {one.name: one.show(found.get(one.name)) for one in MEASURES}
    under = f" under {' + '.join(plan.options.scenarios)}" if plan.options.scenarios else ""
    return [
        ("Plan", f"{' + '.join(plan.options.parties)} for {plan.instance}{under}"),
        *_people(plan, instance, found),
        (
            "Cost",
            f"{text['cost_usd']}, {text['cost_usd_per_person_day']} a person and day, "
            f"{text['cost_usd_per_landed_t']} per landed tonne",
        ),
        (
            "Flying",
            f"{counted_text(found.get('sorties'), 'sortie')} by "
            f"{counted_text(found.get('tails'), 'tail')} in {text['block_h']} block hours",
        ),
        (
            "Cargo",
            f"{text['dropped_kg']} dropped in {counted_text(found.get('bundles'), 'bundle')}, "
            f"{text['landed_kg']} landed, {text['diverted_kg']} into other hands",
        ),
        (
            "Risk",
            f"{text['expected_aircraft_lost']} aircraft lost and {text['expected_people_harmed']} people "
            f"harmed, expected{_tightest(plan.risk)}",
        ),
        *_footing(found),
        ("Gap", _gaps(plan)),
        ("Status", f"{plan.status.value.replace('_', ' ')}: {STATUS_WORDS[plan.status]}"),
    ]
