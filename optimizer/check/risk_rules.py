"""Rules about the risk of a campaign: aircraft lost, people hurt, cargo gone astray."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from instances.schema import Party
from optimizer.check.case import Case, grouped
from optimizer.check.violation import Violation, far, kg, number, percent

KG: Final = 0.01  # kg are written with three decimals
ROW_KG: Final = 0.001  # what rounding one row may add to a sum
PROB: Final = 1e-8  # probabilities are written with eight decimals
LOSS: Final = 1e-4  # of a loss, for points that are written to 0.1 m
FRAC: Final = 1e-6  # shares, and people, are written with six decimals


@dataclass(frozen=True)
class Exposure:
    """What a party's sorties risk over the campaign.

    Attributes
    ----------
    any_loss, expected_losses, worst_loss : float
        Probability of losing any aircraft, 0..1; expected number lost; worst of a sortie, 0..1.
    hull_usd, crew : float
        Expected value of hulls lost, USD, and expected number of people on board of them.
    harmed : float
        People expected to be hurt.
    dropped_kg, diverted_kg : float
        Net cargo dropped, and fallen into other hands, kg.
    sorties, loads : int
        Rows behind the sums.
    """

    any_loss: float
    expected_losses: float
    worst_loss: float
    hull_usd: float
    crew: float
    harmed: float
    dropped_kg: float
    diverted_kg: float
    sorties: int
    loads: int

    @property
    def diverted_frac(self) -> float:
        """Share of dropped kg that falls into other hands; 0 when nothing is dropped."""
        return self.diverted_kg / self.dropped_kg if self.dropped_kg > 0 else 0.0


def exposure(case: Case, party_id: str | None = None) -> Exposure:
    """Add up what the sorties of a party (all parties without one) risk."""
    own = [f for f in case.flights if party_id is None or f.craft.party.id == party_id]
    return Exposure(
        any_loss=1 - math.prod(1 - flight.loss_prob for flight in own),
        expected_losses=sum(flight.loss_prob for flight in own),
        worst_loss=max((flight.loss_prob for flight in own), default=0.0),
        hull_usd=sum(flight.loss_prob * flight.craft.fleet.hull_usd for flight in own),
        crew=sum(flight.loss_prob * flight.craft.aircraft.crew for flight in own),
        harmed=sum(flight.harm for flight in own),
        dropped_kg=sum(flight.net_kg for flight in own),
        diverted_kg=sum(flight.stray_kg for flight in own),
        sorties=len(own),
        loads=sum(len(flight.loads) for flight in own),
    )


def loss_budget(case: Case) -> Iterator[Violation]:
    """The probability of losing any aircraft stays within a party's budget: 1 - prod(1 - p) <= budget."""
    for party in case.flying:
        any_loss = exposure(case, party.id).any_loss
        if any_loss > party.loss_budget * (1 + LOSS) + PROB:
            risk = f"{percent(any_loss)} chance of losing an aircraft"
            message = f"{risk} over the campaign, the budget is {percent(party.loss_budget)}"
            yield Violation("loss_budget", party.id, message, "risk.csv")


def harm_budget(case: Case) -> Iterator[Violation]:
    """Few people may be expected to be hurt: sum harm_per_bundle x bundles <= harm_budget."""
    for party in case.flying:
        risk = exposure(case, party.id)
        harmed = risk.harmed
        # Every sortie's own figure is rounded when it is written, by half of the last decimal at most.
        if harmed > party.harm_budget + FRAC * max(1.0, 0.5 * risk.sorties):
            budget = f"the budget is {number(party.harm_budget, 6)}"
            message = f"{number(harmed, 6)} people expected to be hurt, {budget}"
            yield Violation("harm_budget", party.id, message, "risk.csv")


def diversion_limit(case: Case) -> Iterator[Violation]:
    """Little may fall into other hands: sum stray x net_kg <= diversion_limit_frac x sum net_kg."""
    for party in case.flying:
        risk = exposure(case, party.id)
        most_kg = party.diversion_limit_frac * risk.dropped_kg
        if risk.diverted_kg > most_kg + KG + ROW_KG * risk.loads:
            share = f"{percent(party.diversion_limit_frac)} of {kg(risk.dropped_kg)}"
            message = f"{kg(risk.diverted_kg)} fall into other hands, the limit is {share}"
            yield Violation("diversion_limit", party.id, message, "risk.csv")


def risk_figures(case: Case) -> Iterator[Violation]:
    """``risk.csv`` is what the sorties risk, beside the party's limits."""
    due = {
        (party.id, name): figure
        for party in case.flying
        for name, figure in _measures(party, exposure(case, party.id)).items()
    }
    seen = grouped(case.plan.risk, lambda row: (row.party, row.measure))
    for key, rows in seen.items():
        if key not in due:
            message = "no such measure of a flying party"
        elif len(rows) > 1:
            message = f"{len(rows)} rows of this measure"
        elif far(rows[0].value, due[key].value, due[key].tolerance):
            message = f"value is {number(rows[0].value, 8)}, the sorties give {number(due[key].value, 8)}"
        elif not _same_limit(rows[0].limit, due[key].limit):
            message = f"limit is {_limit(rows[0].limit)}, the instance says {_limit(due[key].limit)}"
        else:
            continue
        yield Violation("risk_figures", " ".join(key), message, "risk.csv")
    for party_id, name in due:
        if (party_id, name) not in seen:
            yield Violation("risk_figures", f"{party_id} {name}", "no row of this measure", "risk.csv")


@dataclass(frozen=True)
class Measure:
    """A value of ``risk.csv`` with its limit and what rounding may change."""

    value: float
    limit: float | None
    tolerance: float


def _measures(party: Party, risk: Exposure) -> dict[str, Measure]:
    """The measures of ``risk.csv`` for one party."""
    prob = PROB * (2 + risk.sorties) + LOSS * risk.expected_losses
    mass = KG + ROW_KG * risk.loads
    frac = 2 * FRAC + (mass / risk.dropped_kg if risk.dropped_kg > 0 else 0.0)
    return {
        "aircraft_loss_prob": Measure(risk.any_loss, party.loss_budget, prob),
        "expected_aircraft_lost": Measure(risk.expected_losses, None, prob),
        "worst_sortie_loss_prob": Measure(risk.worst_loss, party.loss_cap, 2 * PROB + LOSS * risk.worst_loss),
        "hull_value_at_risk_usd": Measure(risk.hull_usd, None, 0.01 + 10 * LOSS * risk.hull_usd),
        "crew_exposure": Measure(risk.crew, None, 1e-6 + 10 * LOSS * risk.crew),
        "people_harmed": Measure(risk.harmed, party.harm_budget, FRAC * (2 + risk.sorties)),
        "diverted_frac": Measure(risk.diverted_frac, party.diversion_limit_frac, frac),
        "diverted_kg": Measure(risk.diverted_kg, None, mass),
    }


def _same_limit(seen: float | None, due: float | None) -> bool:
    """Whether two limits agree, as written with eight decimals."""
    if seen is None or due is None:
        return seen is due
    return not far(seen, due, 2 * PROB)


def _limit(value: float | None) -> str:
    """A limit in words."""
    return "empty" if value is None else number(value, 8)
