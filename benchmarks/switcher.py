"""The Access Group switcher of an agent with two thousand groups (R-B4)."""

from __future__ import annotations

from uuid import uuid4

from django.test import Client

from accounts.models import AccessGroup, Membership, Role, User
from benchmarks import pages
from benchmarks.results import RUNS, Result
from tests.people import Cast, assemble

GROUPS, PEOPLE = 2_000, 5_000
VIEWS = 20


def run() -> list[Result]:
    cast = assemble()
    fill(cast)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(cast.alice)
    # Any page carries the first groups; opening the switcher asks for all of them.
    page, everything = "/user/password/change/", "/groups/?section=calendar"
    counted = max(pages.queries(client, each) for each in (page, everything))
    times = [pages.times(client, everything, VIEWS) for _ in range(RUNS)]
    with_frame = [pages.times(client, page, VIEWS) for _ in range(RUNS)]
    how = (
        f"{GROUPS} groups, {PEOPLE} people, Django's test client on PostgreSQL, "
        f"{VIEWS} views, median of {RUNS}"
    )
    name = f"people.switcher_{GROUPS}"
    return [
        Result(f"{name}.queries", counted, "", f"a page or the whole list; {how}"),
        Result(f"{name}.p95_ms", pages.middle(times, 0.95), "ms", how),
        Result(
            f"{name}.page_p95_ms",
            pages.middle(with_frame, 0.95),
            "ms",
            f"a page with the switcher closed; {how}",
        ),
    ]


def fill(cast: Cast) -> None:
    """Alice in all groups, and two or three people in each."""
    account = cast.group.account
    groups = AccessGroup.objects.bulk_create(
        AccessGroup(id=uuid4(), account=account, name=f"Creator {number:04}")
        for number in range(GROUPS)
    )
    people = User.objects.bulk_create(
        User(id=uuid4(), email=f"person{number}@example.org", password="!")
        for number in range(PEOPLE)
    )
    rows = [Membership(user=cast.alice, group=g, role=Role.OWNER) for g in groups]
    rows += [
        Membership(user=user, group=groups[number % GROUPS], role=Role.MEMBER)
        for number, user in enumerate(people)
    ]
    Membership.objects.bulk_create(rows)
