"""A whole installation for a browser: our pages, and the sandbox for all platforms.

The browser reaches both on 127.0.0.1, as in the demo, so that ways back lead home.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from core import http
from platforms import registry
from tests.people import Cast
from tests.support.pds import Pds
from tests.support.plugin_browser import SIZES, axe, overflow
from tests.support.sandbox import Sandbox


@pytest.fixture(scope="session")
def live_server() -> Iterator[LiveServer]:
    """On a number, not a name: OAuth's rules for a local machine ask for that."""
    server = LiveServer("127.0.0.1")
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def blocker(request: pytest.FixtureRequest) -> None:
    """Pop-ups are blocked, so sign-ins take the whole page; a module may allow them."""
    if "page" in request.fixturenames:
        page: Page = request.getfixturevalue("page")
        page.context.add_init_script("window.open = () => null;")


@dataclass(frozen=True)
class Installation:
    url: str
    sandbox: Sandbox


@pytest.fixture
def installation(
    live_server: LiveServer, sandbox: Sandbox, settings: LazySettings, redis_cache: None
) -> Installation:
    """Our pages at `url`; every platform's host is answered by the sandbox."""
    settings.BASE_URL = live_server.url
    settings.PLATFORM_GATEWAY = sandbox.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    settings.CONTENT_SECURITY_POLICY = _policy(
        settings.CONTENT_SECURITY_POLICY, sandbox.url
    )
    settings.FORMS_LEAD_TO = [*settings.FORMS_LEAD_TO, sandbox.url]
    http.configure(gateway=sandbox.url, direct=settings.PLATFORM_DIRECT_HOSTS)
    return Installation(live_server.url, sandbox)


def _policy(policy: dict[str, Any], gateway: str) -> dict[str, Any]:
    """What the settings add for a gateway that is known when they are read."""
    found = deepcopy(policy)
    found["DIRECTIVES"]["img-src"].append(gateway)
    return found


@pytest.fixture
def desk(
    installation: Installation, enter: Callable[[User, str], Page], cast: Cast
) -> Page:
    """Alice, signed in, at the settings of her group."""
    return enter(cast.alice, f"/g/{cast.group.pk}/settings/profiles/")


@pytest.fixture
def at_the_real_server(
    pds: Pds,
    installation: Installation,
    settings: LazySettings,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Pds]:
    """Our pages and adapters speak to the real PDS; nothing else is reached."""
    for name, value in pds.environment.items():
        monkeypatch.setenv(name, value)
    settings.PLATFORM_GATEWAY = ""
    settings.FORMS_LEAD_TO = [*settings.FORMS_LEAD_TO, pds.url]
    settings.PLATFORM_DIRECT_HOSTS = pds.hosts
    http.configure(gateway="", direct=pds.hosts)
    registry.get.cache_clear()
    yield pds
    registry.get.cache_clear()


@pytest.fixture
def shoot() -> Callable[[Page, str], None]:
    """Hold a page to the bars; SHOTS=folder keeps pictures, in every size and theme."""

    def _shoot(page: Page, name: str) -> None:
        folder = os.environ.get("SHOTS", "")
        before = page.viewport_size
        page.bring_to_front()
        # The click that led here may not have brought its page yet.
        page.wait_for_load_state()
        for size, theme in LOOKS if folder else LOOKS[::3]:
            page.set_viewport_size(SIZES[size]["viewport"])
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            page.evaluate(STYLE_ANEW)
            assert (axe(page), overflow(page)) == ([], 0), f"{name}, {size}, {theme}"
            if folder:
                path = Path(folder) / f"{name}-{size}-{theme}.png"
                page.screenshot(path=path, full_page=True)
        page.set_viewport_size(before or SIZES["desktop"]["viewport"])
        page.emulate_media(color_scheme="light")

    return _shoot


# Chromium keeps some inherited colours of the old theme until it styles a page anew.
STYLE_ANEW = """() => {
  document.body.hidden = true;
  document.body.offsetHeight;
  document.body.hidden = false;
  return new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)));
}"""
LOOKS: tuple[tuple[str, Any], ...] = (
    ("desktop", "light"),
    ("desktop", "dark"),
    ("phone", "light"),
    ("phone", "dark"),
)
