"""The platform's sign-in in a window of its own, and every way back from it (R-C2)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from profiles.models import Connection, SocialProfile
from tests.support.plugin_browser import SIZES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PLATFORM = re.compile(r"/www\.instagram\.com/oauth/authorize")


@pytest.fixture
def blocker() -> None:
    """Pop-ups are allowed here."""


def at(page: Page, platform: str) -> Page:
    page.get_by_role("link", name=f"Connect {platform}").first.click()
    expect(page.get_by_role("button", name=f"Continue to {platform}")).to_be_visible()
    return page


@pytest.fixture
def start(desk: Page) -> Page:
    """Before leaving for Instagram."""
    return at(desk, "Instagram")


def open_window(page: Page, button: str = "Continue to Instagram") -> Page:
    with page.expect_popup() as opened:
        page.get_by_role("button", name=button).click()
    return opened.value


def allow(window: Page, handle: str) -> None:
    """The press that ends the window: Playwright may see it closed on the way."""
    window.get_by_role("radio", name=re.compile(handle)).check()
    ended(window, "Allow")


def ended(window: Page, button: str) -> None:
    with window.expect_event("close"):
        window.get_by_role("button", name=button).click(no_wait_after=True)


def test_the_window_closes_and_the_page_goes_on(start, shoot):
    """R-C2, R-C9: there, back, Enable."""
    window = open_window(start)
    expect(start.get_by_text("Go on in the Instagram window")).to_be_visible()
    window.wait_for_url(PLATFORM)
    shoot(start, "window-open")
    allow(window, "lena.studio")
    expect(start.get_by_text("Enable needed")).to_be_visible()
    assert SocialProfile.objects.get().handle == "lena.studio"
    start.go_back()
    expect(start.get_by_role("heading", name="Social Sets")).to_be_visible()


def test_several_pages_are_picked_on_the_page_that_waited(desk):
    """R-C5"""
    at(desk, "Facebook")
    allow(open_window(desk, "Continue to Facebook"), "nora.quist")
    expect(desk.get_by_role("heading", name="Choose profiles")).to_be_visible()
    for row in desk.get_by_role("checkbox", name=re.compile("Corner Bakery")).all():
        row.check()
    desk.get_by_role("button", name="Connect", exact=True).click()
    expect(desk.get_by_role("heading", name="Corner Bakery")).to_have_count(2)


def test_tiktok_goes_on_with_its_enable_step(desk):
    """R-C9"""
    at(desk, "TikTok")
    allow(open_window(desk, "Continue to TikTok"), "mirabakes")
    desk.get_by_role("button", name="Enable Auto Publish for @mirabakes").click()
    expect(desk.get_by_text("Connected", exact=True).first).to_be_visible()


def test_a_closed_window_leaves_a_way_on(start, shoot):
    """R-C2, R-C12: what to do stands beside the state."""
    open_window(start).close()
    expect(start.get_by_text("The Instagram window is closed")).to_be_visible()
    expect(start.get_by_text("Allow pop-ups for this site")).to_be_visible()
    shoot(start, "window-closed")
    allow(open_window(start, "Open it again"), "lena.studio")
    expect(start.get_by_text("Enable needed")).to_be_visible()


def test_from_a_closed_window_one_can_go_on_in_the_tab(start):
    open_window(start).close()
    start.get_by_role("button", name="Continue in this tab", exact=True).click()
    start.wait_for_url(PLATFORM)
    start.get_by_role("radio", name=re.compile("lena.studio")).check()
    start.get_by_role("button", name="Allow").click()
    expect(start.get_by_text("Enable needed")).to_be_visible()


def test_changing_ones_mind_closes_the_window(start):
    window = open_window(start)
    window.wait_for_url(PLATFORM)
    with window.expect_event("close"):
        start.get_by_role("button", name="Continue in this tab instead").click()
    start.wait_for_url(PLATFORM)


def test_declining_is_said_on_the_page_that_waited(start):
    ended(open_window(start), "Cancel")
    expect(start.get_by_text("You chose not to allow access")).to_be_visible()
    start.get_by_role("link", name="Try again").click()
    expect(start.get_by_role("button", name="Continue to Instagram")).to_be_visible()


def test_what_is_refused_before_leaving_is_told_where_it_was_typed(desk):
    at(desk, "Bluesky")
    desk.get_by_label("Handle or server").fill("nobody.at.all.example")
    window = open_window(desk, "Continue to Bluesky")
    field = desk.get_by_label("Handle or server")
    expect(field).to_have_value("nobody.at.all.example")
    expect(desk.locator(".field__error")).to_be_visible()
    expect(desk.get_by_text("Go on in the Bluesky window")).to_be_hidden()
    assert window.is_closed()


def test_a_page_that_was_open_too_long_says_so_and_is_made_anew(start, shoot):
    """R-C2: the refusal met the window; the page that waits is told, and goes on."""
    start.evaluate(
        "for (const field of document.getElementsByName('csrfmiddlewaretoken')) "
        "field.value = 'x'.repeat(64)"
    )
    window = open_window(start)
    expect(start.get_by_text("Please press that once more")).to_be_visible()
    assert window.is_closed()
    shoot(start, "stale")
    allow(open_window(start), "lena.studio")
    expect(start.get_by_text("Enable needed")).to_be_visible()


def test_a_platform_that_cuts_the_tie_still_ends_well(start, context):
    """Its opener policy makes the window look closed; the answer is heard all the same."""
    cut_the_tie(context)
    window = open_window(start)
    window.wait_for_url(PLATFORM)
    window.reload()
    expect(start.get_by_text("The Instagram window is closed")).to_be_visible()
    window.get_by_role("radio", name=re.compile("lena.studio")).check()
    window.get_by_role("button", name="Allow").click(no_wait_after=True)
    expect(start.get_by_text("Enable needed")).to_be_visible()


def cut_the_tie(context: BrowserContext) -> None:
    """From the next time on that Instagram's page is asked for without a redirect."""

    def answer(route: Route) -> None:
        if route.request.method != "GET":
            return route.continue_()
        found = route.fetch()
        policy = {"Cross-Origin-Opener-Policy": "same-origin"}
        return route.fulfill(response=found, headers={**found.headers, **policy})

    context.route(PLATFORM, answer)


def test_when_nobody_waits_any_more_the_window_shows_the_result(start):
    window = open_window(start)
    window.wait_for_url(PLATFORM)
    start.close()
    window.get_by_role("radio", name=re.compile("lena.studio")).check()
    window.get_by_role("button", name="Allow").click()
    expect(window.get_by_text("Enable needed")).to_be_visible()


def test_two_tabs_each_end_in_their_own(start, context):
    """Two journeys at once, of two platforms."""
    other = context.new_page()
    other.goto(start.url.replace("/instagram/", "/tiktok/"))
    first = open_window(start)
    second = open_window(other, "Continue to TikTok")
    allow(second, "mirabakes")
    expect(other.get_by_role("heading", name="@mirabakes")).to_be_visible()
    expect(start.get_by_text("Go on in the Instagram window")).to_be_visible()
    allow(first, "lena.studio")
    expect(start.get_by_role("heading", name="@lena.studio")).to_be_visible()
    assert Connection.objects.count() == 2


def test_where_pop_ups_are_blocked_the_same_button_takes_the_whole_page(start):
    start.evaluate("window.open = () => null")
    start.get_by_role("button", name="Continue to Instagram").click()
    start.wait_for_url(PLATFORM)


@pytest.fixture
def phone(browser, installation, desk) -> Iterator[Page]:
    context = browser.new_context(**SIZES["phone"])
    context.add_cookies(desk.context.cookies())
    page = context.new_page()
    page.goto(desk.url)
    yield page
    context.close()


def test_on_a_phone_it_takes_the_whole_page(phone):
    at(phone, "Instagram").get_by_role("button", name="Continue to Instagram").click()
    phone.wait_for_url(PLATFORM)
    phone.get_by_role("radio", name=re.compile("lena.studio")).check()
    phone.get_by_role("button", name="Allow").click()
    expect(phone.get_by_text("Enable needed")).to_be_visible()


def test_without_scripts_it_takes_the_whole_page(browser, installation, desk):
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(desk.context.cookies())
    page = context.new_page()
    page.goto(desk.url)
    at(page, "Instagram").get_by_role("button", name="Continue to Instagram").click()
    page.wait_for_url(PLATFORM)
    context.close()
