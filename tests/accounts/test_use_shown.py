"""R-B2: how much room a plan leaves stands on the page where one would take it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.actions.plans import set_plan
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def look(cast):
    def page(name: str, *ids: object, user=None) -> str:
        client = signed_in(user or cast.alice)
        return client.get(reverse(name, args=ids)).content.decode()

    return page


@pytest.mark.parametrize(
    ("name", "of_group", "words"),
    [
        ("profiles:settings", True, "1 of 2 Social Sets"),
        ("profiles:new_set", True, "1 of 2 Social Sets"),
        ("profiles:new_group", False, "1 of 1 Access Group"),
        ("accounts:users", False, "2 of 2 people"),
        ("accounts:invite", False, "2 of 2 people"),
        ("media:library", True, "0 of 10 GB"),
    ],
)
def test_the_page_says_how_many_are_left(cast, look, name, of_group, words):
    set_plan(cast.group.account, "starter")
    told = look(name, *([cast.group.pk] if of_group else []))
    assert words in told
    assert f'href="{reverse("billing:plan")}"' in told


def test_where_nothing_is_left_it_says_so(cast, look):
    set_plan(cast.group.account, "free")
    assert "that is all of your plan" in look("profiles:new_set", cast.group.pk)


def test_who_cant_change_the_plan_gets_no_link_to_it(cast, look):
    set_plan(cast.group.account, "starter")
    told = look("profiles:settings", cast.group.pk, user=cast.bob)
    assert "1 of 2 Social Sets" in told
    assert reverse("billing:plan") not in told


def test_without_a_bound_nothing_is_said(cast, look):
    assert "1 of " not in look("profiles:new_set", cast.group.pk)


def test_the_refusal_stands_on_the_form(cast):
    """Pressed all the same."""
    set_plan(cast.group.account, "free")
    client = signed_in(cast.alice)
    path = reverse("profiles:new_set", args=[cast.group.pk])
    answer = client.post(path, {"name": "One more"})
    assert answer.status_code == 422
    assert "The Free plan has room for 1 Social Set" in answer.content.decode()
