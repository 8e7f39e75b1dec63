"""Rules about money: the bill of each party, and its funds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from instances.schema import Party
from optimizer.check.case import Case, grouped
from optimizer.check.figure_rules import cost_fits
from optimizer.check.flight import Flight
from optimizer.check.violation import Violation, far, usd
from optimizer.plan import Cost

CENT: Final = 0.01
SORTIE_ITEMS: Final = ("flying", "rigging", "cargo")
PARTY_ITEMS: Final = ("flying", "standing", "rigging", "cargo", "feeder")
ALL: Final = "all"  # what no single party pays


@dataclass(frozen=True)
class Item:
    """One item of a bill as the instance prices it.

    Attributes
    ----------
    usd : float
        Sum of its parts, each in whole cents.
    exact_usd : float
        Sum of its parts before rounding.
    parts : int
        Number of parts; each may be a cent off.
    """

    usd: float
    exact_usd: float
    parts: int


def item(parts: list[float]) -> Item:
    """Add up the parts of an item, USD."""
    return Item(sum(round(part, 2) for part in parts), sum(parts), len(parts))


def bill(case: Case, party: Party) -> dict[str, Item]:
    """What a party pays, by item: flying, standing, rigging, cargo, feeder."""
    own = [flight for flight in case.flights if flight.craft.party.id == party.id]
    days = len(case.dates)
    fleets = [fleet for fleet in case.instance.fleets if fleet.party == party.id]
    tails = [
        case.fleet_rows[fleet.id].tails * fleet.standing_usd_per_day * days
        for fleet in fleets
        if fleet.id in case.fleet_rows
    ]
    trips = [
        count * case.tables.feeders[feeder].usd_per_trip
        for (_, feeder), count in case.feeder_trips.items()
        if case.tables.feeders[feeder].party == party.id
    ]
    return {
        "flying": item([flight.flying_usd for flight in own]),
        "standing": item(tails),
        "rigging": item([flight.rigging_usd for flight in own]),
        "cargo": item([flight.cargo_usd or 0.0 for flight in own]),
        "feeder": item(trips),
    }


def funding_limit(case: Case) -> Iterator[Violation]:
    """A party spends no more than its funds on tails, flights, rigging, cargo and feeders.

    standing + flying + rigging + cargo + feeder <= funds_usd, before rounding to cents
    """
    rows = len(case.plan.loads)
    for party in case.flying:
        if party.funds_usd is None:
            continue
        spent = sum(entry.exact_usd for entry in bill(case, party).values())
        if spent > party.funds_usd + 0.05 + 0.001 * rows + 1e-8 * party.funds_usd:
            message = f"{usd(spent)} spent, the funds are {usd(party.funds_usd)}"
            yield Violation("funding_limit", party.id, message, "costs.csv")


def cost_figures(case: Case) -> Iterator[Violation]:
    """``costs.csv`` adds up to sorties, tails, feeders and hand-overs, to the cent."""
    due = {(p.id, name): entry for p in case.flying for name, entry in bill(case, p).items()}
    links = case.tables.links
    due[ALL, "recovery"] = item(
        [row.handed_kg * links[row.zone, row.community].usd_per_kg for row in case.handovers]
    )
    seen = grouped(case.plan.costs, lambda row: (row.party, row.item))
    for key, rows in seen.items():
        if key not in due:
            message = "no such item of a flying party"
        elif len(rows) > 1:
            message = f"{len(rows)} rows of this item"
        elif far(rows[0].usd, due[key].usd, CENT * (1 + due[key].parts)):
            message = f"{usd(rows[0].usd)}, the plan comes to {usd(due[key].usd)}"
        else:
            continue
        yield Violation("cost_figures", " ".join(key), message, "costs.csv")
    for party_id, name in due:
        if (party_id, name) not in seen:
            yield Violation("cost_figures", f"{party_id} {name}", "no row of this item", "costs.csv")
    for party in case.flying:
        yield from _to_the_cent(case, party, seen, due)


def _to_the_cent(
    case: Case,
    party: Party,
    seen: dict[tuple[str, str], list[Cost]],
    due: dict[tuple[str, str], Item],
) -> Iterator[Violation]:
    """Flying, rigging and cargo add up to the sorties' cost; silent where a figure itself is wrong."""
    own: list[Flight] = [flight for flight in case.flights if flight.craft.party.id == party.id]
    rows = [row for name in SORTIE_ITEMS for row in seen.get((party.id, name), ())]
    close = all(
        not far(r.usd, due[party.id, r.item].usd, CENT * (1 + due[party.id, r.item].parts)) for r in rows
    )
    if len(rows) != len(SORTIE_ITEMS) or not close or not all(cost_fits(flight) for flight in own):
        return
    items_usd, sorties_usd = sum(row.usd for row in rows), sum(flight.sortie.cost_usd for flight in own)
    if far(items_usd, sorties_usd, CENT / 2):
        message = f"flying, rigging and cargo are {usd(items_usd)}, the sorties cost {usd(sorties_usd)}"
        yield Violation("cost_figures", party.id, message, "costs.csv")
