"""Shares of a bivariate normal: over a rectangle, and over any polygon, averaged over the stick."""

from __future__ import annotations

from typing import Final

import numpy as np

from optimizer.landing.air import Array

POINT_M: Final = 1e-6
"""Least standard deviation, m: what does not scatter at all lands on a point."""
SEGMENT: Final = 1.0
"""Longest piece of an edge that one quadrature covers, in standard deviations."""
NODES, WEIGHTS = np.polynomial.legendre.leggauss(4)
_A: Final = (0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429)
_P: Final = 0.3275911


def erf(x: Array) -> Array:
    """Error function, to 1.5e-7 (Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26)."""
    t = 1 / (1 + _P * np.abs(x))
    series = t * (_A[0] + t * (_A[1] + t * (_A[2] + t * (_A[3] + t * _A[4]))))
    value: Array = np.sign(x) * (1 - series * np.exp(-np.minimum(x * x, 700.0)))
    return value


def cdf(x: Array) -> Array:
    """Distribution function of the standard normal."""
    value: Array = 0.5 * (1 + erf(x / np.sqrt(2.0)))
    return value


def within(centre: Array, half: Array, sigma: Array) -> Array:
    """Share of a normal about `centre` that lies within ``-half`` and ``half``; all in m."""
    s = np.maximum(sigma, POINT_M)
    share: Array = 0.5 * (erf((half - centre) / s / np.sqrt(2.0)) + erf((half + centre) / s / np.sqrt(2.0)))
    return share


def rectangle_share(stick: Array, half: tuple[Array, Array], turn: Array, sigma: Array) -> Array:
    """Share of a stick that falls in a rectangle about the aim point.

    Mean over the bundles of the stick of ``P(|x| < half length) P(|y| < half width)`` of a normal with
    the same standard deviation each way.

    Parameters
    ----------
    stick : array (n, bundles)
        Place of every bundle along the run-in from the middle of the stick, m; nan where there is none.
    half : tuple of arrays (n,)
        Half length and half width, m.
    turn : array (n,)
        Angle between run-in and the long axis, radians.
    sigma : array (n,)
        Standard deviation each way, m.
    """
    along, across = stick * np.cos(turn)[:, None], stick * np.sin(turn)[:, None]
    s = sigma[:, None]
    share = within(along, half[0][:, None], s) * within(across, half[1][:, None], s)
    mean: Array = np.nanmean(share, axis=1)
    return mean


def polygon_share(edges: Array, centre: Array, sigma: Array) -> Array:
    """Share of bivariate normals that falls in an area.

    By Green's theorem the integral of ``phi(x) phi(y)`` over the area is that of ``Phi(x) phi(y) dy``
    along its outline, here by Gauss-Legendre quadrature on pieces no longer than a standard deviation.

    Parameters
    ----------
    edges : array (edges, 4)
        x1, y1, x2, y2 of the outline, m, outer rings counter-clockwise and holes clockwise.
    centre : array (n, bundles, 2)
        Middle of each normal, m; the share is the mean over bundles, nan ones left out.
    sigma : array (n,)
        Standard deviation each way, m.

    Returns
    -------
    array (n,)
        Shares 0..1.
    """
    shares = np.zeros(len(sigma))
    for i, s in enumerate(np.maximum(sigma, 1.0)):
        x1, y1, x2, y2 = _pieces(edges, s)
        middle = centre[i][~np.isnan(centre[i][:, 0])]
        t = (NODES + 1) / 2
        x = x1[:, None] + (x2 - x1)[:, None] * t
        y = y1[:, None] + (y2 - y1)[:, None] * t
        dy = (y2 - y1)[:, None] * WEIGHTS / 2
        for mx, my in middle:
            z = (y - my) / s
            shares[i] += np.sum(cdf((x - mx) / s) * np.exp(-0.5 * z * z) * dy)
        shares[i] /= len(middle) * s * np.sqrt(2 * np.pi)
    return np.clip(shares, 0.0, 1.0)


def _pieces(edges: Array, sigma: float) -> tuple[Array, Array, Array, Array]:
    """The edges cut so that no piece is longer than `SEGMENT` standard deviations."""
    length = np.hypot(edges[:, 2] - edges[:, 0], edges[:, 3] - edges[:, 1])
    counts = np.maximum(1, np.ceil(length / (SEGMENT * sigma))).astype(np.int64)
    edge = np.repeat(np.arange(len(edges)), counts)
    step = np.arange(len(edge)) - np.repeat(np.cumsum(counts) - counts, counts)
    low, high = step / counts[edge], (step + 1) / counts[edge]
    x1, y1, x2, y2 = edges[edge].T
    return x1 + (x2 - x1) * low, y1 + (y2 - y1) * low, x1 + (x2 - x1) * high, y1 + (y2 - y1) * high
