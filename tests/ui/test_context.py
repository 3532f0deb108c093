"""The frame's context: whose groups, which section, what the cookies say."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import resolve

from accounts.models import AccessGroup, Membership, User
from later.context import LISTED, Shell, shell
from tests.people import Cast

pytestmark = pytest.mark.django_db


def frame(user: Any, path: str = "/", **cookies: str) -> Shell:
    request = RequestFactory().get(path)
    request.user = user
    request.COOKIES.update(cookies)
    request.resolver_match = resolve(path)
    found = shell(request)["shell"]
    assert isinstance(found, Shell)
    return found


def second_group(user: User, account_of: AccessGroup, name: str) -> UUID:
    group = AccessGroup.objects.create(account=account_of.account, name=name)
    Membership.objects.create(user=user, group=group)
    return group.pk


def test_the_switcher_lists_the_persons_own_groups_only(cast: Cast) -> None:
    """R-B1, R-B4: a stranger's group is not even named."""
    names = [link.name for link in frame(cast.bob).groups]
    assert names == ["Alice Studio"]
    assert [link.name for link in frame(cast.charlie).groups] == ["Charlie & Co"]


def test_the_group_in_hand_is_that_of_the_address(cast: Cast) -> None:
    other = second_group(cast.alice, cast.group, "Zebra")
    found = frame(cast.alice, f"/g/{other}/calendar/").group
    assert found is not None
    assert found.id == other


def test_elsewhere_the_group_last_looked_at_stays_in_hand(cast: Cast) -> None:
    other = second_group(cast.alice, cast.group, "Zebra")
    found = frame(cast.alice, "/", group=str(other)).group
    assert found is not None
    assert found.id == other


def test_a_cookie_opens_no_strangers_group(cast: Cast) -> None:
    found = frame(cast.bob, "/", group=str(cast.charlies_group.pk)).group
    assert found is not None
    assert found.id == cast.group.pk


def test_switching_keeps_the_section(cast: Cast) -> None:
    """R-B4: from one group's media one lands in the other's media."""
    other = second_group(cast.alice, cast.group, "Zebra")
    links = frame(cast.alice, f"/g/{cast.group.pk}/media/").groups
    assert f"/g/{other}/media/" in [link.url for link in links]


@pytest.mark.parametrize(
    ("tail", "section"),
    [("calendar/", "calendar"), ("media/", "media"), ("posts/new/", "calendar")],
)
def test_the_section_of_the_page_is_marked(cast: Cast, tail: str, section: str) -> None:
    nav = frame(cast.alice, f"/g/{cast.group.pk}/{tail}").nav
    assert [item.key for item in nav if item.current] == [section]


def test_a_section_without_a_page_is_not_shown(cast: Cast) -> None:
    keys = [item.key for item in frame(cast.alice).nav]
    assert {"calendar", "media"} <= set(keys)
    assert "roster" not in keys


def test_a_visitor_has_neither_groups_nor_sections(db: None) -> None:
    found = frame(AnonymousUser())
    assert (found.groups, found.nav, found.group) == ([], [], None)


def test_a_theme_nobody_knows_is_ignored(db: None) -> None:
    assert frame(AnonymousUser(), theme='"><script>').theme == ""
    assert frame(AnonymousUser(), theme="dark").theme == "dark"


def test_a_fragment_without_a_frame_costs_no_query(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    request = RequestFactory().get("/")
    request.user = cast.alice
    with django_assert_num_queries(0):
        shell(request)


@pytest.fixture
def many(cast: Cast) -> list[AccessGroup]:
    """Two hundred groups of Alice's, of which a page lists the first."""
    account = cast.group.account
    groups = [
        AccessGroup(id=uuid4(), account=account, name=f"G{n:03}") for n in range(200)
    ]
    AccessGroup.objects.bulk_create(groups)
    Membership.objects.bulk_create(
        Membership(user=cast.alice, group=group) for group in groups
    )
    return groups


def test_of_hundreds_of_groups_a_page_holds_the_first(
    cast: Cast, many: list[AccessGroup], django_assert_num_queries: Any
) -> None:
    """R-B4: one query, and a page that doesn't grow with the roster."""
    with django_assert_num_queries(1):
        found = frame(cast.alice)
    assert len(found.groups) == LISTED + 1
    assert found.groups_url == "/groups/?section="
    assert found.owner


def test_the_group_in_hand_is_listed_wherever_it_stands(
    cast: Cast, many: list[AccessGroup]
) -> None:
    last = many[-1]
    found = frame(cast.alice, f"/g/{last.pk}/media/").group
    assert found is not None
    assert (found.id, found.name) == (last.pk, "G199")


def test_the_switcher_gets_them_all(client: Any, cast: Cast, many: object) -> None:
    """With links to the same section; a stranger gets their own only."""
    client.force_login(cast.alice)
    page = client.get("/groups/?section=media").content.decode()
    assert page.count("<li>") == 201
    assert page.count("/media/") == 201
    client.force_login(cast.charlie)
    assert "Charlie &amp; Co" in client.get("/groups/?section=media").content.decode()
    assert "G001" not in client.get("/groups/?section=media").content.decode()


@pytest.mark.parametrize("section", ["roster", "nonsense"])
def test_other_sections_lead_to_the_calendar(
    client: Any, cast: Cast, section: str
) -> None:
    client.force_login(cast.alice)
    assert "/calendar/" in client.get(f"/groups/?section={section}").content.decode()


@pytest.mark.parametrize(
    ("role", "writes"),
    [("reviewer", True), ("member", True), ("restricted", False), ("viewer", False)],
)
def test_who_may_not_write_is_offered_no_new_post(
    cast: Cast, role: str, writes: bool
) -> None:
    """R-A6: on a phone, too, no button is shown that is then refused."""
    Membership.objects.filter(user=cast.bob).update(role=role)
    assert bool(frame(cast.bob).compose_url) is writes


def test_the_role_is_the_persons_own_in_that_very_group(cast: Cast) -> None:
    """Others have roles in it as well, and the person has others elsewhere."""
    other = second_group(cast.bob, cast.group, "Zebra")
    Membership.objects.filter(user=cast.bob, group=cast.group).update(role="viewer")
    found = {link.id: link.writes for link in frame(cast.bob).groups}
    assert found == {cast.group.pk: False, other: True}
