"""Signing up, in and out, in the browser, with and without scripts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.models import User
from tests.people import PASSWORD, Cast
from tests.support.plugin_browser import SIZES, axe, ours, overflow

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("redis_cache"),
]
PAGES = [
    "/",
    "/user/login/",
    "/user/signup/",
    "/user/reset_password/",
    "/user/confirm-email/",
    "/user/confirm-email/expired-key/",
    "/user/password/reset/done/",
    "/user/password/reset/key/1-set-password/",
    "/user/inactive/",
    "/mail/",
    "/nowhere/",
]


def link_in_mail() -> str:
    found = re.search(r"https?://[^/]+(/\S+)", str(mail.outbox[-1].body))
    assert found
    return found.group(1)


def fill_in_signup(page: Page, email: str = "ada@example.org") -> None:
    page.get_by_label("Your name").fill("Ada Okafor")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)


def sign_in(page: Page, url: str, email: str, password: str = PASSWORD) -> None:
    page.goto(f"{url}/user/login/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


@pytest.mark.parametrize(("size", "theme"), [("desktop", "light"), ("phone", "dark")])
def test_signed_out_pages_stand_axe_the_policy_and_the_width(
    browser: Browser, live_server: Any, size: str, theme: Any
) -> None:
    """R-J3: WCAG 2.2 AA; no inline script or style is asked for anywhere."""
    context = browser.new_context(color_scheme=theme, **SIZES[size])
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    for path in PAGES:
        page.goto(live_server.url + path)
        assert (path, axe(page), overflow(page)) == (path, [], 0)
    assert ours(said) == []
    context.close()


def test_signing_up_ends_in_the_calendar(page: Page, live_server: Any) -> None:
    """R-A1: e-mail and password, a verified address, signed in."""
    page.goto(f"{live_server.url}/user/signup/")
    fill_in_signup(page)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="Check your e-mail")).to_be_visible()
    page.goto(live_server.url + link_in_mail())
    page.get_by_role("button", name="Confirm e-mail").click()
    page.wait_for_url("**/calendar/**")
    assert User.objects.get(email="ada@example.org").name == "Ada Okafor"


def test_signing_up_brings_the_time_zone_along(
    browser: Browser, live_server: Any
) -> None:
    context = browser.new_context(timezone_id="Asia/Tokyo")
    page = context.new_page()
    page.goto(f"{live_server.url}/user/signup/")
    fill_in_signup(page)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="Check your e-mail")).to_be_visible()
    group = User.objects.get(email="ada@example.org").memberships.get().group
    assert group.timezone == "Asia/Tokyo"
    context.close()


def test_everything_works_without_scripts(browser: Browser, live_server: Any) -> None:
    """ui.md, bars: sign-up, sign-in and forms with JavaScript off."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/user/signup/")
    fill_in_signup(page)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="Check your e-mail")).to_be_visible()
    page.goto(live_server.url + link_in_mail())
    page.get_by_role("button", name="Confirm e-mail").click()
    page.wait_for_url("**/calendar/**")
    page.goto(f"{live_server.url}/user/logout/")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Create an account")).to_be_visible()
    sign_in(page, live_server.url, "ada@example.org")
    page.wait_for_url("**/calendar/**")
    context.close()


def test_a_wrong_password_is_said_and_the_address_stays(
    page: Page, cast: Cast, live_server: Any
) -> None:
    sign_in(page, live_server.url, "alice@example.org", "not her password")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("E-mail")).to_have_value("alice@example.org")
    expect(page.get_by_label("Password", exact=True)).to_have_value("")


def test_a_short_password_is_said_beside_its_field(
    page: Page, live_server: Any
) -> None:
    page.goto(f"{live_server.url}/user/signup/")
    fill_in_signup(page)
    page.get_by_label("Password", exact=True).fill("short")
    page.get_by_role("button", name="Create account").click()
    field = page.get_by_label("Password", exact=True)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("at least 10 characters"))
    expect(page.get_by_label("Your name")).to_have_value("Ada Okafor")


def test_a_forgotten_password_is_replaced(
    page: Page, cast: Cast, live_server: Any
) -> None:
    """R-A1: at /user/reset_password/, the address help pages name."""
    page.goto(f"{live_server.url}/user/login/")
    page.get_by_role("link", name="Forgot password?").click()
    page.wait_for_url("**/user/reset_password/")
    page.get_by_label("E-mail").fill("alice@example.org")
    page.get_by_role("button", name="Send link").click()
    expect(page.get_by_role("heading", name="Check your e-mail")).to_be_visible()
    page.goto(live_server.url + link_in_mail())
    page.get_by_label("New password", exact=True).fill("a wholly other secret")
    page.get_by_label("New password, once more").fill("a wholly other secret")
    page.get_by_role("button", name="Save password").click()
    expect(page.get_by_role("heading", name="Password saved")).to_be_visible()
    sign_in(page, live_server.url, "alice@example.org", "a wholly other secret")
    page.wait_for_url("**/calendar/**")


def test_an_address_nobody_has_gets_the_same_answer(
    page: Page, live_server: Any
) -> None:
    page.goto(f"{live_server.url}/user/reset_password/")
    page.get_by_label("E-mail").fill("nobody@example.org")
    page.get_by_role("button", name="Send link").click()
    expect(page.get_by_role("heading", name="Check your e-mail")).to_be_visible()


def test_the_password_can_be_shown(page: Page, live_server: Any) -> None:
    page.goto(f"{live_server.url}/user/login/")
    field = page.get_by_label("Password", exact=True)
    field.fill("let me see")
    page.get_by_role("button", name="Show password").click()
    expect(field).to_have_attribute("type", "text")
    page.get_by_role("button", name="Hide password").click()
    expect(field).to_have_attribute("type", "password")


def test_what_was_typed_survives_a_reload_but_the_password_is_not_kept(
    page: Page, live_server: Any
) -> None:
    page.goto(f"{live_server.url}/user/signup/")
    fill_in_signup(page)
    page.reload()
    expect(page.get_by_label("Your name")).to_have_value("Ada Okafor")
    expect(page.get_by_label("Password", exact=True)).to_have_value("")
    assert PASSWORD not in str(page.evaluate("Object.values(localStorage)"))


def test_once_the_server_has_it_nothing_is_kept(page: Page, live_server: Any) -> None:
    page.goto(f"{live_server.url}/user/signup/")
    fill_in_signup(page)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="Check your e-mail")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage)") == []


def test_a_form_is_sent_once_however_often_it_is_pressed(
    page: Page, live_server: Any
) -> None:
    posts: list[str] = []
    page.on("request", lambda r: posts.append(r.url) if r.method == "POST" else None)
    page.goto(f"{live_server.url}/user/signup/")
    fill_in_signup(page)
    press = "b => { b.click(); b.click(); b.click(); }"
    page.get_by_role("button", name="Create account").evaluate(press)
    expect(page.get_by_role("heading", name="Check your e-mail")).to_be_visible()
    assert len(posts) == 1


def test_a_lapsed_form_explains_itself(
    page: Page, context: BrowserContext, live_server: Any
) -> None:
    page.goto(f"{live_server.url}/user/login/")
    context.clear_cookies()
    page.get_by_label("E-mail").fill("alice@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Please send that again")).to_be_visible()
    expect(page.get_by_role("link", name="Open the page again")).to_be_visible()


def test_the_chosen_theme_stays_and_is_there_before_the_page_is_drawn(
    page: Page, live_server: Any
) -> None:
    page.goto(live_server.url)
    page.get_by_role("button", name="Dark").click()
    page.goto(f"{live_server.url}/user/login/")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    with page.expect_response(f"{live_server.url}/") as answer:
        page.goto(live_server.url)
    assert '<html lang="en" data-theme="dark">' in answer.value.text()
