"""The judge: reads a plan and its instance, recomputes everything, names every broken rule.

It shares no code with the model, so that a mistake there is found here.
"""

from optimizer.check.judge import RULES, Rule, check
from optimizer.check.violation import Violation

__all__ = ["RULES", "Rule", "Violation", "check"]
