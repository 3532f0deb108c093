from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core import mail

from accounts.actions.groups import create_group
from accounts.actions.invitations import Invited, invite
from accounts.models import AccessGroup, Role


@pytest.fixture
def second(cast) -> AccessGroup:
    return create_group(account=cast.group.account, actor=cast.alice, name="Second")


@pytest.fixture
def asked(cast, db) -> Callable[..., Invited]:
    """Alice invites somebody into her first group."""

    def call(email: str = "mira@example.org", **more: object) -> Invited:
        given = {"grants": {cast.group: Role.MEMBER}, "actor": cast.alice} | more
        return invite(account=cast.group.account, email=email, **given)

    return call


def path_in(message: object) -> str:
    """The address of the link in a mail, without its host."""
    found = re.search(r"https?://[^/\s]+(/\S+)", str(message.body))  # type: ignore[attr-defined]
    assert found, "the mail has no link"
    return found.group(1)


def token_of_last_mail() -> str:
    return path_in(mail.outbox[-1]).split("/")[-2]
