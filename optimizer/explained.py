"""Records of what explains a plan or a difference between plans; made by the optimizer, shown by reports."""

from __future__ import annotations

from optimizer.plan import Record


class Ellipse(Record):
    """Where 95 % of the bundles of a stick come down; half axes in m, direction in degrees from north.

    `days` are those it holds for, counted from 0.
    """

    zone: str
    method: str
    release_height_m: float
    days: tuple[int, ...]
    along_m: float
    across_m: float
    run_in_deg: float


class Limit(Record):
    """A limit that keeps a need short, and what a re-solve with one unit more of it gains.

    Attributes
    ----------
    name : str
        Name of the rule, as in ``optimizer/README.md``, or ``winds``.
    place : str
        Id of what it limits: a zone, fleet, base, party, feeder or link.
    days : tuple of int
        Days it binds on, counted from 0; empty where it holds over the whole plan.
    words : str
        The limit in a planner's words.
    unit : str
        One unit of it, in words.
    gained : float
        What of the need is met in addition with one unit more, over the plan: kcal, g, or units of an item.
    gained_people : float
        How many people more than before have their whole need, on the mean day in need.
    """

    name: str
    place: str
    days: tuple[int, ...]
    words: str
    unit: str
    gained: float
    gained_people: float


class Shortfall(Record):
    """Why a need of a community is short.

    Attributes
    ----------
    community : str
        Whose need.
    need : str
        ``kcal``, ``protein_g`` or ``fat_g``, or the id of a commodity.
    unit : str
        ``kcal`` or ``g`` of a nutrient; of an item what it is counted in, such as ``kit`` or ``kg``.
    short : float
        What the plan leaves short over all its days, in `unit`; of a lasting need, on the mean day in need.
    people : float
        How many people's whole need that is, on the mean day in need.
    relaxed_short : float
        The least of `short` that any plan could leave, were sorties divisible and nobody else to get less.
    limits : tuple of Limit
        Those that bind, by what one unit more gains.
    """

    community: str
    need: str
    unit: str
    short: float
    people: float
    relaxed_short: float
    limits: tuple[Limit, ...] = ()


class Share(Record):
    """A party's Shapley share of the joint plan, and what it comes to alone, in the unit of the measure."""

    measure: str
    party: str
    alone: float
    share: float
    joint: float


class Contribution(Record):
    """What one cause adds to the difference between two plans, in three units."""

    cause: str
    words: str
    usd: float
    landed_kg: float
    aircraft_lost: float


class Explanation(Record):
    """Why party B's plan differs from party A's, by cause; contributions sum to the difference.

    Attributes
    ----------
    of, to : str
        Parties A and B.
    coverage_frac : float
        Share of every need that both cover, 0..1.
    start, end : Contribution
        What A and B come to.
    contributions : tuple of Contribution
        One for each cause.
    step_error_frac : float
        How far steps are from plans, where both are known: relative difference at A and B, 0..1.
    steps, short_steps : int
        Steps re-solved, and those that could not reach the coverage.
    usd_per_short_person_day : float
        What a person-day of a need counts that a step could not reach, USD.
    """

    of: str
    to: str
    coverage_frac: float
    start: Contribution
    end: Contribution
    contributions: tuple[Contribution, ...]
    step_error_frac: float
    steps: int
    short_steps: int
    usd_per_short_person_day: float
