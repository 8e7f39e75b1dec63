"""A settler that pays for what misses limits, so that there is always a plan to go on from."""

from __future__ import annotations

from collections.abc import Sequence

from pulp import lpSum

from optimizer.campaign.objective import Goal
from optimizer.campaign.settle import Settler

SHORT_PRICE, SHORT_IN_THE_END = 15.0, 300.0  # of what a kg costs on average, for a kg amiss
NO_KG = 0.05  # that are worth as much as a gap, so that nothing stays short
SPARE_FRAC = 1e-5  # of every need, that is asked for on top: what is worth nothing may stay short


class Priced(Settler):
    """A settler that may miss limits at a price; see `Settler` for the parameters."""

    _short: list[int] | None = None

    def _usd_per_kg(self, about_usd: float, limits: Sequence[tuple[Goal, float]]) -> float:
        """What a kg of what the limits ask for costs on average."""
        reached_frac = 1 - min(value for _, value in limits)
        return about_usd / max(1.0, reached_frac * self._net.total_need_kg())

    def _shortfalls(self, limits: Sequence[tuple[Goal, float]]) -> list[int]:
        """Columns of the kg by which every need misses the limits, those first asked for."""
        unreached_frac = max(0.0, min(value for _, value in limits) - SPARE_FRAC)
        if self._short is None:
            self._short = []
            for (k, c), need_kg in self._net.need_kg.items():
                column = self._session.add_column({})
                unmet = lpSum(self._x.unmet_kg[k, c, d] for d in self._net.days)
                terms = {**self._session.terms(unmet), column: -1.0}
                self._session.add_row(terms, high=sum(need_kg) * unreached_frac)
                self._short.append(column)
        return self._short
