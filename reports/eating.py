"""Who eats how much, and which other needs are met, in sentences for page and terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from reports.numbers import count_text, energy_text, share_text
from reports.people import Fed, Met, groups_of, kits_of
from reports.words import group_words

SAID: Final = 3  # communities named in a sentence


def joined(words: Sequence[str]) -> str:
    """``a, b and c``."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def eating_sentence(fed: Sequence[Fed], names: Mapping[str, str]) -> str:
    """What people eat on average and in their worst week, and how many fall below half; or nothing."""
    return f"{'; '.join(eating_lines(fed, names))}." if fed else ""


def eating_lines(fed: Sequence[Fed], names: Mapping[str, str]) -> list[str]:
    """The same line by line: a line for each community, or for all and the worst off where they are many."""
    if not fed:
        return []
    if len(fed) <= SAID:
        largest = sorted(fed, key=lambda one: -one.people)
        parts = [
            f"{names.get(one.community, one.community)} eats {energy_text(one.mean('kcal'))} a person and "
            f"day on average, {count_text(one.worst_week('kcal'))} in its worst week"
            for one in largest
        ]
    else:
        people = sum(one.people for one in fed)
        mean = sum(one.people * one.mean("kcal") for one in fed) / people
        worst = min(fed, key=lambda one: one.worst_week("kcal"))
        parts = [
            f"{count_text(people)} people at {len(fed)} places eat {energy_text(mean)} a person and day on "
            "average",
            f"worst off is {names.get(worst.community, worst.community)}, with "
            f"{energy_text(worst.mean('kcal'))} on average and {count_text(worst.worst_week('kcal'))} in its "
            "worst week",
        ]
    return [*parts, _below_half(fed)]


def _below_half(fed: Sequence[Fed]) -> str:
    severe = sum(one.people * one.days_in("severe") for one in fed)
    if not severe:
        return "nobody eats less than half of the standard on any day"
    total = sum(one.people * len(one.kcal) for one in fed)
    return f"on {share_text(severe / total)} of person-days it is less than half of the standard"


def items_sentence(needs: Sequence[Met], names: Mapping[str, str]) -> str:
    """Which needs beside food are met, by group, kits as numbers; or nothing."""
    kits = kits_of(needs)
    met: dict[str, list[str]] = {}
    for group, frac in groups_of(needs).items():
        own = dict.fromkeys(one.need for one in needs if one.group == group and one.need in kits)
        counted = ", ".join(f"{names.get(kit, kit)}: {kits[kit][0]} of {kits[kit][1]}" for kit in own)
        share = "all" if frac > 1 - 5e-7 else "none" if frac < 5e-7 else share_text(frac)
        met.setdefault(share, []).append(group_words(group) + (f" ({counted})" if counted else ""))
    parts = [f"{share} of {joined(groups)}" for share, groups in met.items()]
    one = sum(map(len, met.values())) == 1
    return f"Of other needs {joined(parts)} {'is' if one else 'are'} met." if parts else ""
