"""Chromium as the tests drive it, and what every page has to stand."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import FloatRect, Locator, Page

from accounts.models import User
from tests.support import slow

AXE = Path(__file__).parent / "vendor" / "axe" / "axe.min.js"
PROGRAMS = ("chromium-headless-shell", "chromium")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1440, "height": 900}},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "has_touch": True,
        "is_mobile": True,
    },
}
# Said by Chromium, not by us: a refused form (4xx) shows up as a failed resource.
NOT_OURS = ("Failed to load resource: the server responded with a status of 4",)


def pytest_configure() -> None:
    """The live server reads its middleware once, before any fixture could change it."""
    if slow.LONGEST_MS:
        settings.MIDDLEWARE.insert(0, "tests.support.slow.SlowPages")


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any],
) -> dict[str, Any]:
    """The machine's own Chromium; CHROMIUM names another one.

    Without its window where there is one such: each context of the whole program
    draws tabs and tool bars, which takes a second of the processor.
    """
    installed = filter(None, map(shutil.which, PROGRAMS))
    found = os.environ.get("CHROMIUM") or next(installed, None)
    own = {"executable_path": found} if found else {}
    return {**browser_type_launch_args, **own, "args": QUIET}


@pytest.fixture
def enter(page: Page, live_server: Any) -> Callable[..., Page]:
    """Sign a person in without the form: `enter(person, path)` opens the page.

    `at` is a page of another browser context, for a second person.
    """
    first = page

    def _enter(person: User, path: str, at: Page | None = None) -> Page:
        page = at or first
        client = Client()
        client.force_login(person)
        name = settings.SESSION_COOKIE_NAME
        value = client.cookies[name].value
        page.context.add_cookies(
            [{"name": name, "value": value, "url": live_server.url}]
        )
        page.goto(live_server.url + path)
        return page

    return _enter


def ours(said: list[str]) -> list[str]:
    """Of what the console said, what our pages are to blame for."""
    return [line for line in said if not line.startswith(NOT_OURS)]


def axe(page: Page) -> list[str]:
    """Faults axe-core finds at WCAG 2.2 AA or by best practice, one line each."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text() + "; 0")
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found: list[str] = page.evaluate(FAULTS, tags)
    return found


# Lines only, made in the page: all that passed is a megabyte, and seconds on its way.
FAULTS = """async tags => {
  const wish = { runOnly: tags, resultTypes: ["violations"] };
  const found = (await axe.run(document, wish)).violations;
  return found.flatMap(fault =>
    fault.nodes.map(node => `${fault.impact} ${fault.id} ${node.target}`));
}"""


def box(element: Locator) -> FloatRect:
    """Where it stands on the page; it must be drawn."""
    found = element.bounding_box()
    assert found is not None
    return found


def overflow(page: Page) -> int:
    """Pixels by which the page is wider than its window; 0 is right."""
    width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return max(0, int(width))
