"""Invited, in: the owner's page and the newcomer's way, in Chromium (R-A3 to R-A6)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from accounts.actions.groups import create_group
from accounts.invitation import Invitation
from accounts.models import Membership, Role
from core import clock
from tests.accounts.conftest import path_in
from tests.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def groups(cast) -> None:
    for name in ("Lena Ortiz", "Northtrail Gear", "Oda Berg"):
        create_group(account=cast.group.account, actor=cast.alice, name=name)


def invite(page: Page, url: str, email: str, *names: str) -> None:
    page.goto(f"{url}/settings/users/")
    page.get_by_role("link", name="Invite").click()
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Role").select_option("Reviewer")
    for name in names:
        page.get_by_role("checkbox", name=name).check()
    page.get_by_role("button", name="Send invitation").click()


def test_from_invitation_to_calendar(installation, enter, cast, groups, shoot):
    """R-A3: invited by the owner, in with a password, in those groups only."""
    page = enter(cast.alice, "/settings/users/invite/")
    shoot(page, "users-invite")
    invite(page, installation.url, "charlie@example.org", "Lena Ortiz", "Oda Berg")
    expect(page.get_by_text("went to charlie+talent@example.org")).to_be_visible()
    shoot(page, "users")
    page.context.clear_cookies()
    page.goto(installation.url + path_in(mail.outbox[-1]))
    shoot(page, "join")
    page.get_by_label("Your name").fill("Charlie Dune")
    page.get_by_label("Choose a password").fill("a fine long password")
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Calendar")
    held = Membership.objects.filter(user__email="charlie+talent@example.org")
    assert sorted(held.values_list("group__name", "role")) == [
        ("Lena Ortiz", "reviewer"),
        ("Oda Berg", "reviewer"),
    ]


def test_one_of_many_groups_is_found_by_name(enter, cast, groups):
    """R-A3: an agency has hundreds; what is ticked stays ticked while one searches."""
    for name in ("Ana", "Bea", "Cleo", "Dora", "Ella"):
        create_group(account=cast.group.account, actor=cast.alice, name=name)
    page = enter(cast.alice, "/settings/users/invite/")
    page.get_by_role("checkbox", name="Cleo").check()
    page.get_by_label("Find a group").fill("oda")
    expect(page.get_by_role("checkbox", name="Oda Berg")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Cleo")).to_be_hidden()
    page.get_by_label("Find a group").fill("nobody")
    expect(page.get_by_text("No group has that name.")).to_be_visible()
    page.get_by_label("Find a group").fill("")
    expect(page.get_by_role("checkbox", name="Cleo")).to_be_checked()
    page.goto(page.url.replace("invite/", f"{cast.bob.pk}/"))
    page.get_by_label("Find a group").fill("oda")
    expect(page.get_by_label("Oda Berg")).to_be_visible()
    expect(page.get_by_label("Cleo")).to_be_hidden()


def test_a_link_that_ran_out_and_the_way_round(installation, enter, cast, shoot):
    """R-A4: forgot password lets the invited person in."""
    page = enter(cast.alice, "/settings/users/")
    invite(page, installation.url, "mira@example.org", "Alice Studio")
    expect(page.get_by_text("went to mira@example.org")).to_be_visible()
    Invitation.objects.update(expires_at=clock.now() - timedelta(days=1))
    page.context.clear_cookies()
    page.goto(installation.url + path_in(mail.outbox[-1]))
    shoot(page, "join-over")
    page.get_by_role("link", name="Forgot password").click()
    page.get_by_label("E-mail").fill("mira@example.org")
    page.get_by_role("button").first.click()
    page.wait_for_url("**/reset/done/")
    page.goto(installation.url + path_in(mail.outbox[-1]))
    page.get_by_label("Your name").fill("Mira")
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Calendar")


def test_changing_a_role_and_removing(installation, enter, cast, groups, shoot):
    """R-A6."""
    page = enter(cast.alice, "/settings/users/")
    page.get_by_role("link", name="Bob").click()
    page.get_by_label("Oda Berg").select_option("Viewer")
    shoot(page, "users-person")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Oda Berg (viewer)")).to_be_visible()
    assert Membership.objects.filter(user=cast.bob, role=Role.VIEWER).count() == 1
    page.get_by_role("link", name="Bob").click()
    page.get_by_role("button", name="Remove from account").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("no longer in your account")).to_be_visible()
    assert not Membership.objects.filter(user=cast.bob).exists()
