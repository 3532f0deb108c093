"""Facebook Pages in a browser: several at once, rights by Page, what broke and back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from profiles import tasks
from profiles.models import Connection, SocialProfile
from profiles.states import ConnectionState as S

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

POSTS = "pages_manage_posts"
ONLY = "Connect only: Later doesn't publish to Facebook yet"


def leave(page: Page) -> None:
    """From the settings to Facebook's own dialog."""
    page.get_by_role("link", name="Connect Facebook").first.click()
    page.get_by_role("button", name="Continue to Facebook").click()
    page.wait_for_url(re.compile(r"/www\.facebook\.com/v26\.0/dialog/oauth"))


def allow(page: Page, *, left_out: str = "", without: str = "") -> None:
    """As Nora. `left_out`: a Page that mustn't be published on."""
    page.get_by_role("radio", name=re.compile("nora.quist")).check()
    if left_out:
        name = f"Publishing on {left_out} for this Page"
        page.get_by_role("checkbox", name=name, exact=True).uncheck()
    if without:
        page.locator(f'input[name="scope"][value="{without}"]').uncheck()
    page.get_by_role("button", name="Allow").click()


def pick(page: Page, *names: str) -> None:
    expect(page.get_by_role("heading", name="Choose profiles")).to_be_visible()
    for name in names:
        for row in page.get_by_role("checkbox", name=re.compile(name)).all():
            row.check()
    page.get_by_role("button", name="Connect", exact=True).click()


def connection_of(name: str) -> Connection:
    return Connection.objects.get(profile__name=name, profile__removed_at=None)


@pytest.fixture
def yoga(desk: Page) -> Connection:
    """One Page, connected; the browser is back at the settings."""
    leave(desk)
    allow(desk)
    pick(desk, "^Fjord Yoga (?!Retreats)")
    expect(desk.get_by_role("heading", name="Fjord Yoga")).to_be_visible()
    desk.get_by_role("link", name="See all profiles").click()
    return connection_of("Fjord Yoga")


def test_several_pages_one_of_them_without_the_right(desk, shoot):
    """R-C3, R-C4, R-C5, R-C6: granted, but not for this Page."""
    desk.get_by_role("link", name="Connect Facebook").click()
    expect(desk.get_by_text(ONLY)).to_be_visible()
    expect(desk.get_by_text("To publish the posts that you schedule")).to_be_visible()
    shoot(desk, "facebook-connect")
    desk.get_by_role("button", name="Continue to Facebook").click()
    shoot(desk, "facebook-dialog")
    allow(desk, left_out="Fjord Yoga")
    expect(desk.get_by_role("heading", name="Choose profiles")).to_be_visible()
    books = desk.get_by_role("checkbox", name=re.compile("Old Town Books"))
    expect(books).to_be_disabled()
    expect(desk.get_by_text("Ask an admin of the Page")).to_be_visible()
    expect(desk.get_by_text("Wholesale supplier")).to_be_visible()
    shoot(desk, "facebook-pick")
    pick(desk, "Corner Bakery", "^Fjord Yoga (?!Retreats)")
    expect(desk.get_by_text("Permissions missing")).to_have_count(1)
    expect(desk.get_by_text("Posts can't be published.")).to_be_visible()
    expect(desk.get_by_text(ONLY)).to_have_count(2)
    shoot(desk, "facebook-done")
    assert connection_of("Fjord Yoga").missing == [POSTS]
    bakeries = Connection.objects.filter(profile__name="Corner Bakery")
    assert [each.state for each in bakeries] == [S.CONNECTED, S.CONNECTED]
    assert SocialProfile.objects.values("social_set").distinct().count() == 3


def test_reviewing_asks_facebook_again_and_heals_that_page(desk, shoot):
    """R-C4: the other Pages are left as they are."""
    leave(desk)
    allow(desk, without=POSTS)
    pick(desk, "^Fjord Yoga (?!Retreats)")
    expect(desk.get_by_text("Permissions missing")).to_be_visible()
    desk.get_by_role("link", name="Review permissions").click()
    expect(desk.get_by_text("1 permission was left out")).to_be_visible()
    shoot(desk, "facebook-review")
    desk.get_by_role("button", name="Continue to Facebook").click()
    assert "auth_type=rerequest" in desk.url
    allow(desk)
    expect(desk.get_by_text(ONLY)).to_be_visible()
    row = Connection.objects.get()
    assert (row.state, row.missing) == (S.CONNECTED, [])


def test_the_settings_tell_connect_only_and_the_composer_offers_it_to_nobody(
    desk, yoga, cast, shoot
):
    """Connected in green, and yet nothing promised."""
    expect(desk.get_by_text("Connected", exact=True)).to_be_visible()
    expect(desk.get_by_text(ONLY)).to_be_visible()
    shoot(desk, "facebook-settings")
    base = desk.url.partition("/g/")[0]
    desk.goto(f"{base}/g/{cast.group.pk}/posts/new/")
    expect(
        desk.get_by_text("not offered here yet: Fjord Yoga on Facebook")
    ).to_be_visible()
    expect(desk.locator(f'input[value="{yoga.profile_id}"]')).to_have_count(0)
    shoot(desk, "facebook-composer")


def test_a_changed_password_shows_and_a_new_sign_in_mends_it(
    desk, yoga, installation, shoot
):
    """R-D1, R-D8: noticed by the daily look, with its cause."""
    installation.sandbox.revoke("facebook", "nora.quist", "password")
    tasks.inspect_one(str(yoga.pk))
    desk.reload()
    expect(desk.get_by_text("Refresh needed")).to_be_visible()
    cause = "The Facebook password was changed."
    expect(desk.locator(".slot__trouble").get_by_text(cause)).to_be_visible()
    shoot(desk, "facebook-password")
    desk.get_by_role("link", name="Refresh").click()
    desk.get_by_role("button", name="Continue to Facebook").click()
    allow(desk)
    expect(desk.get_by_text(ONLY)).to_be_visible()
    assert Connection.objects.get().state == S.CONNECTED


def test_a_page_left_out_on_refresh_changes_nothing(desk, yoga, installation, shoot):
    """R-C10: posts for one Page never move to another."""
    desk.goto(
        f"{desk.url.partition('/settings')[0]}/connect/facebook/?profile={yoga.profile_id}"
    )
    desk.get_by_role("button", name="Continue to Facebook").click()
    desk.get_by_role("radio", name=re.compile("nora.quist")).check()
    page_id = yoga.profile.external_id
    desk.locator(f'input[name="asset"][value="{page_id}"]').uncheck()
    desk.get_by_role("button", name="Allow").click()
    expect(desk.get_by_text("this slot is Fjord Yoga")).to_be_visible()
    shoot(desk, "facebook-wrong")
    yoga.refresh_from_db()
    assert yoga.version == 1


def test_without_any_page_it_says_what_to_tick(desk, shoot):
    """R-C5: an empty list explains itself."""
    leave(desk)
    desk.get_by_role("radio", name=re.compile("nora.quist")).check()
    for box in desk.locator('input[name="asset"]:visible').all():
        box.uncheck()
    desk.get_by_role("button", name="Allow").click()
    expect(desk.get_by_text("tick your Pages in its window")).to_be_visible()
    shoot(desk, "facebook-no-pages")
    assert not SocialProfile.objects.exists()
