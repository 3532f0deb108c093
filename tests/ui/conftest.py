"""Signed-in pages in Chromium."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from accounts.models import User


@pytest.fixture
def enter(page: Page, live_server: Any) -> Any:
    """Sign a person in without the form: `enter(person, path)` opens the page."""

    def _enter(person: User, path: str) -> Page:
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
