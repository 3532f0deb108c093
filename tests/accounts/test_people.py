from __future__ import annotations

import re

import pytest
from django.contrib.auth import get_user_model
from django.core import mail

from accounts.actions.groups import create_group, open_account
from accounts.models import Account, Membership, Role
from accounts.people import accounts_of, people_of
from core.errors import DomainError
from profiles.models import SocialSet
from tests.people import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis_cache")]

NEW = {
    "name": "Nora Lind",
    "email": "Nora@Example.org",
    "password1": "a fine long password",
    "timezone": "Europe/Oslo",
}


def link_in(message) -> str:
    found = re.search(r"https?://[^/\s]+(/\S+)", message.body)
    assert found, "the mail has no link"
    return found.group(1)


def test_signing_up_sets_up_account_group_and_social_set(client):
    """R-A1, R-B1, R-B2: somebody new can begin at once."""
    client.post("/user/signup/", NEW)
    user = get_user_model().objects.get(email="nora@example.org")
    account = Account.objects.get(owner=user)
    group = account.groups.get()
    assert group.timezone == user.timezone == "Europe/Oslo"
    assert SocialSet.objects.filter(group=group).count() == 1
    assert Membership.objects.get(user=user, group=group).role == Role.OWNER


def test_the_address_must_be_confirmed_before_signing_in(client):
    """R-A1: verified e-mail."""
    client.post("/user/signup/", NEW)
    assert "_auth_user_id" not in client.session
    [message] = mail.outbox
    assert message.to == ["nora@example.org"]
    client.post(link_in(message))
    client.post("/user/login/", {"login": NEW["email"], "password": NEW["password1"]})
    assert "_auth_user_id" in client.session


def test_a_taken_address_is_not_given_away(client, cast):
    """Whether an address has an account is nobody's business."""
    answer = client.post("/user/signup/", {**NEW, "email": "alice@example.org"})
    fresh = client.post("/user/signup/", NEW)
    assert (answer.status_code, answer.url) == (fresh.status_code, fresh.url)
    assert mail.outbox[0].to == ["alice@example.org"]
    assert get_user_model().objects.filter(email="alice@example.org").count() == 1


def test_a_short_password_is_refused_and_the_name_kept(client):
    answer = client.post("/user/signup/", {**NEW, "password1": "short"})
    assert answer.status_code == 200
    assert b"Nora Lind" in answer.content


def test_an_unknown_time_zone_becomes_utc(client):
    client.post("/user/signup/", {**NEW, "timezone": "Mars/Olympus"})
    assert Account.objects.get(name="Nora").groups.get().timezone == "UTC"


def test_a_wrong_password_does_not_sign_in(client, cast):
    client.post("/user/login/", {"login": "alice@example.org", "password": "no"})
    assert "_auth_user_id" not in client.session


def test_signing_out_ends_the_session(alice):
    alice.post("/user/logout/")
    assert "_auth_user_id" not in alice.session


def test_forgot_password_leads_to_a_new_one(client, cast):
    """R-A1: at /user/reset_password/."""
    assert client.get("/user/reset_password/").status_code == 200
    client.post("/user/reset_password/", {"email": "alice@example.org"})
    step = client.get(link_in(mail.outbox[0]), follow=True)
    fresh = "another fine password"
    client.post(step.request["PATH_INFO"], {"password1": fresh, "password2": fresh})
    assert client.login(email="alice@example.org", password=fresh)
    assert not client.login(email="alice@example.org", password=PASSWORD)


def test_an_unknown_address_gets_the_same_answer(client, cast):
    known = client.post("/user/reset_password/", {"email": "alice@example.org"})
    other = client.post("/user/reset_password/", {"email": "nobody@example.org"})
    assert (known.status_code, known.url) == (other.status_code, other.url)


def test_only_the_owner_creates_groups(cast):
    """R-A6."""
    account = cast.group.account
    with pytest.raises(DomainError) as caught:
        create_group(account=account, actor=cast.bob, name="Mine now")
    assert caught.value.code == "not_owner"
    assert create_group(account=account, actor=cast.alice, name="Second").pk


def test_a_group_needs_a_real_time_zone(cast):
    with pytest.raises(DomainError) as caught:
        open_account(owner=cast.alice, name="X", timezone="Nowhere/Never")
    assert caught.value.field == "timezone"


def test_whoever_is_in_many_groups_is_read_once(cast):
    """An agency's owner is in thousands: a join would read them as often."""
    for number in range(5):
        create_group(account=cast.group.account, actor=cast.alice, name=f"G{number}")
    account = cast.group.account
    assert list(people_of(account).order_by("email")) == [cast.alice, cast.bob]
    assert list(accounts_of(cast.alice)) == [account]
    assert list(accounts_of(cast.bob)) == [account]
    for query in (people_of(account).query, accounts_of(cast.alice).query):
        assert "DISTINCT" not in str(query)
        assert " OR " not in str(query)
