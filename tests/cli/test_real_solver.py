"""The whole way with the real solver: every plan keeps every rule, and flying together is no dearer."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.cli.helpers import Aidlift, files


def test_together_is_no_dearer_at_the_same_coverage(aidlift: Aidlift, tiny: Path) -> None:
    done = aidlift("compare", tiny, "--time-limit", "45", "--gap", "0.1", "--days", "3")
    assert done.exit_code in (0, 4), done.output
    folder = Path("plans/tiny")
    with (folder / "comparison.csv").open(encoding="utf-8") as lines:
        rows = {row["measure"]: row for row in csv.DictReader(lines)}
    cost = {name: float(value) for name, value in rows["cost_usd"].items() if name.endswith("@equal")}
    assert cost["north+south@equal"] <= min(cost["north@equal"], cost["south@equal"]) + 0.005
    assert len(files(folder)) == 8
    for name in files(folder):
        if not name.startswith("comparison."):
            assert aidlift("check", folder / name).exit_code == 0
