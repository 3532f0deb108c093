"""R-B1, R-A6, R-I1: nobody gets what isn't theirs, at any address, by any id."""

from __future__ import annotations

import pytest

from accounts import rights
from accounts.models import AccessGroup
from media.models import MediaItem
from tests.safety.matrix import addresses, staff
from tests.safety.matrix.doors import TABLE
from tests.safety.matrix.forgery import without_token
from tests.safety.matrix.people import Visitor, everybody
from tests.safety.matrix.report import Report
from tests.safety.matrix.swaps import foreign_ids
from tests.safety.matrix.walk import people_at_doors, undeclared
from tests.safety.matrix.world import World, build

pytestmark = pytest.mark.django_db

CALENDAR = "g/<uuid:group_id>/calendar/"
LIFT = "g/<uuid:group_id>/settings/stops/<uuid:stop_id>/lift/"


@pytest.fixture
def world(redis_cache) -> World:
    return build()


@pytest.fixture
def visitors(world) -> list[Visitor]:
    return everybody(world)


def _any_items(group, ids, errors) -> list[MediaItem]:
    return list(MediaItem.objects.filter(pk__in=ids))


def assert_clean(report: Report) -> None:
    """All of what was found, each in its line."""
    if report.lines:
        pytest.fail("\n".join(report.lines), pytrace=False)


def outside_the_admin() -> set[str]:
    return {each for each in addresses.every() if not each.startswith(addresses.ADMIN)}


def test_every_address_has_an_entry():
    """A new URL says in tests/safety/matrix/doors what a person must have for it."""
    assert outside_the_admin() - set(TABLE) == set()


def test_no_entry_is_left_of_an_address_that_went():
    assert set(TABLE) - outside_the_admin() == set()


def test_everybody_meets_at_every_door_what_the_role_table_says(world, visitors):
    """R-B1, R-A6: and a valid act works for who may, so that no door is shut to all."""
    report = people_at_doors(TABLE, visitors, world)
    assert_clean(report)
    assert report.pairs > 1_000


def test_a_method_that_nobody_declared_does_nothing(visitors):
    assert_clean(undeclared(TABLE, visitors))


def test_no_id_of_another_group_is_taken_in_ones_own_pages(world, visitors):
    """R-B1: addresses, queries and bodies, one foreign id at a time."""
    report = foreign_ids(TABLE, visitors, world)
    assert_clean(report)
    assert report.pairs > 100


def test_no_form_of_another_site_does_anything(world, visitors):
    report = without_token(TABLE, visitors, world)
    assert_clean(report)
    assert report.pairs > 40


def test_the_admin_is_for_staff_with_the_permission(world, visitors):
    """R-I1: and its pages of no model are declared."""
    report = staff.in_the_admin(staff.who_come(visitors, world.ours), world)
    assert_clean(report)


def test_the_matrix_finds_a_group_that_everybody_sees(world, visitors, monkeypatch):
    monkeypatch.setattr(
        AccessGroup.objects._queryset_class,
        "visible_to",
        lambda rows, user: rows.all() if user.is_authenticated else rows.none(),
    )
    table = {CALENDAR: TABLE[CALENDAR]}
    leaks = people_at_doors(table, visitors, world).leaks
    assert any("by another tenant's owner" in line for line in leaks)


def test_the_matrix_finds_a_right_that_everybody_has(world, visitors, monkeypatch):
    monkeypatch.setattr(rights, "may", lambda user, group, right: True)
    leaks = people_at_doors({LIFT: TABLE[LIFT]}, visitors, world).leaks
    assert any("by viewer" in line for line in leaks)


def test_the_matrix_finds_a_post_with_a_foreign_file(world, visitors, monkeypatch):
    monkeypatch.setattr("scheduling.checks._items", _any_items)
    table = {route: TABLE[route] for route in TABLE if route.endswith("posts/new/")}
    leaks = foreign_ids(table, visitors, world).leaks
    assert any("a post with a foreign file" in line for line in leaks)
