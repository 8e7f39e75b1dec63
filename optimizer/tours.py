"""Which zones one sortie should serve in turn: short tours by trying all, longer ones from OR-Tools routing.

Pure: places are numbers, 0 is the base. Fuel for the whole tour is taken at the base, so that every leg
costs payload.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, permutations
from typing import Any

from ortools.constraint_solver import pywrapcp, routing_enums_pb2
from ortools.linear_solver import pywraplp

type Tour = tuple[int, ...]
"""Zones in the order served, from 1."""

MOST_SETS = 2000  # sets of zones tried one by one: 22 zones up to three at a time, eight in any number
ALL_ORDERS = 5  # stops of which every order is tried; longer tours keep the order that was proposed
GROWN = 60  # tours of a size that grow by one zone where not all sets of the next size are tried
MOST_WEIGHED = 300  # tours of one craft that are weighed against each other
MOST_TOURS = 40  # kept of them
LEVELS = (0.5, 1.0)  # of what zones can use in a day, at which tours are weighed
SAVES = 0.01  # of what its stops cost one by one, which a tour must save to be worth a decision
ROUTES_TRIED = 60  # solutions of the routing library for one question
ROUTING_S = 2  # guards against a search that finds no more solutions
SCALE = 1000  # whole numbers of the routing library per minute, kg, km; a million per unit of loss


@dataclass(frozen=True)
class TourProblem:
    """What a craft may do in one sortie over several zones; matrices and lists by place, 0 the base.

    Attributes
    ----------
    km, minutes, exposure : tuple of tuple of float
        Of each leg; exposure is -ln(1 - probability of loss).
    stop_min : tuple of float
        Minutes at each place.
    fixed_min : float
        Minutes of a sortie besides legs and stops.
    payload_kg : callable
        Most payload over a tour of so many km, 0 beyond the range.
    least_kg : float
        The least load worth a stop: a full bundle with its packing, or a kilogram.
    most_min, most_exposure : float
        Longest sortie that fits into hours and duty; the party's cap.
    usd_per_min, usd_per_sortie : float
        Cost of flying.
    wanted_kg : tuple of float
        What each place can use in a day.
    """

    km: tuple[tuple[float, ...], ...]
    minutes: tuple[tuple[float, ...], ...]
    exposure: tuple[tuple[float, ...], ...]
    stop_min: tuple[float, ...]
    fixed_min: float
    payload_kg: Callable[[float], float]
    least_kg: float
    most_min: float
    most_exposure: float
    usd_per_min: float
    usd_per_sortie: float
    wanted_kg: tuple[float, ...]

    @property
    def zones(self) -> range:
        """Every place but the base."""
        return range(1, len(self.km))

    def of_legs(self, matrix: Sequence[Sequence[float]], tour: Sequence[int]) -> float:
        """Sum over the legs from the base through the zones and back."""
        return sum(matrix[a][b] for a, b in pairwise((0, *tour, 0)))

    def sortie_min(self, tour: Sequence[int]) -> float:
        """Block minutes of a tour."""
        return self.of_legs(self.minutes, tour) + sum(self.stop_min[z] for z in tour) + self.fixed_min

    def usd(self, tour: Sequence[int]) -> float:
        """Flying cost of a tour."""
        return self.sortie_min(tour) * self.usd_per_min + self.usd_per_sortie

    def can_fly(self, tour: Sequence[int]) -> bool:
        """Whether range, payload, time and loss allow a tour."""
        return (
            self.payload_kg(self.of_legs(self.km, tour)) >= self.least_kg * len(tour)
            and self.sortie_min(tour) <= self.most_min
            and self.of_legs(self.exposure, tour) <= self.most_exposure
        )


def find_tours(problem: TourProblem, most_stops: int, most_sets: int = MOST_SETS) -> list[Tour]:
    """Tours of two stops and more worth choosing among.

    Every set of zones that can be served in one sortie, with the orders no other order beats in length,
    time and loss; of sets too large to try them all, those that OR-Tools routing proposes and those that grow
    by one zone from what saves most. A tour must save something against its stops one by one.

    Parameters
    ----------
    problem : TourProblem
        The craft and its places.
    most_stops : int
        Zones that a sortie may serve.
    most_sets : int
        Sets of zones tried one by one.
    """
    alone = {z: problem.usd((z,)) for z in problem.zones if problem.can_fly((z,))}
    tried, stops = 0, 1
    found: dict[frozenset[int], list[Tour]] = {}

    def saved(tour: Tour) -> float:
        return 1 - problem.usd(tour) / sum(alone[z] for z in tour)

    while stops < min(most_stops, len(alone)):
        tried += math.comb(len(alone), stops + 1)
        if tried > most_sets:
            break
        stops += 1
        for zones in combinations(alone, stops):
            found[frozenset(zones)] = _best_orders(problem, permutations(zones))
    if stops < min(most_stops, len(alone)):
        for tour in _proposed(problem, list(alone), most_stops):
            found.setdefault(frozenset(tour), _ordered(problem, tour))
        tours = [tour for own in found.values() for tour in own]
        while stops < most_stops:
            best = sorted((t for t in tours if len(t) == stops), key=lambda t: (-saved(t), t))[:GROWN]
            stops += 1
            for zones in sorted({tuple(sorted({*t, z})) for t in best for z in alone if z not in t}):
                if frozenset(zones) not in found:
                    found[frozenset(zones)] = _ordered(problem, zones)
                tours += found[frozenset(zones)]
    worth = {tour: saved(tour) for own in found.values() for tour in own}
    return _most_useful(problem, alone, {tour: share for tour, share in worth.items() if share >= SAVES})


def _ordered(problem: TourProblem, tour: Tour) -> list[Tour]:
    """The best orders of a few zones; of many the one proposed, with each zone put where it costs least."""
    if len(tour) <= ALL_ORDERS:
        return _best_orders(problem, permutations(tour))
    order: Tour = ()
    for z in tour:
        ways = [(*order[:i], z, *order[i:]) for i in range(len(order) + 1)]
        order = min(ways, key=lambda way: (problem.sortie_min(way), way))
    return _best_orders(problem, [tour, tour[::-1], order, order[::-1]])


def _best_orders(problem: TourProblem, orders: Iterable[Tour]) -> list[Tour]:
    """Orders of the same zones that can be flown and that no other beats; of a tour and its reverse one."""
    figures = {
        tour: (
            problem.sortie_min(tour),
            problem.of_legs(problem.km, tour),
            problem.of_legs(problem.exposure, tour),
        )
        for tour in orders
        if tour[0] <= tour[-1] and problem.can_fly(tour)
    }
    kept: list[Tour] = []
    for tour in sorted(figures, key=lambda tour: (figures[tour], tour)):
        if not any(all(a <= b for a, b in zip(figures[k], figures[tour], strict=True)) for k in kept):
            kept.append(tour)
    return kept


def _most_useful(problem: TourProblem, alone: Iterable[int], saved: dict[Tour, float]) -> list[Tour]:
    """At most `MOST_TOURS`, those that cheap days fly: of least reduced cost at some level of need."""
    if len(saved) <= MOST_TOURS:
        return sorted(saved)
    tours = _most_saving(saved)
    costs = [_reduced_costs(problem, alone, tours, level) for level in LEVELS]
    least = {tour: min(of_level[tour] for of_level in costs) for tour in tours}
    return sorted(sorted(tours, key=lambda tour: (round(least[tour], 6), -saved[tour], tour))[:MOST_TOURS])


def _most_saving(saved: dict[Tour, float]) -> list[Tour]:
    """At most `MOST_WEIGHED`: in turn for each zone and number of stops the best of those left."""
    order = sorted(saved, key=lambda tour: (-saved[tour], tour))
    waiting: dict[tuple[int, int], list[Tour]] = {}
    for tour in order:
        for z in sorted(tour):
            waiting.setdefault((len(tour), z), []).append(tour)
    taken: dict[Tour, None] = {}
    while len(taken) < min(MOST_WEIGHED, len(order)):
        for _, own in sorted(waiting.items()):
            while own and own[0] in taken:
                own.pop(0)
            if own and len(taken) < MOST_WEIGHED:
                taken[own.pop(0)] = None
    return sorted(taken)


def _reduced_costs(
    problem: TourProblem, alone: Iterable[int], tours: Sequence[Tour], level: float
) -> dict[Tour, float]:
    """What a sortie of each tour would add to the cost of a relaxed day, per USD that it costs.

    sum_z kg[t, z] <= payload[t] x sorties[t]; kg[t, z] <= need[z] x sorties[t]; sum_t kg[t, z] >= need[z].
    """
    solver = pywraplp.Solver.CreateSolver("GLOP")
    need_kg = {z: max(problem.least_kg, level * problem.wanted_kg[z]) for z in alone}
    brought = {z: solver.RowConstraint(kg, solver.infinity(), "") for z, kg in need_kg.items()}
    flown = {tour: solver.NumVar(0, solver.infinity(), "") for tour in (*((z,) for z in need_kg), *tours)}
    for tour, sorties in flown.items():
        lifted = solver.RowConstraint(-solver.infinity(), 0, "")
        lifted.SetCoefficient(sorties, -problem.payload_kg(problem.of_legs(problem.km, tour)))
        solver.Objective().SetCoefficient(sorties, problem.usd(tour))
        for z in tour:
            kg = solver.NumVar(0, solver.infinity(), "")
            at_most = solver.RowConstraint(-solver.infinity(), 0, "")
            at_most.SetCoefficient(kg, 1)
            at_most.SetCoefficient(sorties, -need_kg[z])
            lifted.SetCoefficient(kg, 1)
            brought[z].SetCoefficient(kg, 1)
    solver.Solve()
    return {tour: flown[tour].reduced_cost() / problem.usd(tour) for tour in tours}


def _proposed(problem: TourProblem, zones: Sequence[int], most_stops: int) -> Iterator[Tour]:
    """Tours of the cheapest routes to all zones, for several sizes of load at a stop."""
    nearest = min(problem.of_legs(problem.km, (z,)) for z in zones)
    payload_kg = problem.payload_kg(nearest)
    sizes = [[payload_kg / stops for _ in zones] for stops in range(2, most_stops + 1)]
    sizes.append([min(payload_kg, problem.wanted_kg[z]) for z in zones])
    for loads_kg in sizes:
        for tour in _routes(problem, zones, loads_kg, payload_kg, most_stops):
            yield tour if tour[0] <= tour[-1] else tour[::-1]


def _routes(
    problem: TourProblem,
    zones: Sequence[int],
    loads_kg: Sequence[float],
    payload_kg: float,
    most_stops: int,
) -> list[Tour]:
    """Routes of two stops and more of the cheapest way to bring each zone its load, by OR-Tools."""
    places = [0, *zones]
    manager = pywrapcp.RoutingIndexManager(len(places), len(zones), 0)
    routing = pywrapcp.RoutingModel(manager)
    loads = [0, *loads_kg]

    def between(value: Callable[[int, int], float], scale: float) -> int:
        table = [[round(scale * value(a, b)) for b in places] for a in places]
        return int(routing.RegisterTransitMatrix(table))

    def at(values: Sequence[float], scale: float) -> int:
        return int(routing.RegisterUnaryTransitVector([round(scale * value) for value in values]))

    minutes = between(lambda a, b: problem.minutes[a][b] + problem.stop_min[a], SCALE)
    exposure = between(lambda a, b: problem.exposure[a][b], SCALE * SCALE)
    limits = (
        (minutes, SCALE * max(0.0, problem.most_min - problem.fixed_min), "minutes"),
        (exposure, SCALE * SCALE * min(problem.most_exposure, 1.0), "exposure"),
        (at(loads, SCALE), SCALE * payload_kg + len(zones), "kg"),
        (at([0, *(1 for _ in zones)], 1), most_stops, "stops"),
    )
    for transit, most, name in limits:
        routing.AddDimension(transit, 0, int(most), True, name)
    routing.SetArcCostEvaluatorOfAllVehicles(minutes)
    per_min = max(problem.usd_per_min, 1e-9)
    routing.SetFixedCostOfAllVehicles(round(SCALE * (problem.fixed_min + problem.usd_per_sortie / per_min)))
    skipped = round(SCALE * 10 * max(problem.sortie_min((z,)) for z in zones))
    for node in range(1, len(places)):
        routing.AddDisjunction([manager.NodeToIndex(node)], skipped)
    solution = routing.SolveWithParameters(_effort())
    return [] if solution is None else list(_read(routing, manager, solution, places))


def _read(routing: Any, manager: Any, solution: Any, places: Sequence[int]) -> Iterator[Tour]:
    """The routes of a solution that serve two zones or more."""
    for vehicle in range(routing.vehicles()):
        tour, index = [], solution.Value(routing.NextVar(routing.Start(vehicle)))
        while not routing.IsEnd(index):
            tour.append(places[manager.IndexToNode(index)])
            index = solution.Value(routing.NextVar(index))
        if len(tour) > 1:
            yield tuple(tour)


def _effort() -> Any:
    """How hard the library tries: counted in solutions, so that every machine finds the same."""
    asked = pywrapcp.DefaultRoutingSearchParameters()
    asked.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.SAVINGS
    asked.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    asked.solution_limit = ROUTES_TRIED
    asked.time_limit.seconds = ROUTING_S
    return asked
