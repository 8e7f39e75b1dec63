"""Which zones one sortie should serve in turn: as good as brute force over every order of every set."""

from __future__ import annotations

import random
from itertools import pairwise, permutations

import pulp
import pytest

from optimizer.tours import Tour, TourProblem, find_tours

ZONES, STOPS = 5, 4
CRUISE_KM_PER_MIN = 4.0


def drawn(seed: int, zones: int = ZONES) -> tuple[TourProblem, tuple[float, ...]]:
    """Zones scattered to one side of a base, some behind a threat, and what each needs in a day."""
    rng = random.Random(seed)
    places = [(0.0, 0.0), *((rng.uniform(20, 160), rng.uniform(-80, 80)) for _ in range(zones))]
    km = tuple(tuple(((x - u) ** 2 + (y - v) ** 2) ** 0.5 for u, v in places) for x, y in places)
    risky = [0.0, *(rng.choice([0.0, 0.0, 0.004]) for _ in range(zones))]
    exposure = tuple(
        tuple((risky[a] + risky[b]) / 2 if a != b else 0.0 for b in range(zones + 1))
        for a in range(zones + 1)
    )
    needs = tuple(rng.uniform(200, 1900) for _ in range(zones))
    problem = TourProblem(
        km=km,
        minutes=tuple(tuple(leg / CRUISE_KM_PER_MIN for leg in row) for row in km),
        exposure=exposure,
        stop_min=(0.0, *(rng.choice([10.0, 20.0]) for _ in range(zones))),
        fixed_min=10.0,
        payload_kg=lambda path_km: max(0.0, 2000 - 2 * max(0.0, path_km - 200)),
        least_kg=1.0,
        most_min=rng.choice([150.0, 240.0]),
        most_exposure=0.01,
        usd_per_min=20.0,
        usd_per_sortie=rng.choice([0.0, 500.0]),
        wanted_kg=(0.0, *needs),
    )
    return problem, needs


def every_tour(problem: TourProblem) -> list[Tour]:
    """The best order of every set that range, payload, time and loss allow, by arithmetic of its own.

    All orders are tried; the shortest is the cheapest and lifts most, and here all orders risk the same.
    """
    best: dict[frozenset[int], tuple[float, Tour]] = {}
    for stops in range(1, STOPS + 1):
        for tour in permutations(range(1, len(problem.km)), stops):
            legs = list(pairwise((0, *tour, 0)))
            path_km = sum(problem.km[a][b] for a, b in legs)
            minutes = path_km / CRUISE_KM_PER_MIN + sum(problem.stop_min[z] for z in tour) + 10
            risk = sum(problem.exposure[a][b] for a, b in legs)
            if minutes <= problem.most_min and risk <= problem.most_exposure and path_km < 1200:
                known = best.setdefault(frozenset(tour), (path_km, tour))
                best[frozenset(tour)] = min(known, (path_km, tour))
    return [tour for _, tour in best.values()]


def cheapest(problem: TourProblem, tours: list[Tour], needs: tuple[float, ...]) -> float:
    """Least cost of sorties, each any of these tours, that bring every zone its need; loads may be split."""
    model = pulp.LpProblem("day", pulp.LpMinimize)
    flown = {t: model.add_variable(f"n{i}", lowBound=0, cat="Integer") for i, t in enumerate(tours)}
    kg = {(t, z): model.add_variable(f"kg{i}_{z}", lowBound=0) for i, t in enumerate(tours) for z in t}
    for t, n in flown.items():
        lift = problem.payload_kg(sum(problem.km[a][b] for a, b in pairwise((0, *t, 0))))
        model.addConstraint(pulp.lpSum(kg[t, z] for z in t) <= lift * n)
    for z, need in enumerate(needs, start=1):
        able = [kg[t, z] for t in tours if z in t]
        if able:
            model.addConstraint(pulp.lpSum(able) >= need)
    model.setObjective(pulp.lpSum(problem.usd(t) * n for t, n in flown.items()))
    model.solve(pulp.HiGHS(msg=False, gapRel=0.0))
    return float(pulp.value(model.objective) or 0.0)


@pytest.mark.parametrize("seed", range(50))
def test_the_best_tours_are_among_those_found(seed: int) -> None:
    """A day costs no more with the tours found than with all of them."""
    problem, needs = drawn(seed)
    tours = every_tour(problem)
    singles = [tour for tour in tours if len(tour) == 1]
    found = find_tours(problem, STOPS)
    assert {frozenset(tour) for tour in found} <= {frozenset(tour) for tour in tours}
    best = cheapest(problem, tours, needs)
    assert cheapest(problem, [*singles, *found], needs) == pytest.approx(best, rel=1e-6)


@pytest.mark.parametrize("seed", range(10))
def test_longer_tours_are_proposed_where_not_all_sets_are_tried(seed: int) -> None:
    """Only the ten pairs are tried one by one; what is proposed beside them makes a day as cheap."""
    problem, needs = drawn(seed)
    singles = [tour for tour in every_tour(problem) if len(tour) == 1]
    found = find_tours(problem, STOPS, most_sets=10)
    best = cheapest(problem, every_tour(problem), needs)
    assert cheapest(problem, [*singles, *found], needs) == pytest.approx(best, rel=1e-6)
