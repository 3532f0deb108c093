"""The sign-in and consent pages of a real Bluesky server, driven in a browser."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.support.pds import Account


def sign_in(page: Page, account: Account) -> None:
    """On the server's sign-in page; ends on its consent page."""
    username = page.locator("input[name=username]")
    page.locator("input[name=password]").wait_for()
    if username.is_editable():
        username.fill(account.handle)
    page.locator("input[name=password]").fill(account.password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Authorize").wait_for()


def allow(page: Page) -> None:
    page.get_by_role("button", name="Authorize").click()


def deny(page: Page) -> None:
    page.get_by_role("button", name="Deny access").click()
