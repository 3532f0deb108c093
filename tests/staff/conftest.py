"""One person of each kind of staff, and one of everything in Alice's account."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY as WHOSE,
)
from allauth.account.internal.flows.login import (
    AUTHENTICATION_METHODS_SESSION_KEY as METHODS,
)
from django.contrib.auth.models import Group
from django.db.models import Model
from django.test import Client

from accounts.actions.invitations import invite
from accounts.audit import AuditEntry, Deed, record
from accounts.models import User
from core import clock
from profiles.client_registration import ClientRegistration
from profiles.erasure import Erasure
from profiles.models import ConnectionEvent
from publishing.models import Alarm, Attempt, Heartbeat, Outcome, Pause, Step
from scheduling.states import TargetState
from support.acting import Acting
from support.help_request import HelpRequest
from support.rights import Kind, group_name
from tests.factories import PostFactory, ProfileFactory, TargetFactory
from tests.people import Cast, person


def make_staff(name: str, *kinds: Kind) -> User:
    user = person(name, is_staff=True)
    for kind in kinds:
        user.groups.add(Group.objects.get_or_create(name=group_name(kind))[0])
    return user


def sign_in(user: User) -> Client:
    """With the password, this very moment."""
    client = Client()
    client.force_login(user)
    session = client.session
    session[METHODS] = [{"method": "password", "at": time.time(), "email": user.email}]
    session[WHOSE] = str(user.pk)
    session.save()
    return client


@pytest.fixture
def staff(cast) -> Callable[..., Client]:
    """`staff(Kind.SUPPORT)`: signed in, in that group."""
    made: dict[tuple[Kind, ...], Client] = {}

    def _staff(*kinds: Kind) -> Client:
        if kinds not in made:
            name = "-".join(kinds) or "nobody"
            made[kinds] = sign_in(make_staff(f"Staff-{name}", *kinds))
        return made[kinds]

    return _staff


@pytest.fixture
def support(staff) -> Client:
    return staff(Kind.SUPPORT)


@pytest.fixture
def auditor(staff) -> Client:
    return staff(Kind.AUDITOR)


@pytest.fixture
def operations(staff) -> Client:
    return staff(Kind.OPERATIONS)


@pytest.fixture
def everything(cast: Cast) -> dict[str, Model]:
    """Label → a row of each model that the staff's desk shows."""
    profile = ProfileFactory(group=cast.group, social_set=cast.social_set)
    post = PostFactory(group=cast.group, author=cast.alice, text="A walk in the hills")
    target = TargetFactory(post=post, profile=profile, state=TargetState.FAILED)
    attempt(target)
    roles = {cast.group: "member"}
    asked = invite(
        account=cast.group.account,
        actor=cast.alice,
        email="mira@example.com",
        grants=roles,
    )
    rows: tuple[Any, ...] = (
        HelpRequest.objects.create(user=cast.alice, email=cast.alice.email),
        cast.alice,
        cast.group.account,
        cast.group,
        asked.invitation,
        cast.social_set,
        profile,
        profile.connection,
        ConnectionEvent.objects.create(
            connection=profile.connection, after="connected", cause="Signed in"
        ),
        post,
        record(Deed("test.done"), actor=None),
        Acting.objects.create(
            staff=cast.dana,
            customer=cast.bob,
            reason="To see the calendar",
            until=clock.now(),
        ),
        Erasure.objects.create(
            platform="facebook", digest="0" * 64, asked_at=clock.now()
        ),
        ClientRegistration.objects.create(platform="mastodon", server="fjord.example"),
        Alarm.objects.create(key="tick", title="No tick", text="Nothing goes out."),
        Heartbeat.objects.create(name="tick", seen_at=clock.now()),
        Pause.objects.create(platform="bluesky", scope="app"),
    )
    return {row._meta.label_lower: row for row in rows}


def attempt(target) -> Attempt:
    return Attempt.objects.create(
        target=target,
        fence=1,
        step=Step.SEND,
        outcome=Outcome.REFUSED,
        http_status=400,
        request_id="req-4711",
        message="The text is too long.",
        details="InvalidRequest: too many graphemes",
    )


def verbs() -> list[str]:
    """What the audit trail says, oldest first."""
    return list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))


def last() -> AuditEntry:
    return AuditEntry.objects.latest("id")
