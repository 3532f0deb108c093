"""Settings, Users (R-A6)."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.invitation import Invitation
from accounts.models import AccessGroup, Membership, Role
from tests.accounts.test_invitations import a_minute_ago
from tests.people import person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis_cache")]

USERS = "/settings/users/"


@pytest.fixture
def alice(client, cast):
    client.force_login(cast.alice)
    return client


def roles(cast, **more: str) -> dict[str, str]:
    return {f"role-{cast.group.pk}": "viewer", **more}


def text(answer: object) -> str:
    return str(answer.content.decode())  # type: ignore[attr-defined]


def test_the_owner_sees_people_with_their_roles(alice, cast, asked):
    asked("charlie@example.org")
    page = text(alice.get(USERS))
    assert "bob@example.org" in page
    assert "Alice Studio (member)" in page
    assert "charlie+talent@example.org" in page
    assert "belongs to another Later account" in page


@pytest.mark.parametrize("who", ["bob", "charlie", "dana"])
def test_nobody_else_sees_anything_of_it(client, cast, asked, who):
    """R-A6: every page and act of it; Charlie owns an account, but not this one."""
    invitation = asked().invitation
    client.force_login(getattr(cast, who))
    for name in ("resend", "revoke", "readdress"):
        url = reverse(f"accounts:{name}", args=[invitation.pk])
        assert client.post(url, {"email": "x@example.org"}).status_code == 404
    url = reverse("accounts:person", args=[cast.bob.pk])
    assert client.post(url, roles(cast)).status_code == 404
    assert client.post(f"{url}remove/").status_code == 404
    assert "bob@example.org" not in text(client.get(USERS))
    assert Invitation.objects.waiting().filter(pk=invitation.pk).exists()
    assert Membership.objects.get(user=cast.bob).role == Role.MEMBER


def test_inviting_says_which_address_was_used_and_why(alice, cast):
    """R-A2."""
    sent = {"email": "charlie@example.org", "role": "member", "groups": cast.group.pk}
    page = text(alice.post(f"{USERS}invite/", sent, follow=True))
    assert "went to charlie+talent@example.org" in page
    assert "charlie@example.org belongs to another Later account" in page


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "mira at"}, "email"),
        ({"groups": []}, "groups"),
        ({"role": "x"}, "role"),
    ],
)
def test_what_was_typed_survives_a_mistake(alice, cast, change, field):
    sent = {"email": "mira@example.org", "name": "Mira Lane", "role": "viewer"}
    sent |= {"groups": [str(cast.group.pk)], **change}
    answer = alice.post(f"{USERS}invite/", sent)
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert "Mira Lane" in text(answer)
    assert not mail.outbox


def test_a_group_of_another_account_isnt_taken(alice, cast):
    sent = {"email": "m@example.org", "role": "member"}
    sent["groups"] = str(cast.charlies_group.pk)
    assert alice.post(f"{USERS}invite/", sent).status_code == 422
    assert not Invitation.objects.exists()


def test_a_changed_role_counts_in_a_session_that_is_open(alice, cast, client_of):
    """R-A6: without signing in again."""
    bob = client_of(cast.bob)
    compose = reverse("scheduling:compose", args=[cast.group.pk])
    assert bob.get(compose).status_code == 200
    alice.post(f"{USERS}{cast.bob.pk}/", roles(cast))
    assert bob.get(compose).status_code != 200


def test_removing_somebody(alice, cast):
    alice.post(f"{USERS}{cast.bob.pk}/remove/")
    assert not AccessGroup.objects.visible_to(cast.bob).exists()
    assert "bob@example.org" not in text(alice.get(USERS))


def test_the_owner_has_no_page_of_roles(alice, cast):
    assert alice.get(f"{USERS}{cast.alice.pk}/").status_code == 404


def test_sending_again_and_taking_back(alice, asked):
    invitation = asked().invitation
    a_minute_ago(invitation)
    alice.post(reverse("accounts:resend", args=[invitation.pk]))
    assert len(mail.outbox) == 2
    alice.post(reverse("accounts:revoke", args=[invitation.pk]))
    alice.get(USERS)  # the toasts
    assert "mira@example.org" not in text(alice.get(USERS))
    assert not Invitation.objects.waiting().exists()


def test_the_page_costs_the_same_for_many_people(
    alice, cast, django_assert_max_num_queries
):
    for number in range(30):
        Membership.objects.create(user=person(f"P{number}"), group=cast.group)
    with django_assert_max_num_queries(10):
        alice.get(USERS)


def test_only_owners_find_the_way_to_it(alice, cast, client_of):
    calendar = reverse("scheduling:calendar", args=[cast.group.pk])
    assert USERS in text(alice.get(calendar))
    assert USERS not in text(client_of(cast.bob).get(calendar))


@pytest.fixture
def client_of():
    def call(user: object) -> Client:
        client = Client()
        client.force_login(user)  # type: ignore[arg-type]
        return client

    return call
