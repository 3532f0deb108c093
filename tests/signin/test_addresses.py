"""Another e-mail address: proven before it counts, told to the old one (R-A1, R-A2)."""

from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPServerDisconnected
from unittest.mock import patch

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail

from accounts.actions.addresses import key_for
from accounts.actions.invitations import invite
from accounts.models import User
from accounts.people import with_address
from core import clock
from tests.people import person, two_step
from tests.signin.conftest import (
    browser,
    code_now,
    give_code,
    path_in,
    sign_in,
    subjects,
)

pytestmark = pytest.mark.django_db
PAGE = "/user/email/"
NEW = "alice@studio.example"


@pytest.fixture
def inside(careful, guest):
    """Alice, who has a second step, has just signed in."""
    sign_in(guest, careful.email)
    give_code(guest, code_now())
    mail.outbox.clear()
    return guest


def add(client, address: str = NEW):
    return client.post(PAGE, {"email": address, "action_add": ""}, follow=True)


def addresses(user: User) -> dict[str, bool]:
    rows = EmailAddress.objects.filter(user=user)
    return dict(rows.values_list("email", "verified"))


def test_a_second_step_does_not_keep_anybody_from_another_address(inside, careful):
    add(inside)
    inside.post(path_in(mail.outbox[0]))
    assert addresses(careful)[NEW]


def test_it_is_asked_who_is_there_first(careful, guest):
    with time_machine.travel(clock.now() - timedelta(hours=1), tick=False):
        sign_in(guest, careful.email)
        give_code(guest, code_now())
    mail.outbox.clear()
    answer = add(guest)
    assert answer.redirect_chain[0][0].startswith("/user/reauthenticate/")
    assert mail.outbox == []


def test_nothing_is_kept_before_the_link_is_used(inside, careful):
    """A mistyped address can't ask for a new password, nor be kept from its owner."""
    add(inside)
    assert list(addresses(careful)) == ["alice@example.org"]
    mail.outbox.clear()
    browser().post("/user/reset_password/", {"email": NEW})
    assert all("/reset/key/" not in message.body for message in mail.outbox)


def test_the_link_goes_to_the_new_address_alone(inside):
    add(inside)
    assert [message.to for message in mail.outbox] == [[NEW]]
    assert subjects() == ["Confirm your other e-mail address"]


def test_opening_it_is_not_confirming(inside, careful):
    add(inside)
    answer = inside.get(path_in(mail.outbox[0]))
    assert f"<strong>{NEW}</strong>" in answer.content.decode()
    assert NEW not in addresses(careful)


def test_the_old_address_is_told(inside):
    add(inside)
    inside.post(path_in(mail.outbox[0]))
    told = mail.outbox[-1]
    assert (told.to, told.subject) == (
        ["alice@example.org"],
        "An e-mail address was added",
    )
    assert NEW in told.body and "Firefox on Windows" in told.body


def test_made_primary_it_signs_in_and_the_old_one_is_told(inside, careful):
    add(inside)
    inside.post(path_in(mail.outbox[0]))
    inside.post(PAGE, {"email": NEW, "action_primary": ""})
    careful.refresh_from_db()
    assert careful.email == NEW
    assert mail.outbox[-1].to == ["alice@example.org"]
    assert subjects()[-1] == "Your e-mail address was changed"


def test_somebody_else_can_not_use_the_link(inside, cast):
    """A mistyped address: its owner opens the mail, with an account or without."""
    add(inside)
    path = path_in(mail.outbox[0])
    stranger = browser("192.0.2.66")
    assert stranger.post(path).headers["Location"].startswith("/user/login/")
    sign_in(stranger, "charlie@example.org")
    assert stranger.post(path).status_code == 410
    assert not EmailAddress.objects.filter(email=NEW).exists()


@pytest.mark.parametrize("later", [timedelta(days=1, minutes=1), timedelta(days=40)])
def test_it_ends_after_a_day(careful, inside, later):
    add(inside)
    path = path_in(mail.outbox[0])
    with time_machine.travel(clock.now() + later, tick=False):
        again = browser()
        again.force_login(careful)
        assert again.post(path).status_code == 410


def test_a_changed_password_makes_it_void(inside, careful):
    """Who took a session and asked for an address is out with the password."""
    add(inside)
    path = path_in(mail.outbox[0])
    careful.set_password("four new words here")
    careful.save()
    again = browser()
    again.force_login(careful)
    assert again.post(path).status_code == 410


def test_it_works_once(inside, careful):
    add(inside)
    path = path_in(mail.outbox[0])
    inside.post(path)
    inside.post(PAGE, {"email": NEW, "action_primary": ""})
    assert inside.post(path).status_code == 410


@pytest.mark.parametrize("key", ["x", "a:b:c", "%2e%2e", "é"])
def test_made_up_ones_add_nothing(inside, careful, key):
    assert inside.post(f"{PAGE}{key}/").status_code == 410
    assert len(addresses(careful)) == 1


def test_whose_address_it_is_already_only_its_mailbox_learns(inside, cast):
    """R-A2: no word on the page tells who is at Later."""
    unknown = add(inside).content.decode().replace(NEW, "…")
    known = add(inside, "charlie@example.org").content.decode()
    assert [message.to for message in mail.outbox] == [[NEW], ["charlie@example.org"]]
    assert "We sent a link to charlie@example.org." in known
    assert "We sent a link to …." in unknown
    answer = inside.post(path_in(mail.outbox[-1]))
    assert "belongs to another sign-in" in answer.content.decode()


def test_of_two_who_prove_one_address_the_first_has_it(inside, careful, cast):
    second = key_for(cast.bob, NEW)
    add(inside)
    inside.post(path_in(mail.outbox[0]))
    bob = browser("192.0.2.8")
    bob.force_login(cast.bob)
    assert bob.post(f"{PAGE}{second}/").status_code == 410
    assert with_address(NEW) == careful


def test_five_addresses_are_enough(inside, careful):
    for number in range(4):
        EmailAddress.objects.create(user=careful, email=f"a{number}@x.example")
    add(inside)
    assert mail.outbox == []


def test_a_mail_server_that_is_away_is_told(inside):
    sent = "django.core.mail.backends.locmem.EmailBackend.send_messages"
    with patch(sent, side_effect=SMTPServerDisconnected("gone")):
        page = add(inside).content.decode()
    assert "couldn&#x27;t be sent now" in page


# Whose address it is, wherever that is asked (R-A2)


@pytest.fixture
def mira(cast) -> User:
    """In no account, with a second address of her own."""
    user = person("Mira")
    EmailAddress.objects.create(user=user, email="mira@second.example", verified=True)
    return user


def test_an_invitation_to_a_second_address_is_its_persons(mira, cast, client):
    invite(
        account=cast.group.account,
        actor=cast.alice,
        email="Mira@second.example",
        grants={cast.group: "member"},
    )
    client.force_login(mira)
    client.get(path_in(mail.outbox[-1]))
    page = client.get("/user/invitation/").content.decode()
    assert "Choose a password" not in page
    assert client.post("/user/invitation/").headers["Location"] == "/"
    assert cast.group.memberships.get(user=mira).role == "member"


def test_a_second_address_of_another_account_gets_a_variation(cast):
    EmailAddress.objects.create(user=cast.charlie, email="c@x.example", verified=True)
    found = invite(
        account=cast.group.account,
        actor=cast.alice,
        email="c@x.example",
        grants={cast.group: "member"},
    )
    assert found.used == "c+talent@x.example"


def test_a_colleague_is_known_by_a_second_address(cast):
    EmailAddress.objects.create(user=cast.bob, email="b@x.example", verified=True)
    found = invite(
        account=cast.group.account,
        actor=cast.alice,
        email="b@x.example",
        grants={cast.group: "viewer"},
    )
    assert found.invitation is None
    assert cast.group.memberships.get(user=cast.bob).role == "viewer"


def test_an_address_that_nobody_proved_is_nobodys(cast):
    EmailAddress.objects.create(user=cast.bob, email="held@x.example", verified=False)
    assert with_address("held@x.example") is None


def test_the_page_offers_it_to_whoever_has_a_second_step(alice, cast):
    two_step(cast.alice)
    assert "Add an address" in alice.get(PAGE).content.decode()
