"""R-B1: every address of this app, for everyone who has no business there."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from scheduling.models import Stop
from tests.scheduling.conftest import only

METHODS = ("get", "post")


def names():
    resolver = get_resolver("scheduling.urls")
    return sorted({key for key in resolver.reverse_dict if isinstance(key, str)})


def addresses(post):
    """Each URL of the app with the ids of this post, its profile and a stop of it."""
    ids = {
        "group_id": post.group_id,
        "pk": post.pk,
        "target_id": only(post).pk,
        "profile_id": only(post).profile_id,
        "stop_id": a_stop(post.group).pk,
    }
    for name in names():
        wanted = [
            set(params)
            for _, params in get_resolver("scheduling.urls").reverse_dict[name][0]
        ]
        kwargs = {key: value for key, value in ids.items() if key in wanted[0]}
        yield name, reverse(f"scheduling:{name}", kwargs=kwargs)


def a_stop(group):
    return Stop.objects.create(account=group.account, group=group, reason="A storm")


def test_no_address_is_forgotten():
    assert len(names()) >= 24


@pytest.mark.parametrize("method", METHODS)
def test_stranger_finds_nothing(charlie, make_post, method):
    found = {
        name: getattr(charlie, method)(url).status_code
        for name, url in addresses(make_post("failed"))
    }
    assert {name for name, status in found.items() if status not in (404, 405)} == set()
    assert 404 in found.values()


@pytest.mark.parametrize("method", METHODS)
def test_support_staff_finds_nothing_either(dana, make_post, method):
    """R-I1: support reads in the admin, not in a group's own pages."""
    for name, url in addresses(make_post("failed")):
        assert getattr(dana, method)(url).status_code in (404, 405), name


@pytest.mark.parametrize("method", METHODS)
def test_nobody_signed_in_is_sent_to_the_sign_in(make_post, method):
    for name, url in addresses(make_post("failed")):
        response = getattr(Client(), method)(url)
        assert response.status_code in (302, 401, 403, 405), name
        if response.status_code == 302:
            assert response.url.startswith("/user/login/?next=")


def test_scripts_are_told_that_they_are_signed_out(make_post):
    """A sign-in page in place of an answer would lose what was typed."""
    post = make_post()
    url = reverse("scheduling:reschedule", args=[post.group_id, post.pk])
    response = Client().post(url, HTTP_ACCEPT="application/json")
    assert (response.status_code, response.json()) == (
        401,
        {"message": "You are signed out."},
    )


@pytest.mark.parametrize("method", METHODS)
def test_ids_of_nothing_are_not_found(alice, make_post, method):
    post = make_post()
    for name, url in addresses(post):
        if str(post.pk) not in url:
            continue
        gone = url.replace(str(post.pk), str(uuid4()))
        assert getattr(alice, method)(gone).status_code in (404, 405), name


def test_group_and_post_must_belong_together(charlie, cast, make_post):
    """R-B1: another group's post isn't reached through one's own group."""
    post = make_post("failed")
    for name, url in addresses(post):
        if str(post.pk) not in url:
            continue
        crossed = url.replace(str(post.group_id), str(cast.charlies_group.pk))
        assert charlie.get(crossed).status_code in (404, 405), name
        assert charlie.post(crossed).status_code in (404, 405), name
