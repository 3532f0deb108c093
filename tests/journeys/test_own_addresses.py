"""A person with a second step adds an address and changes their name, in Chromium."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from playwright.sync_api import Page, expect

from accounts.actions.addresses import key_for
from accounts.models import User
from tests.journeys.test_support_desk import prove
from tests.people import Cast, two_step

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("redis_cache"),
]
NEW = "alice@studio.example"
Shoot = Callable[[Page, str], None]


def test_another_address_is_asked_for_proven_and_listed(
    enter: Callable[[User, str], Page], cast: Cast, shoot: Shoot
) -> None:
    """R-A1, R-A7: a second step keeps nobody from it."""
    two_step(cast.alice)
    page = enter(cast.alice, "/user/email/")
    prove(page, cast.alice)
    page.get_by_label("E-mail", exact=True).fill(NEW)
    page.get_by_role("button", name="Add address").click()
    expect(page.get_by_text(f"We sent a link to {NEW}.")).to_be_visible()
    shoot(page, "address-asked")
    cast.alice.refresh_from_db()
    home = page.url.split("/user/")[0]
    page.goto(f"{home}/user/email/{key_for(cast.alice, NEW)}/")
    shoot(page, "address-confirm")
    page.get_by_role("button", name="Confirm e-mail").click()
    row = page.get_by_role("listitem").filter(has_text=NEW)
    expect(row.get_by_role("button", name="Make primary")).to_be_visible()
    shoot(page, "address-added")
    assert EmailAddress.objects.get(email=NEW).verified


def test_a_name_is_changed_under_security(
    enter: Callable[[User, str], Page], cast: Cast, shoot: Shoot
) -> None:
    page = enter(cast.alice, "/user/security/")
    page.get_by_role("link", name="Change name").click()
    shoot(page, "name-change")
    page.get_by_label("Your name").fill("Alice Hill")
    page.get_by_role("button", name="Save name").click()
    expect(page.get_by_text("Alice Hill, as the people you work with")).to_be_visible()
    shoot(page, "security-with-name")
