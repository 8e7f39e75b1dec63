"""What can be wrong with what was typed.

======== ============================================================
AL-5001  a party is unknown
AL-5002  a scenario is unknown
AL-5003  an option does not hold a number
AL-5004  a number is out of its range
AL-5005  the folder to write to cannot be used
AL-5006  the instance of a plan is not where it was
AL-5007  the method is unknown
AL-5008  the rules are unknown, or leave no day or hour to fly
AL-5009  a comparison has nothing to explain
AL-5010  the grade is unknown
AL-5011  the table is unknown
======== ============================================================
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from instances.errors import Finding, did_you_mean

RULES: Final = {
    "AL-5001": "a party is one of the instance's",
    "AL-5002": "a scenario is a file scenarios/<name>.yaml of the instance",
    "AL-5003": "numbers are plain, with a decimal point",
    "AL-5004": "the number lies in the range of its option",
    "AL-5005": "a plan goes to a new or empty folder, or to that of an older plan",
    "AL-5006": "a plan is judged with the instance it was made from",
    "AL-5007": "a campaign is solved by levels or as one plain model",
    "AL-5009": "two parties have a plan at the coverage that all can reach",
    "AL-5008": "parties fly by their own rules, or by common ones that leave days and hours",
    "AL-5010": "a grade is one of the five of the file format",
    "AL-5011": "a table is one of the file format",
}
"""The rule behind each kind of finding."""


def finding(number: str, option: str, value: str, problem: str, remedy: str) -> Finding:
    """A finding of a kind listed above; `option` stands where the file stands in others."""
    return Finding(number, option, None, None, value, problem, RULES[number], remedy)


def unknown(number: str, option: str, wanted: Iterable[str], known: Sequence[str]) -> list[Finding]:
    """A finding for each name that was typed and is not known."""
    problem = f"there is no such {option.removeprefix('--')}"
    return [
        finding(number, option, name, problem, did_you_mean(name, known))
        for name in wanted
        if name not in known
    ]
