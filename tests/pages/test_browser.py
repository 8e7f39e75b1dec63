"""The page of a plan in a real browser, from a file: what a planner does with it."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from instances.schema import Instance
from optimizer.check import Violation
from optimizer.plan import Plan
from reports.numbers import money_text, tonnes_text
from reports.page.plan_page import plan_page
from tests.pages.conftest import Opened

PHONE = {"width": 360, "height": 740}
HOSTILE = "<img src=x onerror=alert(1)></script><script>window.hacked=1</script>\"'& $\\frac{1}{0}$ {{7*7}}"


@pytest.fixture(scope="module")
def text(plan: Plan, instance: Instance) -> str:
    return plan_page(plan, instance)


def _day(page: Page, number: int) -> None:
    page.locator("#day").fill(str(number))


def _sorties_of(plan: Plan, instance: Instance, number: int) -> list[str]:
    date = instance.dates[number - 1]
    return sorted(one.sortie_id for one in plan.sorties if one.date == date)


def test_it_opens_with_its_timeline(opened: Opened, text: str) -> None:
    assert opened(text).locator("#timeline rect").count() > 0


def test_the_slider_changes_what_flies(opened: Opened, text: str, plan: Plan, instance: Instance) -> None:
    page = opened(text)
    seen = []
    for number in range(1, len(instance.dates) + 1):
        _day(page, number)
        buttons = page.locator("#sorties button")
        ids = sorted(buttons.nth(i).get_attribute("data-sortie") or "" for i in range(buttons.count()))
        assert ids == _sorties_of(plan, instance, number)
        seen.append(tuple(ids))
        assert f"day {number} of {len(instance.dates)}" in page.locator("#day-name").inner_text()
        flown = {(one.party, one.path_id) for one in plan.sorties if one.sortie_id in ids}
        assert page.locator("#map path.path-line").count() == len(flown)
    assert len(set(seen)) > 1


def test_the_whole_plan_shows_every_sortie(opened: Opened, text: str, plan: Plan) -> None:
    page = opened(text)
    assert page.locator("#sortie-count").inner_text() == f"({len(plan.sorties)})"
    assert page.locator("#timeline rect").count() == len(plan.sorties)


def test_a_click_on_a_sortie_shows_its_loads(opened: Opened, text: str, plan: Plan) -> None:
    page = opened(text)
    _day(page, 1)
    button = page.locator("#sorties button").first
    button.click()
    sortie = button.get_attribute("data-sortie")
    shown = page.locator("#loads").inner_text()
    assert f"Sortie {sortie}" in shown
    loads = [load for load in plan.loads if load.sortie_id == sortie]
    assert loads
    assert all(tonnes_text(load.net_kg) in shown for load in loads)
    assert button.get_attribute("aria-pressed") == "true"


def test_a_click_on_the_timeline_goes_to_the_day(opened: Opened, text: str, plan: Plan) -> None:
    page = opened(text)
    bar = page.locator("#timeline rect").first
    sortie = bar.get_attribute("data-sortie")
    bar.dispatch_event("click")
    date = next(one.date for one in plan.sorties if one.sortie_id == sortie)
    assert f"{date.day} {date:%B %Y}" in page.locator("#day-name").inner_text()
    assert f"Sortie {sortie}" in page.locator("#loads").inner_text()


def test_long_names_of_tails_are_in_order_and_beside_their_bars(
    opened: Opened, plan: Plan, instance: Instance
) -> None:
    tails = sorted({one.tail for one in plan.sorties})
    assert 1 < len(tails) <= 10
    renamed = {tail: f"un_helicopters_damascus_{10 - i}" for i, tail in enumerate(tails)}
    sorties = tuple(one.model_copy(update={"tail": renamed[one.tail]}) for one in plan.sorties)
    page = opened(plan_page(plan.model_copy(update={"sorties": sorties}), instance))
    names = page.locator("#timeline text[x='0']")
    shown = [names.nth(i).inner_html() for i in range(names.count())]
    assert shown == [renamed[tail] for tail in reversed(tails)]
    ends = page.evaluate(
        "[...document.querySelectorAll('#timeline text')].filter((one) => one.getAttribute('x') === '0')"
        ".map((one) => one.getBBox().x + one.getBBox().width)"
    )
    begins = page.evaluate("[...document.querySelectorAll('#timeline rect')].map((one) => one.getBBox().x)")
    assert max(ends) < min(begins)


def test_a_click_on_a_path_lists_its_sorties(opened: Opened, text: str) -> None:
    page = opened(text)
    page.locator("#map path.path-line").first.dispatch_event("click")
    buttons = page.locator(".leaflet-popup button[data-sortie]")
    assert buttons.count() > 0
    buttons.first.click()
    assert "Loads" in page.locator("#loads").inner_text()


def test_keys_move_the_slider(opened: Opened, text: str) -> None:
    page = opened(text)
    page.locator("#day").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert "day 2 of" in (page.locator("#day").get_attribute("aria-valuetext") or "")


def test_layers_can_be_left_out(opened: Opened, text: str) -> None:
    page = opened(text)
    assert page.locator("#map path.area-threat").count() > 0
    page.get_by_label("Threat areas").uncheck()
    assert page.locator("#map path.area-threat").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_for_people_who_use_a_screen_reader(opened: Opened, text: str, scheme: str) -> None:
    page = opened(text, color_scheme=scheme)
    _day(page, 1)
    page.locator("#sorties button").first.click()
    found = Axe().run(page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []


def test_a_phone_needs_no_sideways_scrolling(opened: Opened, text: str) -> None:
    page = opened(text, viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    box = page.locator("#map").bounding_box()
    assert box is not None
    assert box["width"] <= PHONE["width"]


def test_dark_where_the_reader_asks_for_it(opened: Opened, text: str) -> None:
    def paper(scheme: str) -> int:
        colour = opened(text, color_scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(","))

    assert paper("light") > 600
    assert paper("dark") < 200


def test_print_has_the_map_and_no_buttons(opened: Opened, text: str) -> None:
    page = opened(text, color_scheme="dark")
    page.emulate_media(media="print")
    assert page.locator("#map").is_visible()
    assert not page.locator("#day-before").is_visible()
    assert not page.locator("nav").first.is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_totals_are_those_of_the_plan(opened: Opened, text: str, plan: Plan) -> None:
    page = opened(text)
    summary = dict(plan.summary)
    bill = page.locator("#cost table").first
    assert bill.locator("tr").last.locator("td").last.inner_text() == money_text(summary["cost_usd"])
    facts = page.locator("#day-facts").inner_text()
    for value in (money_text(summary["cost_usd"]), tonnes_text(summary["landed_kg"])):
        assert value in facts
    answers = page.locator("#answers").inner_text()
    assert money_text(summary["cost_usd"]) in answers
    assert money_text(summary["cost_usd_per_landed_t"]) in answers
    rows = page.locator("#days table tbody tr")
    assert money_text(summary["cost_usd"]) in (rows.last.text_content() or "")
    sorties = sum(int(rows.nth(i).locator("td").first.text_content() or "") for i in range(rows.count()))
    assert sorties == summary["sorties"]


def test_hostile_names_are_words_and_nothing_else(opened: Opened, plan: Plan, instance: Instance) -> None:
    def renamed[R](rows: tuple[R, ...]) -> tuple[R, ...]:
        return tuple(row.model_copy(update={"name": HOSTILE}) for row in rows)  # type: ignore[attr-defined]

    tables = ("parties", "bases", "zones", "communities", "commodities", "aircraft", "methods", "airspace")
    named = instance.model_copy(update={name: renamed(getattr(instance, name)) for name in tables})
    sorties = tuple(one.model_copy(update={"tail": HOSTILE}) for one in plan.sorties)
    edited = plan.model_copy(update={"notes": (HOSTILE,), "sorties": sorties})
    violations = (Violation("loss_cap", HOSTILE, HOSTILE),)
    page = opened(plan_page(edited, named, violations))
    _day(page, 1)
    page.locator("#sorties button").first.click()
    page.locator("#map path.path-line").first.dispatch_event("click")
    page.locator("#map path.area-threat").first.dispatch_event("click")
    assert page.evaluate("window.hacked") is None
    assert page.locator("img").count() == 0
    assert page.locator("script").count() == 3
    assert HOSTILE in (page.locator(".notes").first.text_content() or "")
    assert HOSTILE in (page.locator("#loads").text_content() or "")


def test_broken_rules_come_first_and_in_red(opened: Opened, plan: Plan, instance: Instance) -> None:
    violations = (Violation("loss_cap", "s1 on 2016-04-11", "the loss is 1e-3, the cap is 1e-4"),)
    page = opened(plan_page(plan, instance, violations))
    first = page.locator("main > section").first
    assert "This plan breaks 1 rule: loss_cap" in first.inner_text()
    assert "s1 on 2016-04-11" in first.inner_text()
    colour = first.locator("h2").evaluate("(element) => getComputedStyle(element).color")
    red, green, blue = (int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(","))
    assert red > 2 * max(green, blue)
    assert "The judge found 1 broken rule." in page.locator("#answers").inner_text()
