"""The Shapley value and the causes of a difference: what adds up, and what turns round with the parties."""

from __future__ import annotations

from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instances.errors import AidliftError
from instances.schema import Instance
from optimizer.clock import Clock
from optimizer.explain.difference import Asked, Telling, explain_difference, explained
from optimizer.explain.mixture import CAUSES, MIXED, mixture
from optimizer.explain.shapley import shapley, to_the_cent
from optimizer.explain.steps import Step, person_days_to_bring, step, step_key
from optimizer.explain.together import shares_of
from optimizer.explained import Explanation
from optimizer.guard import Stop
from optimizer.joint import shown_share
from optimizer.options import Options
from optimizer.plan import Plan
from optimizer.watch import Watch
from tests.cli.fakes import hand_plan
from tests.optimizer.hand import changed, header, tiny

PLAYERS = ("a", "b", "c")
GROUPS = [frozenset(group) for n in range(4) for group in combinations(PLAYERS, n)]
GAMES = st.fixed_dictionaries({group: st.floats(-1e6, 1e6) for group in GROUPS})
ALL = frozenset(CAUSES)
EVERY = [frozenset(group) for n in range(len(CAUSES) + 1) for group in combinations(CAUSES, n)]


@given(GAMES)
def test_it_is_the_mean_over_all_orders(game: dict[frozenset[str], float]) -> None:
    added = shapley(PLAYERS, game)
    for player in PLAYERS:
        steps = []
        for order in permutations(PLAYERS):
            before = frozenset(order[: order.index(player)])
            steps.append(game[before | {player}] - game[before])
        assert added[player] == pytest.approx(sum(steps) / len(steps), abs=1e-6)
    assert sum(added.values()) == pytest.approx(game[frozenset(PLAYERS)] - game[frozenset()], abs=1e-6)


def test_one_who_adds_nothing_gets_nothing() -> None:
    game = {group: 7.0 * len(group & {"a", "b"}) for group in GROUPS}
    assert shapley(PLAYERS, game) == pytest.approx({"a": 7.0, "b": 7.0, "c": 0.0})


@given(st.lists(st.floats(-1e7, 1e7), min_size=1, max_size=6))
def test_rounded_parts_add_up_to_the_cent(parts: list[float]) -> None:
    added = {str(place): part for place, part in enumerate(parts)}
    rounded = to_the_cent(added, sum(parts))
    assert round(sum(rounded.values()), 2) == round(sum(parts), 2)
    assert all(abs(rounded[name] - part) <= 0.04 for name, part in added.items())


def _with_share(plan: Plan) -> Plan:
    return plan.model_copy(
        update={"options": plan.options.model_copy(update={"coverage_frac": 0.5, "coverage_from": 0})}
    )


def _asked(turned: bool = False) -> Asked:
    instance = tiny()
    plans = {p: _with_share(hand_plan(instance, Options(parties=(p,)))) for p in ("north", "south")}
    a, b = ("south", "north") if turned else ("north", "south")
    return Asked(instance, a, b, plans[a], plans[b])


def _step(of_south: frozenset[str]) -> Step:
    """Any step, the same whoever asks: it depends on whose features it has."""
    weight = sum(3**place for place, cause in enumerate(CAUSES) if cause in of_south)
    usd, short = 20000.0 + 37.11 * weight + weight**2 / 7, 400.0 * (weight % 3)
    return Step(usd=usd, landed_kg=2000 - weight, aircraft_lost=1e-5 * weight, short_person_days=short)


def _explained(turned: bool) -> Explanation:
    steps = {group: _step(ALL - group if turned else group) for group in EVERY}
    return explained(_asked(turned), steps)


def test_causes_add_up_to_the_difference_exactly() -> None:
    one = _explained(turned=False)
    for name, decimals in (("usd", 2), ("landed_kg", 3), ("aircraft_lost", 8)):
        total = round(getattr(one.end, name) - getattr(one.start, name), decimals)
        assert round(sum(getattr(part, name) for part in one.contributions), decimals) == total
    assert {part.cause for part in one.contributions} == set(CAUSES)
    asked = _asked()
    assert one.start.usd == dict(asked.plan_a.summary)["cost_usd"]
    assert one.end.usd == dict(asked.plan_b.summary)["cost_usd"]


def test_parties_turned_round_flip_signs_and_nothing_else() -> None:
    there, back = _explained(turned=False), _explained(turned=True)
    for one, other in zip(there.contributions, back.contributions, strict=True):
        assert one.cause == other.cause
        assert one.usd == pytest.approx(-other.usd, abs=0.011)
        assert one.landed_kg == pytest.approx(-other.landed_kg, abs=0.0011)
        assert one.aircraft_lost == pytest.approx(-other.aircraft_lost, abs=1.1e-8)
    assert there.short_steps == back.short_steps > 0
    assert there.usd_per_short_person_day == back.usd_per_short_person_day


def test_plans_at_different_coverage_are_not_explained() -> None:
    asked = _asked()
    other = asked.plan_b.model_copy(update={"options": Options(parties=("south",), coverage_frac=0.4)})
    with pytest.raises(AidliftError, match="the same share"):
        explained(Asked(asked.instance, "north", "south", asked.plan_a, other), {})


def _alone(instance: Instance, party: str) -> Instance:
    """A party by itself under the name that mixtures have."""
    return mixture(instance, party, party, frozenset())


def test_all_features_of_the_other_make_the_other() -> None:
    instance = tiny()
    assert mixture(instance, "north", "south", frozenset()) == _alone(instance, "north")
    assert mixture(instance, "north", "south", ALL) == _alone(instance, "south")


@pytest.mark.parametrize("group", EVERY[:12])
def test_a_mixture_is_the_same_from_both_sides(group: frozenset[str]) -> None:
    instance = tiny()
    options = Options(parties=(MIXED,), coverage_frac=0.5)
    one, other = mixture(instance, "north", "south", group), mixture(instance, "south", "north", ALL - group)
    assert step_key(one, options) == step_key(other, options)


def test_each_feature_moves_what_it_says() -> None:
    instance = tiny()

    def given(cause: str) -> Instance:
        return mixture(instance, "north", "south", frozenset({cause}))

    north = _alone(instance, "north")
    assert [base.id for base in given("base").bases] == ["airfield_s"]
    assert {fleet.base for fleet in given("base").fleets} == {"airfield_s"}
    assert {supply.base for supply in given("base").supplies} == {"airfield_s"}
    assert sum(supply.kg for supply in given("base").supplies) == sum(s.kg for s in north.supplies)
    assert given("aircraft").fleets[0].usd_per_block_h == 600
    assert given("aircraft").fleets[0].methods == ("canopy_high",)
    assert given("method").fleets[0].methods == ("canopy_high", "canopy_low")
    assert {rig.method for rig in given("cargo").rigs} == {"canopy_high", "canopy_low"}
    assert {rig.base for rig in given("cargo").rigs} == {"airfield_n"}
    assert given("rules").parties[0].loss_cap == 0.001
    assert given("airspace") == north  # every area of the tiny instance is there for both
    walled = changed(instance, "airspace", "low", parties=("south",))
    assert len(mixture(walled, "north", "south", frozenset()).airspace) == 1
    assert len(mixture(walled, "north", "south", frozenset({"airspace"})).airspace) == 2


def test_steps_known_before_are_not_solved_again() -> None:
    """The only step left is solved in a child process; then nothing is left and the sum is exact."""
    asked, told = _asked(), list[tuple[object, int]]()
    known: dict[str, Step] = {}
    for group in EVERY:
        known[step_key(mixture(asked.instance, "north", "south", group), asked.options)] = _step(group)
    rules = step_key(mixture(asked.instance, "north", "south", frozenset({"rules"})), asked.options)
    del known[rules]
    telling = Telling(
        progress=lambda *_: None,
        begin=lambda at, of: told.append((at, of)),
        keep=lambda steps: told.append(("kept", len(steps))),
    )
    stop = Stop()
    stop.ask()
    assert explain_difference(asked, 60, stop, known, telling) is None
    assert told == []
    found = explain_difference(asked, 60, Stop(), known, telling)
    assert told == [(0, 1), ("kept", len(known))]
    assert found is not None
    assert known[rules].usd > 0
    total = round(found.end.usd - found.start.usd, 2)
    assert round(sum(part.usd for part in found.contributions), 2) == total
    again = explain_difference(asked, 60, Stop(), known, telling)
    assert again == found


def test_shares_of_the_joint_plan_add_up_to_it() -> None:
    instance = tiny()
    plans = {
        frozenset(parties): hand_plan(instance, Options(parties=parties))
        for parties in (("north",), ("south",), ("north", "south"))
    }
    shares = shares_of(plans, plans, ("north", "south"))
    assert {one.measure for one in shares} == {"cost_usd", "expected_aircraft_lost", "landed_kg"}
    for measure in ("cost_usd", "expected_aircraft_lost", "landed_kg"):
        own = [one for one in shares if one.measure == measure]
        assert sum(one.share for one in own) == pytest.approx(own[0].joint)
    del plans[frozenset({"south"})]
    assert shares_of(plans, plans, ("north", "south")) == ()


def test_what_is_short_costs_what_the_dearer_party_pays_for_what_it_brings() -> None:
    """Half of six days of 4 needs of 1000 people, who have one in stock, and of 3 needs of 200 who do not."""
    asked = _asked()
    brought = 4 * 1000 * (0.5 * 6 - 1) + 3 * 200 * 0.5 * 6
    assert person_days_to_bring(asked.instance, asked.options) == pytest.approx(brought)
    dearer = max(dict(plan.summary)["cost_usd"] for plan in (asked.plan_a, asked.plan_b))
    assert asked.usd_per_person_day == pytest.approx(dearer / brought)


@pytest.mark.parametrize(("since", "weeks"), [(0, 2), (1, 1), (7, 1), (8, 0)])
def test_only_weeks_that_count_are_to_be_brought(since: int, weeks: int) -> None:
    """Of two, those that begin on the day or later; a day's stock serves any of them."""
    options = Options(parties=("north",), coverage_frac=1.0, coverage_from=since)
    brought = person_days_to_bring(header(tiny(), days=14), options)
    assert brought == pytest.approx(max(0, 4 * 1000 * (7 * weeks - 1) + 3 * 200 * 7 * weeks))


def test_a_step_is_no_dearer_than_a_plan_that_covers_as_much() -> None:
    """The hand plan keeps every rule, so that the cheapest in weeks costs no more."""
    instance = tiny()
    plan = hand_plan(instance, Options(parties=("north",), coverage_from=0))
    share = shown_share(plan)
    assert share > 0
    options = Options(parties=(MIXED,), coverage_frac=share, coverage_from=0)
    found = step(_alone(instance, "north"), options, Watch(Clock(60)), 1.0)
    assert found is not None
    assert found.short_person_days == 0
    assert 0 < found.usd <= dict(plan.summary)["cost_usd"]


def test_a_step_is_the_cheapest_at_the_coverage() -> None:
    """Half of all needs: 1500 kg flour and 60 kg soap for the town, less a day's stock; 300 kg flour beside.

    The hamlet's way loses a tenth, so that 1373.3 kg must land. Four fifths do: 1666.7 kg flour at 1 USD and
    50 kg soap at 2 USD are loaded, in 1666.7 / 250 + 50 / 125 bundles of 100 USD. Four bundles fit in a
    sortie, 82 min at 1200 USD/h and 100 USD: two sorties, by one tail at 1000 USD a day. Carrying costs 0.05
    USD/kg to the town and 0.1 USD/kg to the hamlet.
    """
    options = Options(parties=(MIXED,), coverage_frac=0.5, coverage_from=0)
    found = step(_alone(tiny(), "north"), options, Watch(Clock(60)), 1.0)
    assert found is not None
    bundles = 5000 / 3 / 250 + 50 / 125
    cargo = 5000 / 3 * 1 + 50 * 2
    carried = 1040 * 0.05 + 1000 / 3 * 0.1
    assert found.usd == pytest.approx(
        6000 + 2 * (82 / 60 * 1200 + 100) + 100 * bundles + cargo + carried, abs=0.01
    )
    assert found.landed_kg == pytest.approx(1040 + 1000 / 3, abs=1e-3)
    assert found.short_person_days == 0


def test_a_step_that_cannot_reach_the_coverage_says_by_how_much() -> None:
    """The town has a day's stock of all it needs, a sixth; the hamlet has none."""
    grounded = changed(tiny(), "fleets", "north_hauler", max_tails=0)
    options = Options(parties=(MIXED,), coverage_frac=0.9, coverage_from=0)
    found = step(_alone(grounded, "north"), options, Watch(Clock(60)), 1.0)
    assert found is not None
    assert (found.usd, found.landed_kg, found.aircraft_lost) == (0, 0, 0)
    assert found.short_person_days == pytest.approx(4 * 1000 * (0.9 * 6 - 1) + 3 * 200 * 0.9 * 6)
