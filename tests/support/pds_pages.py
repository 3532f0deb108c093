"""The sign-in and consent pages of a real Bluesky server, driven in a browser."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.support.pds import Account


def sign_in(page: Page, account: Account) -> None:
    """From the server's first page to its consent page.

    Without a name in the request the server asks first whether one has an account.
    """
    password = page.locator("input[name=password]")
    has_account = page.get_by_role("button", name="Sign in")
    has_account.wait_for()
    if password.count() == 0:
        has_account.click()
        password.wait_for()
    username = page.locator("input[name=username]")
    if username.is_editable():
        username.fill(account.handle)
    password.fill(account.password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Authorize").wait_for()


def allow(page: Page) -> None:
    page.get_by_role("button", name="Authorize").click()


def deny(page: Page) -> None:
    page.get_by_role("button", name="Deny access").click()
