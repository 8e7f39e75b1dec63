"""From totals to days: whole sorties, then whole bundles, some days at a time, and rounds that decide anew.

Days that are open are days of the network; all others stand in weeks, those on which the same is flown as
one. So every step sees the whole plan, and few rows.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from instances.schema import Party
from optimizer.campaign.decisions import Decisions
from optimizer.campaign.program import Prices, Program
from optimizer.campaign.settings import SETTINGS
from optimizer.campaign.spells import in_spells
from optimizer.campaign.totals import spell_days
from optimizer.campaign.wanted import Wanted
from optimizer.clock import Clock
from optimizer.cut import Cut
from optimizer.kind import Kind
from optimizer.network import Network

FLIGHTS = ("sorties",)
PACKS = ("bundles", "feeder_trips")
DAILY = (*FLIGHTS, *PACKS)
WHOLE = 1e-6  # less than a whole number is none

type Numbers = dict[str, dict[tuple[str, int], int]]
"""Whole numbers that are decided: by name, by mission, stop or feeder, and day."""


class Levels:
    """One choice of tails and missions, planned day by day.

    Parameters
    ----------
    net : Network
        Day by day.
    wanted : Wanted
        Goals, gap, and the coverage asked for.
    tails : mapping
        Contracted, by fleet.
    missions : collection of str
        That may be flown.
    prices : mapping
        USD for a unit of each goal.
    usd : float
        About what all goals come to at these prices, from which gaps follow.
    seed : int
        Seed of solver and rounds.
    cuts : sequence of Cut
        What the timetable does not hold.
    """

    def __init__(
        self,
        net: Network,
        wanted: Wanted,
        tails: Mapping[str, int],
        missions: Collection[str],
        prices: Prices,
        usd: float,
        seed: int,
        cuts: Sequence[Cut] = (),
    ) -> None:
        self._net, self._wanted, self._prices, self._seed = net, wanted, prices, seed
        self.tails = dict(tails)
        self.cuts = tuple(cuts)
        self._gap = max(WHOLE, SETTINGS.step_gap * wanted.gap_frac * abs(usd))
        self._by_day = {d: tuple(m for m in net.by_day[d] if m in missions) for d in net.days}
        self._random = np.random.default_rng(seed)

    def days(self, expected: float, clock: Clock) -> Numbers | None:
        """Whole sorties, then whole bundles and trips; None when time ran out before all were decided.

        `expected` is about how many sorties the plan flies. What most of the time does not suffice for is
        rounded down.
        """
        flying = [d for d in self._net.days if self._by_day[d]]
        each, soon = expected / max(1, len(flying)), clock.share(SETTINGS.days_share)
        numbers: Numbers = {"sorties": {}}
        windows = _windows(dict.fromkeys(flying, each), SETTINGS.window_sorties, self._net)
        if not self._decided(numbers, FLIGHTS, windows, clock, soon):
            return None
        numbers |= {name: {} for name in PACKS}
        packs = dict.fromkeys(self._net.days, float(len(self._net.feeders)))
        for (m, d), n in numbers["sorties"].items():
            packs[d] += len(self._net.missions[m].stops) if n else 0
        windows = _windows(packs, SETTINGS.window_bundles, self._net)
        return numbers if self._decided(numbers, PACKS, windows, clock, soon) else None

    def _decided(
        self,
        numbers: Numbers,
        names: Sequence[str],
        windows: Iterable[frozenset[int]],
        clock: Clock,
        soon: Clock,
    ) -> bool:
        """Decide numbers of some days after the other, with what is not decided yet in fractions."""
        left = [*windows]
        while left:
            if clock.stopped():
                return False
            loose = frozenset().union(*left) if soon.stopped() else left[0]
            left = left[1:] if loose == left[0] else []
            program = self._program(numbers, names, loose)
            columns = _loose_columns(program, names, loose)
            solved = program.whole(columns.values(), soon, self._gap, SETTINGS.patience)
            if solved.value is None and program.relaxed(clock).value is None:
                return False
            # Fractions are rounded down: less is flown, and no rule is broken.
            whole = round if solved.value is not None else _floor
            for (name, key), n in program.numbers(columns).items():
                numbers[name][key] = whole(n)
        return True

    def _program(self, numbers: Numbers, names: Sequence[str], loose: Collection[int]) -> Program:
        """The plan with numbers of some names open on some days, and all that is known elsewhere fixed."""
        known, days = numbers["sorties"], self._net.days
        flown = {
            (m, d): known[m, d]
            for d in days
            if not (d in loose and "sorties" in names)
            for m in self._by_day[d]
            if (m, d) in known
        }
        kinds = [
            Kind(
                self._by_day[d],
                tuple(cut for cut in self.cuts if d in cut.days),
                tuple(flown[m, d] for m in self._by_day[d] if (m, d) in flown),
                d,
            )
            for d in days
        ]
        begins = {*range(0, len(days), spell_days(self._net)), *loose, *(d + 1 for d in loose)}
        open_frac = sum(1 for d in days if self._by_day[d] and not kinds[d].flown and d not in loose) / len(
            days
        )
        parties = _with_reserve(self._net, SETTINGS.reserve * open_frac)
        net = in_spells(
            replace(self._net, flown=flown, parties=parties, contracted=self.tails), kinds, begins
        )
        program = Program(net, self._wanted, self._seed, self.cuts)
        fixed = {program.column("tails", f): float(self.tails.get(f, 0)) for f in net.fleets}
        for (name, (owner, i)), j in program.columns(*DAILY).items():
            spell = net.stretches[i]
            own = range(spell.first, spell.last + 1) if name == "feeder_trips" else spell.days
            counts = [numbers.get(name, {}).get((owner, d)) for d in own]
            if None not in counts and not (name in names and own[0] in loose):
                fixed[j] = float(sum(n for n in counts if n is not None))
        program.fix(fixed)
        program.aim(self._prices)
        return program

    def rounds(
        self,
        numbers: Numbers,
        flyable: Callable[[Numbers], bool],
        most_rounds: int | None,
        clock: Clock,
    ) -> Iterator[tuple[int, Numbers, float]]:
        """Decide some days anew, again and again, until rounds gain nothing.

        Yields, after each round, how many there were, the numbers, and what they gained in USD.
        """
        idle, done = 0, 0
        while not clock.stopped() and (
            idle < SETTINGS.idle_rounds if most_rounds is None else done < most_rounds
        ):
            loose = self._choice(numbers, done)
            better, gained = self._round(numbers, loose, clock)
            if gained > 0 and flyable(better):
                numbers, idle = better, 0
            else:
                gained, idle = 0.0, idle + 1
            done += 1
            yield done, numbers, gained

    def _round(self, numbers: Numbers, loose: Collection[int], clock: Clock) -> tuple[Numbers, float]:
        program = self._program(numbers, DAILY, loose)
        columns = _loose_columns(program, DAILY, loose)
        start = {j: float(numbers[name].get(key, 0)) for (name, key), j in columns.items()}
        program.fix(start)
        before = program.relaxed(clock).value
        program.free(start)
        if before is None:
            return numbers, 0.0
        solved = program.whole(columns.values(), clock, self._gap, SETTINGS.round_patience, start)
        if solved.value is None or solved.value > before - self._gap / 10:
            return numbers, 0.0
        better = {name: dict(known) for name, known in numbers.items()}
        for (name, key), n in program.numbers(columns).items():
            better[name][key] = round(n)
        return better, before - solved.value

    def _choice(self, numbers: Numbers, done: int) -> frozenset[int]:
        """Days of a round: in a row, in two rows apart, or those whose sorties carry least and a row."""
        flown = dict.fromkeys((d for d in self._net.days if self._by_day[d]), 0)
        empty = dict.fromkeys(flown, 0.0)
        bundles = numbers["bundles"]
        for (m, d), n in numbers["sorties"].items():
            flown[d] += n
            empty[d] += n * (self._net.missions[m].positions or 0)
            empty[d] -= sum(bundles.get((s, d), 0) for s in self._net.stops_of([m]))
        days = sorted(flown)
        if not days:
            return frozenset()
        half = SETTINGS.round_sorties / 2
        chosen: set[int] = set()
        if done % 3 == 2:
            by_room = sorted(days, key=lambda d: (-empty[d] * self._random.uniform(0.5, 1.0), d))
            chosen |= _until(by_room, flown, half)
        for _ in range(1 if done % 3 == 2 else 2):
            first = int(self._random.integers(len(days)))
            rest = max((d for d in chosen), default=None) if done % 3 == 0 else None
            row = days[first:] + days[:first][::-1] if rest is None else [d for d in days if d > rest] + days
            chosen |= _until([d for d in row if d not in chosen], flown, half)
        return frozenset(chosen)


def numbers_of(net: Network, whole: Decisions) -> Numbers:
    """The whole numbers of a plan, with a 0 wherever nothing is flown."""
    own = {
        "sorties": [*net.mission_days],
        "bundles": [(s, d) for s, d in net.stop_days if net.by_stop(s).positions is not None],
        "feeder_trips": [(e, d) for e in net.feeders for d in net.days],
    }
    return {name: {key: whole.count(name).get(key, 0) for key in keys} for name, keys in own.items()}


def decisions_of(tails: Mapping[str, int], numbers: Numbers) -> Decisions:
    """Numbers as decisions of a campaign."""
    values = {name: {key: float(n) for key, n in known.items() if n} for name, known in numbers.items()}
    return Decisions({"tails": {f: float(n) for f, n in tails.items()}, **values})


def _with_reserve(net: Network, frac: float) -> dict[str, Party]:
    """The parties with a share of whole-plan budgets kept back: whole sorties need more than fractions."""
    return {
        p: party.model_copy(
            update={
                "loss_budget": -math.expm1((1 - frac) * math.log1p(-party.loss_budget)),
                "harm_budget": (1 - frac) * party.harm_budget,
                "funds_usd": None if party.funds_usd is None else (1 - frac) * party.funds_usd,
            }
        )
        for p, party in net.parties.items()
    }


def _loose_columns(
    program: Program, names: Sequence[str], loose: Collection[int]
) -> dict[tuple[str, tuple[str, int]], int]:
    """Columns of the open numbers, by name, owner and day of the plan."""
    first = [one.days[0] for one in program.net.stretches]
    return {
        (name, (owner, first[i])): j
        for (name, (owner, i)), j in program.columns(*names).items()
        if first[i] in loose
    }


def _floor(n: float) -> int:
    return int(n + WHOLE)


def _windows(counts: Mapping[int, float], most: float, net: Network) -> Iterator[frozenset[int]]:
    """All days in turn, whole spells or a part of one, so many that their counts come to about `most`."""
    step, window = spell_days(net), set[int]()
    for first in range(0, len(net.days), step):
        spell = net.days[first : first + step]
        count = sum(counts.get(d, 0.0) for d in (*window, *spell))
        if window and count > 1.25 * most:
            yield frozenset(window)
            window, count = set(), sum(counts.get(d, 0.0) for d in spell)
        parts = max(1, min(len(spell), round(count / most)))
        for part in range(parts - 1):
            yield frozenset(spell[part * len(spell) // parts : (part + 1) * len(spell) // parts])
        window |= {*spell[(parts - 1) * len(spell) // parts :]}
    if window:
        yield frozenset(window)


def _until(days: Sequence[int], flown: Mapping[int, int], most: float) -> set[int]:
    """The first of some days that fly so many sorties; days on which nothing flies count half a sortie."""
    chosen: set[int] = set()
    count = 0.0
    for d in days:
        if count >= most:
            break
        chosen.add(d)
        count += max(0.5, flown[d])
    return chosen
