"""Account mails: in our words, as text and as HTML, saying the same."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string

from tests.ui.sources import TEMPLATES

PREFIX = "account/email/"
LINK = "https://later.example/user/go/k-1/"
CONTEXT = {
    "user": SimpleNamespace(email="ada@example.org", get_short_name="Ada"),
    "email": "ada@example.org",
    "activate_url": LINK,
    "password_reset_url": LINK,
    "signup_url": LINK,
    "from_email": "old@example.org",
    "to_email": "ada@example.org",
    "deleted_email": "old@example.org",
    "added_email": "new@example.org",
    "confirm_url": LINK,
    "ip": "192.0.2.7",
    "user_agent": "A browser",
    "timestamp": "3 May 2026",
}
WITH_LINK = [
    "address_link",
    "email_confirmation",
    "email_confirmation_signup",
    "password_reset_key",
    "account_already_exists",
    "unknown_account",
]
NOTES = [
    "email_added",
    "email_changed",
    "email_confirm",
    "email_deleted",
    "password_changed",
    "password_reset",
    "password_set",
    "new_device",
    "password_known",
]


def part(name: str, kind: str) -> str:
    return render_to_string(f"{PREFIX}{name}_message.{kind}", CONTEXT)


@pytest.mark.parametrize("name", [*WITH_LINK, *NOTES])
def test_a_subject_is_one_short_sentence_of_ours(name: str) -> None:
    subject = render_to_string(f"{PREFIX}{name}_subject.txt", CONTEXT).strip()
    assert 0 < len(subject) <= 60
    assert "\n" not in subject
    assert (TEMPLATES / PREFIX / f"{name}_subject.txt").is_file()


@pytest.mark.parametrize("kind", ["txt", "html"])
@pytest.mark.parametrize("name", WITH_LINK)
def test_a_mail_that_asks_for_something_bears_the_link(name: str, kind: str) -> None:
    """R-A1, R-A4: the way back in stands in the mail, in full."""
    assert LINK in part(name, kind)


@pytest.mark.parametrize("kind", ["txt", "html"])
@pytest.mark.parametrize("name", NOTES)
def test_a_note_of_a_change_says_from_where_it_came(name: str, kind: str) -> None:
    """R-A8: a change that was not the person's own can be recognised."""
    body = part(name, kind)
    assert "192.0.2.7" in body
    assert "3 May 2026" in body
    assert "choose a new password" in body


def test_text_is_not_escaped_and_html_is() -> None:
    context = CONTEXT | {"email": "o'neil@example.org"}
    text = render_to_string(f"{PREFIX}account_already_exists_message.txt", context)
    html = render_to_string(f"{PREFIX}account_already_exists_message.html", context)
    assert "o'neil@" in text
    assert "o&#x27;neil@" in html


def test_a_template_that_is_missing_would_be_noticed() -> None:
    with pytest.raises(TemplateDoesNotExist):
        part("no_such_mail", "txt")
