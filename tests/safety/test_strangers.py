"""Every address, as a stranger and as nobody, with another tenant's ids (R-B1, R-I1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from core import clock
from profiles.models import Journey
from scheduling.models import Stop
from scheduling.states import TargetState
from tests.factories import (
    MediaItemFactory,
    PostFactory,
    PostMediaFactory,
    ProfileFactory,
    TargetFactory,
)

pytestmark = pytest.mark.django_db

OK_FOR_ALL = ("admin/", "user/", "health/", "mail/", "ui/", "m/", "oauth/")
SECRET_WORDS = "The stranger must not read this"


def patterns(
    resolver: URLResolver, prefix: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        else:
            yield route, entry


def of_a_tenant() -> list[str]:
    """Those that name an id, outside of sign-in, admin and public files."""
    return [
        route
        for route, _ in patterns(get_resolver())
        if "<" in route and not route.startswith(OK_FOR_ALL)
    ]


@pytest.fixture
def ids(cast) -> dict[str, object]:
    """One of everything in Alice's group."""
    profile = ProfileFactory(group=cast.group, social_set=cast.social_set)
    item = MediaItemFactory(group=cast.group, name=SECRET_WORDS)
    post = PostFactory(group=cast.group, author=cast.alice, text=SECRET_WORDS)
    PostMediaFactory(post=post, item=item)
    target = TargetFactory(post=post, profile=profile, state=TargetState.SCHEDULED)
    return {
        "group_id": cast.group.pk,
        "set_id": cast.social_set.pk,
        "profile_id": profile.pk,
        "post_id": post.pk,
        "target_id": target.pk,
        "item_id": item.pk,
        "platform": profile.platform,
        "journey_id": a_journey(cast).pk,
        "stop_id": a_stop(cast).pk,
        "pk": post.pk,
    }


def a_journey(cast) -> Journey:
    return Journey.objects.create(
        user=cast.alice,
        group=cast.group,
        social_set=cast.social_set,
        platform="bluesky",
        method="oauth",
        state_hash="0" * 64,
        session_hash="0" * 64,
        expires_at=clock.now() + timedelta(minutes=10),
    )


def a_stop(cast) -> Stop:
    return Stop.objects.create(
        account=cast.group.account, set_by=cast.alice, reason=SECRET_WORDS
    )


def path_of(route: str, ids: dict[str, object]) -> str:
    """The address with the foreign ids put in; unknown names get a fresh id."""
    path = "/" + route
    for name, converter in converters(route).items():
        value = 1 if converter == "int" else ids.get(name, uuid4())
        path = path.replace(f"<{converter}:{name}>", str(value))
    return path


def converters(route: str) -> dict[str, str]:
    found = {}
    for part in route.split("<")[1:]:
        converter, _, name = part.split(">")[0].rpartition(":")
        found[name] = converter or "str"
    return found


def refused(client: Client, method: str, path: str) -> str:
    """ "" when nothing was given away, else what came instead."""
    answer = getattr(client, method)(path)
    signs_in = answer.status_code == 302 and "/user/login/" in answer["Location"]
    if answer.status_code in (401, 403, 404, 405) or signs_in:
        return ""
    return f"{method.upper()} {path}: {answer.status_code}"


def test_there_are_addresses_to_walk():
    names = of_a_tenant()
    assert len(names) > 25
    assert any("posts/<uuid:pk>" in name for name in names)


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_a_stranger_gets_nothing_anywhere(charlie, ids, method):
    """R-B1: 404 for what isn't visible, whatever the method."""
    found = [
        refused(charlie, method, path_of(route, ids))
        for route in of_a_tenant()
        if "callback" not in route
    ]
    assert [line for line in found if line] == []


def test_support_staff_are_strangers_in_the_product(dana, ids):
    """R-I1: support works in the admin, not in other people's groups."""
    found = [
        refused(dana, "get", path_of(route, ids))
        for route in of_a_tenant()
        if "callback" not in route
    ]
    assert [line for line in found if line] == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_is_sent_to_the_sign_in(client, ids, method):
    found = [
        refused(client, method, path_of(route, ids))
        for route in of_a_tenant()
        if "callback" not in route
    ]
    assert [line for line in found if line] == []


def test_a_strangers_ids_under_ones_own_group_are_404(charlie, cast, ids):
    """The group in the address is his; the post, profile and file aren't."""
    mixed = {**ids, "group_id": cast.charlies_group.pk}
    routes = [
        route
        for route in of_a_tenant()
        if converters(route).keys()
        & {"pk", "target_id", "item_id", "profile_id", "stop_id"}
    ]
    assert routes
    for route in routes:
        for method in ("get", "post"):
            answer = getattr(charlie, method)(path_of(route, mixed))
            assert answer.status_code in (404, 405), route
            assert SECRET_WORDS.encode() not in answer.content


def test_ids_of_the_fixture_are_real(ids):
    assert all(isinstance(ids[name], UUID) for name in ("group_id", "post_id"))
