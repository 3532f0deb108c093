"""Somebody at the sign-in page: with or without the right to be there."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from accounts.signin import codes
from tests.people import PASSWORD, TOTP_SECRET, two_step

LOGIN = "/user/login/"
CODE = "/user/two-step/authenticate/"
AGENT = "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/130.0"

Answer = Any


def browser(address: str = "198.51.100.7", **more: Any) -> Client:
    return Client(REMOTE_ADDR=address, headers={"user-agent": AGENT}, **more)


def sign_in(
    client: Client, email: str, password: str = PASSWORD, **more: str
) -> Answer:
    return client.post(LOGIN, {"login": email, "password": password, **more})


def give_code(client: Client, code: str) -> Answer:
    return client.post(CODE, {"code": code})


def code_now(ahead: int = 0) -> str:
    """What the authenticator app of tests/people.py shows."""
    return code_for(TOTP_SECRET, ahead)


def code_for(secret: str, ahead: int = 0) -> str:
    return codes.code_at(secret, codes.step_now() + ahead)


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def link_in(message: Any) -> str:
    found = re.search(r"(https?://\S+)", str(message.body))
    assert found, "the mail has no link"
    return found.group(1)


def path_in(message: Any) -> str:
    return "/" + link_in(message).split("/", 3)[3]


def subjects() -> list[str]:
    return [str(message.subject) for message in mail.outbox]


@pytest.fixture
def guest() -> Client:
    return browser()


@pytest.fixture
def careful(cast) -> User:
    """Alice, with an authenticator app."""
    two_step(cast.alice)
    user: User = cast.alice
    return user


@pytest.fixture
def known(cast) -> Callable[[User], Client]:
    """A browser in which the person signed in before, and signed out again."""

    def enter(user: User, address: str = "203.0.113.5") -> Client:
        client = browser(address)
        sign_in(client, user.email)
        client.post("/user/logout/")
        mail.outbox.clear()
        return client

    return enter
