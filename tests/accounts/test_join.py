"""The way in of somebody who was invited (R-A3, R-A4)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from accounts.actions.groups import open_account
from accounts.actions.invitations import revoke
from accounts.invitation import Invitation
from accounts.models import Membership, Role, User
from core import clock
from tests.accounts.conftest import path_in
from tests.people import PASSWORD, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis_cache")]

JOIN = "/user/invitation/"
NEW = {"name": "Mira Lane", "password": "a fine long password"}


def follow(client) -> object:
    """The link of the last mail, to the page it leads to."""
    return client.get(path_in(mail.outbox[-1]), follow=True)


def test_choosing_a_password_joins_and_signs_in(client, asked, cast):
    """R-A3: a new person, in the groups they were invited to and in no other."""
    asked()
    page = follow(client)
    assert "Join Alice Studio" in page.content.decode()
    answer = client.post(JOIN, NEW, follow=True)
    mira = User.objects.get(email="mira@example.org")
    assert answer.context["user"] == mira
    assert Membership.objects.get(user=mira).group == cast.group
    assert mira.check_password(NEW["password"])


def test_the_token_leaves_the_address_at_once(client, asked):
    """It must not reach histories, logs of proxies, or other sites as a referrer."""
    asked()
    path = path_in(mail.outbox[-1])
    answer = client.get(path)
    assert answer.url == JOIN
    assert "no-store" in answer["Cache-Control"]


def test_looking_at_the_link_uses_nothing_up(client, asked):
    """Mail scanners open every link."""
    asked()
    follow(client)
    follow(client)
    assert Invitation.objects.waiting().exists()


def test_it_works_once(client, asked, cast):
    """R-A3: single use."""
    asked()
    follow(client)
    client.post(JOIN, NEW)
    client.logout()
    again = follow(client)
    assert again.status_code == 410
    assert client.post(JOIN, NEW).status_code == 410


@pytest.mark.parametrize("how", ["ran out", "taken back", "made up"])
def test_a_link_that_is_over_says_what_to_do(client, asked, cast, how):
    """R-A4: Forgot password is the way round."""
    invitation = asked().invitation
    path = path_in(mail.outbox[-1])
    if how == "ran out":
        Invitation.objects.update(expires_at=clock.now() - timedelta(hours=1))
    elif how == "taken back":
        revoke(invitation=invitation, actor=cast.alice)
    else:
        path = f"{JOIN}made-up-token/"
    page = client.get(path, follow=True)
    assert page.status_code == 410
    assert "/user/reset_password/" in page.content.decode()
    assert client.post(JOIN, NEW).status_code == 410
    assert not User.objects.filter(email="mira@example.org").exists()


def test_forgot_password_lets_an_invited_person_in(client, asked):
    """R-A4: sets a password, accepts the invitation, signs the person in."""
    asked()
    Invitation.objects.update(expires_at=clock.now() - timedelta(days=30))
    client.post("/user/reset_password/", {"email": "Mira@example.org"})
    assert mail.outbox[-1].to == ["mira@example.org"]
    assert "You were invited" in mail.outbox[-1].body.replace("you asked", "You asked")
    follow(client)
    answer = client.post(JOIN, NEW, follow=True)
    assert answer.context["user"].email == "mira@example.org"
    assert not Invitation.objects.waiting().exists()


def test_forgot_password_tells_nobody_who_is_invited(client, asked):
    """The same answer for an invited, a known and an unknown address."""
    asked()
    answers = [
        client.post("/user/reset_password/", {"email": email}, follow=True)
        for email in ("mira@example.org", "alice@example.org", "nobody@example.org")
    ]
    looks = {(a.status_code, a.request["PATH_INFO"]) for a in answers}
    assert len(looks) == 1


def test_forgot_password_of_a_person_stays_what_it_was(client, asked, cast):
    client.post("/user/reset_password/", {"email": "bob@example.org"})
    assert "/user/invitation/" not in mail.outbox[-1].body


def test_an_address_taken_meanwhile_becomes_a_variation(client, asked):
    """R-A2: invited, then signed up for an account of their own before accepting."""
    asked()
    mira = person("Mira")
    open_account(owner=mira, name="Mira herself")
    page = follow(client)
    assert "mira+talent@example.org" in page.content.decode()
    client.post(JOIN, NEW)
    other = User.objects.get(email="mira+talent@example.org")
    assert Membership.objects.get(user=other).role == Role.MEMBER
    # Nobody proved that they read this address.
    assert "_auth_user_id" not in client.session


def test_who_has_a_password_signs_in_and_accepts(client, asked, cast):
    """Somebody who was in an account once and is in none now."""
    mira = person("Mira")
    asked()
    page = follow(client)
    assert "Sign in to join" in page.content.decode()
    client.post("/user/login/", {"login": mira.email, "password": PASSWORD})
    client.get(path_in(mail.outbox[-1]))
    client.post(JOIN)
    assert Membership.objects.get(user=mira).group == cast.group


def test_somebody_else_cant_accept_it(client, asked, cast):
    """A forwarded link, opened where another person is signed in."""
    person("Mira")
    asked()
    client.force_login(cast.charlie)
    page = follow(client)
    assert "You are signed in as charlie@example.org" in page.content.decode()
    assert client.post(JOIN).status_code == 422
    assert Invitation.objects.waiting().exists()


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"name": "", "password": NEW["password"]}, "name"),
        ({"name": "Mira", "password": "short"}, "password"),
        ({"name": "Mira", "password": "mira@example.org"}, "password"),
    ],
)
def test_bad_input_keeps_the_invitation_and_the_name(client, asked, sent, field):
    asked()
    follow(client)
    page = client.post(JOIN, sent)
    assert page.status_code == 422
    assert page.context["form"].errors[field]
    assert sent["name"] in page.content.decode()
    assert Invitation.objects.waiting().exists()
