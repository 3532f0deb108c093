"""Many connections at once, in few statements; and a count of statements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from accounts.models import AccessGroup
from profiles.models import Connection, SocialProfile, SocialSet
from profiles.states import ConnectionState


def crowd(
    group: AccessGroup, count: int, platform: str = "orbit", **columns: Any
) -> list[Connection]:
    """Connected profiles, each in a Social Set of its own; their tokens are no tokens."""
    sets = SocialSet.objects.bulk_create(
        SocialSet(group=group, name=f"Set {number}") for number in range(count)
    )
    profiles = SocialProfile.objects.bulk_create(
        SocialProfile(
            account_id=group.account_id,
            group=group,
            social_set=place,
            platform=platform,
            external_id=f"many-{place.pk}",
            name=f"Person {number}",
            handle=f"many{number}",
        )
        for number, place in enumerate(sets)
    )
    told = {"state": ConnectionState.CONNECTED, "method": "sign-in", "sealed": "sealed"}
    return Connection.objects.bulk_create(
        Connection(profile=profile, **{**told, **columns}) for profile in profiles
    )


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements of the block, once it is over."""
    found: list[str] = []
    with CaptureQueriesContext(database) as seen:
        yield found
    found += [each["sql"] for each in seen.captured_queries]
