"""Makes a model in HiGHS smaller before it is solved again and again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def rows_to_bounds(highs: Any, whole: Sequence[int], *, by_row: bool) -> int:
    """Turn rows of one continuous decision into its bounds.

    Parameters
    ----------
    highs : highspy.Highs
        Holds the model.
    whole : sequence of int
        Columns that must be whole, whose rows stay.
    by_row : bool
        Whether the model is kept row by row.

    Returns
    -------
    int
        How many rows are gone.
    """
    model = highs.getLp()
    low, high = np.array(model.col_lower_), np.array(model.col_upper_)
    row_low, row_high = np.array(model.row_lower_), np.array(model.row_upper_)
    matrix = model.a_matrix_
    outer = np.repeat(np.arange(len(matrix.start_) - 1), np.diff(matrix.start_))
    inner, factors = np.array(matrix.index_), np.array(matrix.value_)
    rows, columns = (outer, inner) if by_row else (inner, outer)
    alone = np.bincount(rows, minlength=len(row_low))[rows] == 1
    alone &= ~np.isin(columns, whole)
    for j, i, factor in zip(columns[alone], rows[alone], factors[alone], strict=True):
        ends = sorted((row_low[i] / factor, row_high[i] / factor))
        low[j], high[j] = max(low[j], ends[0]), min(high[j], ends[1])
        highs.changeColBounds(int(j), low[j], high[j])
    gone = rows[alone].astype(np.int32)
    if len(gone) > 0:
        highs.deleteRows(len(gone), gone)
    return len(gone)
