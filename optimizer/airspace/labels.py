"""Ways through a graph that are best in two costs: label setting with lower bounds. Pure."""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np

from optimizer.airspace.plane import Numbers

type Matrix = np.ndarray[tuple[int, int], np.dtype[np.float64]]

SAME_KM, SAME_LOSS = 1e-3, 1e-9  # ways closer than a metre and a part in a milliard are one
MOST_LABELS = 100_000  # guards against graphs in which everything is a compromise


@dataclass(frozen=True)
class Graph:
    """Costs of going from node to node, infinite where there is no way; both symmetric.

    Attributes
    ----------
    km, loss : matrix
        Length, and loss as -ln(1 - p).
    """

    km: Matrix
    loss: Matrix

    def grown(self, km: Numbers, loss: Numbers) -> Graph:
        """The graph with one more node, by its costs to all others."""

        def more(costs: Matrix, legs: Numbers) -> Matrix:
            n = len(costs)
            whole = np.full((n + 1, n + 1), np.inf)
            whole[:n, :n] = costs
            whole[n, :n] = whole[:n, n] = legs
            return whole

        return Graph(more(self.km, km), more(self.loss, loss))


@dataclass(frozen=True)
class _Label:
    km: float
    loss: float
    node: int
    parent: _Label | None


def least(costs: Matrix, target: int) -> Numbers:
    """Least cost from every node to the target (Dijkstra 1959 on a dense graph)."""
    best = np.full(len(costs), np.inf)
    best[target] = 0.0
    open_ = best.copy()
    for _ in range(len(costs)):
        node = int(np.argmin(open_))
        if not np.isfinite(open_[node]):
            break
        open_[node] = np.inf
        through = best[node] + costs[node]
        better = through < best
        best[better] = through[better]
        open_[better] = through[better]
    return best


def front(
    graph: Graph, start: int, target: int, km_left: Numbers, loss_left: Numbers
) -> list[tuple[int, ...]]:
    """Every way from start to target that no other beats in length and loss, the shortest first.

    Parameters
    ----------
    graph : Graph
        Costs of edges.
    start, target : int
        Nodes.
    km_left, loss_left : array
        Lower bounds from each node to the target, such as `least` gives.

    Returns
    -------
    list of tuple of int
        Nodes of each way, start and target included; empty when there is no way.

    References
    ----------
    E. Q. V. Martins, "On a multicriteria shortest path problem", European Journal of Operational Research
    16, 1984, pp. 236-245.
    """
    if not np.isfinite(km_left[start]):
        return []
    order = 0
    heap = [(float(km_left[start]), float(loss_left[start]), order, _Label(0.0, 0.0, start, None))]
    settled: dict[int, list[_Label]] = {}
    while heap and order < MOST_LABELS:
        label = heapq.heappop(heap)[3]
        ends = settled.get(target, [])
        if _beaten(settled.get(label.node, []), label.km, label.loss):
            continue
        if _beaten(ends, label.km + km_left[label.node], label.loss + loss_left[label.node]):
            continue
        settled.setdefault(label.node, []).append(label)
        if label.node == target:
            continue
        km, loss = label.km + graph.km[label.node], label.loss + graph.loss[label.node]
        bound_km, bound_loss = km + km_left, loss + loss_left
        promising = np.isfinite(bound_km) & np.isfinite(bound_loss)
        for end in ends:
            promising &= ~((end.km <= bound_km + SAME_KM) & (end.loss <= bound_loss + SAME_LOSS))
        for node in np.flatnonzero(promising):
            order += 1
            found = _Label(float(km[node]), float(loss[node]), int(node), label)
            heapq.heappush(heap, (float(bound_km[node]), float(bound_loss[node]), order, found))
    return [_way(label) for label in settled.get(target, [])]


def _beaten(by: list[_Label], km: float, loss: float) -> bool:
    return any(other.km <= km + SAME_KM and other.loss <= loss + SAME_LOSS for other in by)


def _way(label: _Label) -> tuple[int, ...]:
    nodes: list[int] = []
    at: _Label | None = label
    while at is not None:
        nodes.append(at.node)
        at = at.parent
    return tuple(reversed(nodes))
