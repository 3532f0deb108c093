"""Social Sets & Access Groups of somebody who has a hundred groups (R-B3)."""

from __future__ import annotations

from django.test import Client

from accounts.actions.groups import create_group
from benchmarks import pages
from benchmarks.results import RUNS, Result
from platforms import registry
from profiles.actions.sets import create_set
from profiles.models import SocialSet
from profiles.states import ConnectionState
from tests.factories import ProfileFactory
from tests.people import Cast, assemble

GROUPS, PROFILES = 100, 8
VIEWS = 20
# Every fifth profile needs somebody, as the page's order and its counts ask for it.
BROKEN_EACH = 5


def run() -> list[Result]:
    cast = assemble()
    fill(cast)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(cast.alice)
    address = f"/g/{cast.group.pk}/settings/profiles/"
    searched = f"{address}?q=group&show=attention"
    counted = max(pages.queries(client, each) for each in (address, searched))
    times = [pages.times(client, address, VIEWS) for _ in range(RUNS)]
    how = (
        f"{GROUPS} groups with {PROFILES} profiles, first page and a search, Django's "
        f"test client on PostgreSQL, {VIEWS} views, median of {RUNS}"
    )
    name = f"connections.settings_{GROUPS}x{PROFILES}"
    return [
        Result(f"{name}.queries", counted, "", how),
        Result(f"{name}.p50_ms", pages.middle(times, 0.5), "ms", how),
        Result(f"{name}.p95_ms", pages.middle(times, 0.95), "ms", how),
    ]


def fill(cast: Cast) -> None:
    """As many Social Sets in each group as eight profiles of these platforms take."""
    for number in range(GROUPS):
        group = create_group(
            account=cast.group.account, actor=cast.alice, name=f"Group {number:03}"
        )
        places: list[SocialSet] = []
        for index in range(PROFILES):
            if index % len(registry.keys()) == 0:
                made = create_set(group=group, actor=cast.alice, name=f"Set {index}")
                places.append(made)
            _connected(places[-1], number * PROFILES + index, index)


def _connected(place: SocialSet, number: int, index: int) -> None:
    broken = number % BROKEN_EACH == 0
    keys = registry.keys()
    adapter = registry.get(keys[index % len(keys)])
    ProfileFactory(
        group=place.group,
        social_set=place,
        platform=adapter.key,
        connection__method=adapter.methods[0].key,
        connection__state=(
            ConnectionState.REFRESH_NEEDED if broken else ConnectionState.CONNECTED
        ),
    )
