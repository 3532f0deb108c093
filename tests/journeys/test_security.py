"""Two steps, passkeys, sessions, in Chromium (R-A7, R-A8)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from tests.people import PASSWORD, two_step
from tests.signin.conftest import code_for, code_now
from tests.support.plugin_browser import ours

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sign_in(page: Page, url: str, user: User) -> None:
    page.goto(f"{url}/user/login/")
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page, url: str) -> None:
    page.goto(f"{url}/user/logout/")
    page.get_by_role("button", name="Sign out").click()


def test_two_steps_are_set_up_and_a_recovery_code_lets_in(
    installation: Any, page: Page, cast: Any, shoot: Any
) -> None:
    """R-A7: from the page to the codes, out, and in again without the phone."""
    url = installation.url
    sign_in(page, url, cast.alice)
    page.goto(f"{url}/user/security/")
    shoot(page, "security")
    page.get_by_role("link", name="Set up authenticator app").click()
    shoot(page, "security-app")
    secret = page.locator(".security__key").inner_text()
    page.get_by_label("Six-digit code").fill(code_for(secret))
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    shoot(page, "security-codes")
    code = page.locator(".security__codes li").first.inner_text()
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("10 left")).to_be_visible()
    sign_out(page, url)
    sign_in(page, url, cast.alice)
    shoot(page, "second-step")
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("That code isn't right")).to_be_visible()
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/calendar/**")
    page.goto(f"{url}/user/security/")
    expect(page.get_by_text("9 left")).to_be_visible()
    shoot(page, "security-two-step")
    assert "Two-step sign-in is on" in [message.subject for message in mail.outbox]


@pytest.fixture
def at_a_name(installation: Any, settings: Any) -> str:
    """Browsers keep passkeys for names, not for numbers."""
    url = str(installation.url).replace("127.0.0.1", "localhost")
    settings.BASE_URL, settings.BASE_HOST = url, "localhost"
    settings.PASSKEYS = True
    settings.CSRF_TRUSTED_ORIGINS = [url]
    return url


@pytest.fixture
def fingerprint(page: Page) -> None:
    """Chromium's own authenticator: its owner is always there and consents."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def add_passkey(page: Page, url: str, name: str) -> None:
    page.goto(f"{url}/user/two-step/webauthn/add/")
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Add passkey").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()


def test_a_passkey_signs_in_without_a_password(
    at_a_name: str, page: Page, fingerprint: None, cast: Any, shoot: Any
) -> None:
    """R-A7: added, used alone, used as the second step, used to confirm; no inline script."""
    url, said = at_a_name, []
    page.on("console", lambda message: said.append(message.text))
    sign_in(page, url, cast.alice)
    page.wait_for_url("**/calendar/**")
    page.goto(f"{url}/user/two-step/webauthn/add/")
    shoot(page, "passkey-add")
    add_passkey(page, url, "Work laptop")
    page.goto(f"{url}/user/security/")
    expect(page.get_by_text("Work laptop").first).to_be_visible()
    shoot(page, "security-passkey")
    sign_out(page, url)
    page.goto(f"{url}/user/login/?next=/settings/users/")
    shoot(page, "sign-in-passkey")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Users", level=1)).to_be_visible()
    sign_out(page, url)
    sign_in(page, url, cast.alice)
    shoot(page, "second-step-passkey")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/calendar/**")
    page.goto(f"{url}/user/two-step/webauthn/reauthenticate/?next=/user/security/")
    shoot(page, "confirm-passkey")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="How you sign in")).to_be_visible()
    assert ours(said) == []


def test_no_passkey_at_hand_is_said(
    at_a_name: str, page: Page, fingerprint: None
) -> None:
    page.goto(f"{at_a_name}/user/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("Try again when you are ready")
    page.get_by_label("E-mail").fill("a@example.org")


def test_a_passkey_is_renamed_and_removed(
    at_a_name: str, page: Page, fingerprint: None, cast: Any, shoot: Any
) -> None:
    sign_in(page, at_a_name, cast.alice)
    page.wait_for_url("**/calendar/**")
    add_passkey(page, at_a_name, "Old phone")
    page.goto(f"{at_a_name}/user/security/")
    page.get_by_role("link", name="Rename Old phone").click()
    page.get_by_label("Name").fill("Drawer phone")
    page.get_by_role("button", name="Save name").click()
    page.get_by_role("link", name="Remove Drawer phone").click()
    shoot(page, "passkey-remove")
    page.get_by_role("button", name="Remove passkey").click()
    expect(page.get_by_text("The passkey is removed")).to_be_visible()
    expect(page.get_by_text("Drawer phone")).to_have_count(0)


def test_another_browser_is_signed_out_at_once(
    installation: Any, page: Page, browser: Browser, cast: Any
) -> None:
    """R-A8: what it does next is asked to sign in."""
    url = installation.url
    phone = browser.new_context(user_agent="Mozilla/5.0 (iPhone) Version/18 Safari/6")
    there = phone.new_page()
    for each in (there, page):
        sign_in(each, url, cast.alice)
        each.wait_for_url("**/calendar/**")
    page.goto(f"{url}/user/security/")
    row = page.get_by_role("listitem").filter(has_text="Safari on iPhone")
    row.get_by_role("button", name=re.compile("Sign out")).click()
    expect(page.get_by_text("That browser is signed out")).to_be_visible()
    there.reload()
    expect(there.get_by_role("heading", name="Sign in")).to_be_visible()
    phone.close()
    page.reload()
    expect(page.get_by_text("This browser", exact=True)).to_be_visible()


def test_an_owner_requires_it_and_a_colleague_is_led_there(
    installation: Any, enter: Any, page: Page, browser: Browser, cast: Any, shoot: Any
) -> None:
    """R-A7: seen at once in a session that is open already."""
    url = installation.url
    two_step(cast.alice)
    context = browser.new_context()
    bobs = enter(cast.bob, f"/g/{cast.group.pk}/calendar/", context.new_page())
    sign_in(page, url, cast.alice)
    page.get_by_label("Code").fill(code_now())
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/calendar/**")
    page.goto(f"{url}/settings/users/")
    page.get_by_role("button", name="Require it of everybody").click()
    expect(page.get_by_text("now required of everybody")).to_be_visible()
    shoot(page, "users-two-step")
    bobs.reload()
    expect(bobs.get_by_role("heading", name="One more thing")).to_be_visible()
    shoot(bobs, "two-step-needed")
    bobs.get_by_role("link", name="Use an authenticator app").click()
    expect(bobs.get_by_role("heading", name="Confirm it is you")).to_be_visible()
    context.close()
