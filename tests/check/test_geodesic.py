"""The judge's own geodesic against PROJ's."""

import random

import pytest
from pyproj import Geod

from optimizer.check.geodesic import geodesic_km

WGS84 = Geod(ellps="WGS84")


def test_random_pairs() -> None:
    rng = random.Random(7)
    for _ in range(3000):
        a, b = ((rng.uniform(-90, 90), rng.uniform(-180, 180)) for _ in range(2))
        assert geodesic_km(*a, *b) == pytest.approx(WGS84.inv(a[1], a[0], b[1], b[0])[2] / 1000, abs=1e-6)


def test_near_pairs() -> None:
    rng = random.Random(8)
    for _ in range(1000):
        lat, lon = rng.uniform(-80, 80), rng.uniform(-180, 180)
        to = lat + rng.uniform(-0.5, 0.5), lon + rng.uniform(-0.5, 0.5)
        assert geodesic_km(lat, lon, *to) == pytest.approx(
            WGS84.inv(lon, lat, to[1], to[0])[2] / 1000, abs=1e-6
        )


def test_nearly_antipodal_pairs() -> None:
    rng = random.Random(9)
    for _ in range(200):
        lat, lon = rng.uniform(-90, 90), rng.uniform(-180, 180)
        to = max(-90, min(90, -lat + rng.uniform(-0.7, 0.7))), lon + 180 + rng.uniform(-0.7, 0.7)
        assert geodesic_km(lat, lon, *to) == pytest.approx(
            WGS84.inv(lon, lat, to[1], to[0])[2] / 1000, abs=1e-4
        )


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ((35, 40), (35, 40)),
        ((0, 0), (0, 180)),
        ((90, 0), (-90, 0)),
        ((0, 0), (0, 90)),
        ((90, 10), (90, 77)),
        ((36, 38), (-36, -142)),
        ((10, 179.5), (10, -179.5)),
    ],
)
def test_special_pairs(a: tuple[float, float], b: tuple[float, float]) -> None:
    assert geodesic_km(*a, *b) == pytest.approx(WGS84.inv(a[1], a[0], b[1], b[0])[2] / 1000, abs=1e-4)
