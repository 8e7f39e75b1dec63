"""Rules of what people get: stock, what is eaten, what is short and how severe that is."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping

from pulp import LpAffineExpression, LpVariable, lpSum

from optimizer.campaign.terms import Rows, Tag, before, weighed
from optimizer.campaign.variables import Variables
from optimizer.needs import NUTRIENTS, Demand, content
from optimizer.network import Network
from optimizer.severity import Block, blocks, per_unit


def received_kg(x: Variables, net: Network, k: str, c: str, d: int) -> LpAffineExpression:
    """Kg of a commodity that reach a community on a day."""
    return weighed(
        (x.hand_over_kg[z, k, c, d], (1 - net.links[z, k].loss_frac))
        for z in net.zones
        if (z, k, c, d) in x.hand_over_kg
    )


def ration_balance(x: Variables, net: Network) -> Rows:
    """People eat foods from stock and from what arrives, of each group no more than they can.

    community_stock_kg[k, c, d] = community_stock_kg[k, c, d-1] + sum_z (1 - loss_frac[z, k])
                                  * hand_over_kg[z, k, c, d] - eaten_kg[k, c, d]        for all k, foods c, d
    sum_{c of g} eaten_kg[k, c, d] / most_kg[k, c, d] <= 1             for all k, groups g of foods, d
    """
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for k, c in net.diet:
        groups[k, net.commodities[c].group].append(c)
        for d in net.days:
            kept = before(x.community_stock_kg, (k, c), d, net.starting_kg[k, c])
            eaten = [x.eaten_kg[k, c, d]] if (k, c, d) in x.eaten_kg else []
            left = kept + received_kg(x, net, k, c, d) - lpSum(eaten)
            yield (k, c, d), x.community_stock_kg[k, c, d] == left
    for (k, group), foods in groups.items():
        for d in filter(net.ends, net.days):
            most = {c: net.diet[k, c][d] for c in foods}
            shares = [x.eaten_kg[k, c, d] / kg for c, kg in most.items() if math.isfinite(kg)]
            yield (Tag("most"), k, Tag(group), d), lpSum(shares) <= 1


def community_stock_balance(x: Variables, net: Network) -> Rows:
    """Items are used from stock and from what arrives; the rest of the need is unmet; what lasts stays.

    community_stock_kg[k, c, d] = community_stock_kg[k, c, d-1] + sum_z (1 - loss_frac[z, k])
                                  * hand_over_kg[z, k, c, d] - need_kg[k, c, d] + unmet_kg[k, c, d]
    unmet_kg[k, c, d] <= need_kg[k, c, d]                                              for all k, items c, d
    Of a lasting item nothing is used: unmet_kg[k, c, d] >= need_kg[k, c, d] - community_stock_kg[k, c, d].
    """
    for (k, c), demand in net.items.items():
        for d in net.days:
            need = demand.amount[d]
            unmet = [x.unmet_kg[k, c, d]] if need > 0 else []
            kept = before(x.community_stock_kg, (k, c), d, net.starting_kg[k, c])
            had = kept + received_kg(x, net, k, c, d)
            stock = x.community_stock_kg[k, c, d]
            if demand.lasting:
                yield (k, c, d), stock == had
                if unmet:
                    # Of a spell, the stock of its end counts on each of its days.
                    yield (Tag("lasting"), k, c, d), unmet[0] >= need - demand.days[d] * stock
            else:
                yield (k, c, d), stock == had - need + lpSum(unmet)
            if unmet:
                yield (Tag("unmet"), k, c, d), unmet[0] <= need


def nutrient_need(x: Variables, net: Network) -> Rows:
    """What is eaten and what is short come to what people need; any food serves.

    sum_c content[c, n] * eaten_kg[k, c, d] + short[k, n, d] >= need[k, n, d]     for all k, nutrients n, d
    in person-days of the need.
    """
    for (k, n), demand in net.nutrients.items():
        for d in net.days:
            if demand.amount[d] > 0:
                yield (
                    (k, Tag(n), d),
                    _served(x.eaten_kg, net, demand, d) + x.short[k, n, d]
                    >= (demand.amount[d] * per_unit(demand)),
                )


def _served(
    kg: Mapping[tuple[str, str, int], LpVariable], net: Network, demand: Demand, d: int
) -> LpAffineExpression:
    k, n = demand.community, demand.name
    return weighed(
        (kg[k, c, d], content(net.commodities[c], n) * per_unit(demand))
        for kk, c in net.diet
        if kk == k and (k, c, d) in kg
    )


def closing_stock(x: Variables, net: Network) -> Rows:
    """Stock of the last evening that is wanted for the days after, and what it lacks.

    As `nutrient_need` and `ration_balance` over these days, eaten from what is in stock; of an item
    community_stock_kg[k, c, last] + closing_short[k, c] >= need           for all k, needs with closing days
    """
    last = net.days[-1]
    for (k, name), short in x.closing_short.items():
        demand = net.demands[k, name]
        period = demand.closing
        if period is None:
            continue
        need = period.amount * per_unit(demand)
        if name in NUTRIENTS:
            foods = [c for kk, c in x.closing_kg if kk == k]
            kept = weighed((x.closing_kg[k, c], content(net.commodities[c], name)) for c in foods)
        else:
            kept = lpSum([x.community_stock_kg[k, name, last]])
        yield (Tag("need"), k, Tag(name)), per_unit(demand) * kept + short >= need
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for k, c in x.closing_kg:
        groups[k, net.commodities[c].group].append(c)
        yield (k, c), x.closing_kg[k, c] <= x.community_stock_kg[k, c, last]
    for (k, group), foods in groups.items():
        closing = net.demands[k, "kcal"].closing
        most_g = {c: net.commodities[c].most_g_per_person_day for c in foods}
        people = 0.0 if closing is None else closing.people
        shares = [x.closing_kg[k, c] / (g / 1000 * people) for c, g in most_g.items() if g is not None]
        yield (Tag("most"), k, Tag(group)), lpSum(shares) <= 1


def short_of(x: Variables, demand: Demand, block: Block) -> LpAffineExpression:
    """What is short of a need over a block, in person-days of it."""
    k, name = demand.community, demand.name
    terms: list[LpAffineExpression | LpVariable] = []
    if demand.closing in block.periods:
        terms.append(x.closing_short[k, name])
    if name in NUTRIENTS:
        terms += [x.short[k, name, d] for d in block.days]
    else:
        terms += [per_unit(demand) * x.unmet_kg[k, name, d] for d in block.days]
    return lpSum(terms)


def severity(x: Variables, net: Network) -> Rows:
    """Hunger counts more the deeper it is: what is short fills the parts of the curve, the mildest first.

    short[k, n, period] <= sum_part short_part[k, n, period, part]
    short_part[k, n, period, part] <= width of the part * person-days      for all k, needs n, periods, parts
    """
    for (k, name), demand in net.demands.items():
        for i, block in enumerate(blocks(net, demand)):
            parts = [x.short_part[k, name, i, part] for part in range(len(block.parts))]
            yield (k, Tag(name), Tag(f"p{i}")), short_of(x, demand, block) <= lpSum(parts)
            for part, (variable, one) in enumerate(zip(parts, block.parts, strict=True)):
                yield (k, Tag(name), Tag(f"p{i}"), Tag(str(part))), variable <= one.person_days


def severity_terms(x: Variables, net: Network) -> Iterator[tuple[tuple[str, str, int], LpAffineExpression]]:
    """Severity in person-days by community, need and number of the block."""
    for (k, name), demand in net.demands.items():
        for i, block in enumerate(blocks(net, demand)):
            yield (
                (k, name, i),
                weighed(
                    (x.short_part[k, name, i, part], one.severity) for part, one in enumerate(block.parts)
                ),
            )


def worst_week(x: Variables, net: Network) -> Rows:
    """The worst-off community and period is at least as badly off as each.

    sum_n severity[k, n, period] <= worst_severity_frac * sum_n weight[n] * person-days[k, n, period]
                                                                                     for all k, periods
    """
    terms = dict(severity_terms(x, net))
    for k in net.communities:
        entries = [
            (block.periods[0].first, block.periods[-1].last, name, i)
            for (kk, name), demand in net.demands.items()
            if kk == k
            for i, block in enumerate(blocks(net, demand))
        ]
        for together in _overlapping(entries):
            weighed = sum(
                net.demands[k, name].weight * period.people
                for _, _, name, i in together
                for period in blocks(net, net.demands[k, name])[i].periods
            )
            told = lpSum(terms[k, name, i] for _, _, name, i in together)
            yield (k, Tag(f"p{together[0][0]}")), told <= weighed * x.worst_severity_frac[()]


def _overlapping(entries: list[tuple[int, int, str, int]]) -> list[list[tuple[int, int, str, int]]]:
    """Entries (first day, last day, ...) in groups that share days: spells may run across periods."""
    groups: list[list[tuple[int, int, str, int]]] = []
    reached = -1
    for entry in sorted(entries):
        if groups and entry[0] <= reached:
            groups[-1].append(entry)
        else:
            groups.append([entry])
        reached = max(reached, entry[1])
    return groups


def coverage_week(x: Variables, net: Network) -> Rows:
    """With `--coverage`, this share of every need is met in every period from a day on.

    short[k, n, period] <= unreached_frac * person-days[k, n, period] + uncovered[k, n, period]
                                       for all k, needs n, periods that begin on or after the day
    where nothing is left uncovered in a plan, and whoever seeks one may pay for it.
    """
    for (k, name), demand in net.demands.items():
        for i, block in enumerate(blocks(net, demand)):
            counted = [p for p in block.periods if net.coverage_from <= p.first and p is not demand.closing]
            if counted:
                others = sum(p.amount for p in block.periods if p not in counted) * per_unit(demand)
                asked = sum(p.amount for p in counted) * per_unit(demand)
                short = short_of(x, demand, block)
                yield (
                    (k, Tag(name), Tag(f"p{i}")),
                    short <= (asked * x.unreached_frac[()] + others + x.uncovered[k, name, i]),
                )
