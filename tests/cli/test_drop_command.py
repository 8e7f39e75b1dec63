"""One drop explained: figures that hang together, a picture, and words for what cannot be dropped."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from pyproj import Geod

from tests.cli.helpers import Aidlift, document

FLAGSHIP = "deir_ezzor_2016"
DROP = ("--zone", "dz_1", "--method", "high_altitude_canopy", "--height", "5000")


def test_figures_of_a_drop_hang_together(aidlift: Aidlift) -> None:
    done = aidlift("drop", FLAGSHIP, *DROP, "--date", "2016-05-20", "--json")
    assert done.exit_code == 0, done.output
    one = document(done)
    assert (one["bundles"], one["passes"], one["landing_basis"]) == (26, 1, "observed")
    assert one["landed_frac"] == 0.923
    ends = [one[f"{name}_frac"] for name in ("in_zone", "held", "diverted", "failed")]
    assert sum(ends) == pytest.approx(1)
    assert one["harm"] == pytest.approx(one["harm_late"] + one["harm_failed"])
    assert one["drift_m"] == pytest.approx(one["wind_mps"] * one["time_of_fall_s"])
    release = one["release"]
    _, _, metres = Geod(ellps="WGS84").inv(40.143, 35.285, release["lon"], release["lat"])
    assert metres == pytest.approx(release["distance_m"])
    # From the release the bundle is thrown forward along the run-in and then drifts: back to the centre.
    thrown = 6.9 * one["ground_speed_mps"]
    turn, drift_to = math.radians(one["run_in_deg"]), math.radians(one["drift_to_deg"])
    east = release["east_m"] + thrown * math.sin(turn) + one["drift_m"] * math.sin(drift_to)
    north = release["north_m"] + thrown * math.cos(turn) + one["drift_m"] * math.cos(drift_to)
    assert (east, north) == pytest.approx((0, 0), abs=1e-6)


def test_a_drop_in_a_crews_words(aidlift: Aidlift) -> None:
    done = aidlift("drop", FLAGSHIP, *DROP)
    for words in ("Time of fall", "5000 m (16,404 ft)", "Run-in", "92.3 %, as observed there", "26 bundles"):
        assert words in done.stdout
    computed = aidlift("drop", FLAGSHIP, *DROP[:-1], "4500", "--fleet", "un_c130")
    assert "C-130H" in computed.stdout
    assert ", computed" in computed.stdout


@pytest.mark.parametrize(("name", "begins"), [("drop.png", b"\x89PNG"), ("drop.svg", b"<?xml")])
def test_the_picture_is_drawn_and_the_same_twice(
    aidlift: Aidlift, tmp_path: Path, name: str, begins: bytes
) -> None:
    drawn = []
    for _ in range(2):
        done = aidlift("drop", FLAGSHIP, *DROP, "--picture", tmp_path / name)
        assert done.exit_code == 0, done.output
        drawn.append((tmp_path / name).read_bytes())
    assert drawn[0].startswith(begins)
    assert drawn[0] == drawn[1]


WRONG = (
    (("--zone", "dz_9"), "AL-5401", "--zone"),
    (("--method", "high_altitude"), "AL-5401", "--method"),
    (("--method", "truck"), "AL-5401", "--method"),
    (("--method", "guided_canopy"), "AL-5401", "--method"),
    (("--zone", "airport_zone"), "AL-5401", "--method"),
    (("--fleet", "un_trucks"), "AL-5401", "--fleet"),
    (("--height", "800"), "AL-5402", "--height"),
    (("--height", "7001"), "AL-5402", "--height"),
    (("--height", "high"), "AL-5402", "--height"),
    (("--height", "nan"), "AL-5402", "--height"),
    (("--date", "2016-09-01"), "AL-5403", "--date"),
    (("--date", "1/5/2016"), "AL-5403", "--date"),
    (("--picture", "drop.pdf"), "AL-5404", "--picture"),
    (("--picture", "no/such/folder/drop.png"), "AL-5404", "--picture"),
    (("--scenario", "rain"), "AL-5002", "--scenario"),
)


@pytest.mark.parametrize(("wrong", "number", "option"), WRONG, ids=lambda part: "-".join(part))
def test_what_cannot_be_dropped(aidlift: Aidlift, wrong: tuple[str, ...], number: str, option: str) -> None:
    done = aidlift("drop", FLAGSHIP, *DROP, *wrong, "--json")
    assert done.exit_code == 2, done.output
    found = document(done)["findings"]
    assert (number, option) in [(one["id"], one["file"]) for one in found]
    assert all(one["remedy"] for one in found)


def test_a_warning_where_the_run_in_is_built_up(aidlift: Aidlift, tmp_path: Path) -> None:
    aidlift("new", tmp_path / "copy", "--from", FLAGSHIP)
    zones = tmp_path / "copy" / "zones.csv"
    zones.write_text(zones.read_text().replace("35.291,40.186,1500", "35.296,40.186,1500"))
    done = aidlift(
        "drop", tmp_path / "copy", "--zone", "airport_zone", "--method", "p7_low", "--height", "1000"
    )
    assert "al-Jafra lies on the run-in" in done.stdout


def test_known_drops_come_out_on_the_screen_and_as_json(aidlift: Aidlift) -> None:
    done = aidlift("hindcast")
    assert done.exit_code == 0
    assert done.stdout.count("yes") == 6
    known = document(aidlift("hindcast", "--json"))["known"]
    assert all(one["holds"] for one in known)
    assert known[1]["event"] == "10 and 12 Apr 2016, 5 000 m"
