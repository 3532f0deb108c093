"""Who signs out leaves nothing in a browser that others use (ASVS V14.3.1)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.people import Cast

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("redis_cache"),
]
KEPT = "() => Object.keys(localStorage).filter((key) => key.startsWith('kept:')).length"
OTHERS = "kept:composer:somebody-else:x:new"


def test_signing_out_drops_what_was_typed_and_nobody_elses(
    enter: Callable[[User, str], Page], cast: Cast
) -> None:
    page = enter(cast.alice, f"/g/{cast.group.pk}/posts/new/")
    page.get_by_role("textbox", name="Text").first.fill("Half a thought")
    expect(page.locator("[data-saved]")).to_contain_text("Saved")
    page.evaluate(
        f"localStorage.setItem('{OTHERS}', JSON.stringify({{at: Date.now()}}))"
    )
    assert page.evaluate(KEPT) == 2
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Create an account")).to_be_visible()
    assert page.evaluate("() => Object.keys(localStorage)") == [OTHERS]
