"""What htmx's answers do: the token sent along, failures told in words."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from core.errors import DomainError
from later.api import as_json
from tests.people import Cast

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("redis_cache"),
]
Enter = Callable[[User, str], Page]
ACCOUNT = "/user/email/"
ASK = "([method, path]) => htmx.ajax(method, path, '#dialogs').catch(() => null)"


def test_a_post_carries_the_token(enter: Enter, cast: Cast) -> None:
    page = enter(cast.alice, ACCOUNT)
    with page.expect_response("**/user/logout/") as answer:
        page.evaluate(ASK, ["POST", "/user/logout/"])
    assert answer.value.status == 302


def test_what_is_gone_is_told_in_a_toast_that_stays(enter: Enter, cast: Cast) -> None:
    page = enter(cast.alice, ACCOUNT)
    page.evaluate(ASK, ["GET", "/nowhere/"])
    toast = page.locator(".toast[data-tone=bad]")
    expect(toast).to_contain_text("no longer there")
    toast.get_by_role("button", name="Dismiss").click()
    expect(toast).to_be_hidden()


def test_a_lost_connection_is_told(enter: Enter, cast: Cast) -> None:
    page = enter(cast.alice, ACCOUNT)
    page.context.set_offline(True)
    page.evaluate(ASK, ["GET", ACCOUNT])
    expect(page.locator(".toast[data-tone=bad]")).to_contain_text("No connection")


def test_the_words_of_the_api_are_shown(enter: Enter, cast: Cast) -> None:
    page = enter(cast.alice, ACCOUNT)
    answer = {"errors": [as_json(DomainError("past", "That time has passed."))]}
    page.evaluate(
        "text => document.dispatchEvent(new CustomEvent('htmx:responseError', "
        "{ detail: { xhr: { status: 400, responseText: text } } }))",
        json.dumps(answer),
    )
    expect(page.locator(".toast[data-tone=bad]")).to_contain_text(
        "That time has passed."
    )


def test_a_session_that_ran_out_leads_to_sign_in_and_back(
    enter: Enter, cast: Cast
) -> None:
    page = enter(cast.alice, ACCOUNT)
    page.context.clear_cookies()
    page.evaluate(ASK, ["GET", "/user/password/change/"])
    page.wait_for_url("**/user/login/?next=%2Fuser%2Femail%2F")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_text_kept_for_one_person_is_not_shown_to_the_next(
    enter: Enter, cast: Cast
) -> None:
    page = enter(cast.alice, ACCOUNT)
    page.get_by_label("E-mail", exact=True).evaluate(
        "field => { field.form.dataset.keep = 'note'; }"
    )
    page.get_by_label("E-mail", exact=True).fill("secret@example.org")
    keys = page.evaluate("Object.keys(localStorage)")
    assert keys == [f"kept:{cast.alice.pk}:note"]
