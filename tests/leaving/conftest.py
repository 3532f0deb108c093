"""An account of which every table holds a word that nobody else writes."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client

from accounts.actions.invitations import invite
from accounts.invitation import Invitation
from accounts.models import Membership, Role
from core import clock
from media.models import MediaItem, Rendition
from notifications.actions import notify
from platforms.types import Token
from profiles.models import ConnectionEvent, Journey
from publishing.models import Attempt, Outcome, Step
from scheduling.models import EventKind, PostEvent, Stop
from tests.factories import (
    MediaItemFactory,
    PostFactory,
    PostMediaFactory,
    ProfileFactory,
    TargetFactory,
)
from tests.people import PASSWORD, Cast

# Of a language that no text of the product is written in.
WORD = "zwitscherlied"


def places_in_database() -> list[str]:
    """Tables of which a row, as text, holds the word."""
    found = []
    for table in connection.introspection.table_names():
        out = io.StringIO()
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608
            out.writelines(row[0] for row in cursor.fetchall())
        if WORD in out.getvalue().lower():
            found.append(table)
    return found


def files_with_word(root: Path) -> list[str]:
    """Files under the media folder that hold the word, or bear it."""
    return [
        str(path.relative_to(root))
        for path in root.rglob("*")
        if path.is_file()
        and (WORD in path.name.lower() or WORD.encode() in path.read_bytes())
    ]


@pytest.fixture
def planted(cast: Cast, settings) -> Cast:
    """Alice is called by the word, and so is all that she and Bob have in her account."""
    _people(cast)
    profile = _profile(cast)
    item = _file(cast)
    _post(cast, profile, item)
    Stop.objects.create(account=cast.group.account, set_by=cast.bob, reason=WORD)
    for person in (cast.alice, cast.bob):
        notify(user=person, code="test", title=WORD, text=WORD, path="/")
    return cast


def _people(cast: Cast) -> None:
    cast.alice.name, cast.alice.email = f"Alice {WORD}", f"{WORD}@example.org"
    cast.alice.save()
    EmailAddress.objects.filter(user=cast.alice).update(email=cast.alice.email)
    cast.group.name = cast.group.account.name = cast.social_set.name = f"{WORD} Studio"
    cast.group.save()
    cast.group.account.save()
    cast.social_set.save()
    invite(
        account=cast.group.account,
        actor=cast.alice,
        email=f"mira-{WORD}@example.org",
        grants={cast.group: Role.MEMBER},
        name=WORD,
    )


def _profile(cast: Cast):
    profile = ProfileFactory(
        group=cast.group,
        social_set=cast.social_set,
        external_id=f"did:plc:{WORD}",
        name=WORD,
        handle=f"{WORD}.example.org",
        picture_url=f"https://example.org/{WORD}.jpg",
        connection=Token(access="canary-token-of-the-profile-0001"),
        connection__connected_by=cast.alice,
    )
    ConnectionEvent.objects.create(
        connection=profile.connection, after="connected", cause=WORD, actor=cast.alice
    )
    Journey.objects.create(
        user=cast.bob,
        group=cast.group,
        social_set=cast.social_set,
        platform="bluesky",
        method="oauth",
        state_hash="1" * 64,
        session_hash="1" * 64,
        person_name=WORD,
        expires_at=clock.now(),
    )
    return profile


def _file(cast: Cast) -> MediaItem:
    item = MediaItemFactory(
        group=cast.group, name=f"{WORD}.jpg", alt_text=WORD, uploaded_by=cast.alice
    )
    item.file.save("x.jpg", ContentFile(f"bytes of {WORD}".encode()))
    thumb = Rendition(item=item, recipe="thumb", mime="image/webp", size=1)
    thumb.width = thumb.height = 1
    thumb.file.save("thumb.webp", ContentFile(WORD.encode()), save=False)
    thumb.save()
    return item


def _post(cast: Cast, profile, item: MediaItem) -> None:
    post = PostFactory(group=cast.group, author=cast.alice, text=f"Words of {WORD}")
    PostMediaFactory(post=post, item=item)
    target = TargetFactory(post=post, profile=profile, text=WORD, reason=WORD)
    PostEvent.objects.create(
        post=post, actor=cast.alice, kind=EventKind.CREATED, text=f"Written by {WORD}"
    )
    Attempt.objects.create(
        target=target, fence=1, step=Step.CHECK, outcome=Outcome.OK, message=WORD
    )


@pytest.fixture
def fresh() -> Callable[[Client, str], Client]:
    """A person who has just proved with their password who they are."""

    def prove(client: Client, email: str) -> Client:
        client.logout()
        answer = client.post("/user/login/", {"login": email, "password": PASSWORD})
        assert answer.status_code == 302, answer.content
        return client

    return prove


@pytest.fixture
def owner(cast: Cast, fresh) -> Client:
    return fresh(Client(), cast.alice.email)


def waiting_invitations() -> int:
    return Invitation.objects.count()


def roles_of(person) -> list[str]:
    return list(Membership.objects.filter(user=person).values_list("role", flat=True))
