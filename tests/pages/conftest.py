"""Pages of the hand plan, and a real browser to open them in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from instances import folders
from instances.load import load_instance
from instances.schema import Instance
from optimizer.options import Options
from optimizer.plan import Plan
from tests.cli.fakes import hand_plan

TINY = Path(__file__).parents[1] / "data" / "tiny"
BOTH = Options(parties=("north", "south"))
ARGUMENTS = (
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NAMES = ("chromium", "chromium-browser", "google-chrome")

type Opened = Callable[..., Page]


@pytest.fixture(scope="session")
def instance() -> Instance:
    """The tiny instance, read without the shipped library."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(folders, "LIBRARY", Path("no library"))
        return load_instance(TINY)


@pytest.fixture(scope="session")
def plan(instance: Instance) -> Plan:
    """Both parties, by hand; it keeps every rule."""
    return hand_plan(instance, BOTH)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; without one the tests are skipped, but never on CI."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        words = "no browser is installed; `apt-get install chromium` brings one"
        if os.environ.get("CI"):
            pytest.fail(words)
        pytest.skip(words)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Opened]:
    """Opens the text of a page from a file, and sees to it that it says and asks for nothing."""
    trouble: list[str] = []
    contexts: list[BrowserContext] = []

    def asked(request: Request) -> None:
        if not request.url.startswith(f"{tmp_path.as_uri()}/page_"):
            trouble.append(f"asked: {request.url}")

    def open_it(text: str, **settings: object) -> Page:
        file = tmp_path / f"page_{len(contexts)}.html"
        file.write_text(text, encoding="utf-8")
        context = browser.new_context(**settings)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: trouble.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: trouble.append(f"error: {error}"))
        page.on("dialog", lambda dialog: trouble.append(f"dialog: {dialog.message}"))
        page.on("request", asked)
        page.goto(file.as_uri())
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert [one for one in trouble if one != "asked: data:,"] == []
