"""Links in mails: once, for a while, for one person, and not to be made up."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.signing import TimestampSigner

from accounts.models import User
from core import clock
from tests.people import PASSWORD
from tests.signin.conftest import browser, is_in, path_in, sign_in

pytestmark = pytest.mark.django_db
NEW = {"password1": "four new words here", "password2": "four new words here"}
OTHER = {"password1": "and other words yet", "password2": "and other words yet"}


def ask_for_reset(client, email: str = "alice@example.org") -> str:
    client.post("/user/reset_password/", {"email": email})
    return path_in(mail.outbox[-1])


def use(client, path: str, words: dict[str, str]) -> bool:
    """Whether the link of a mail set a password."""
    form = client.get(path)
    if form.status_code != 302:
        return False
    return client.post(form.headers["Location"], words).status_code == 302


def has(user: User, password: str) -> bool:
    return User.objects.get(pk=user.pk).check_password(password)


# A new password


def test_a_link_sets_a_password_once(cast, guest):
    path = ask_for_reset(guest)
    assert use(guest, path, NEW)
    assert not use(browser(), path, OTHER)
    assert has(cast.alice, NEW["password1"])


def test_two_links_are_both_over_once_one_was_used(cast, guest):
    first, second = ask_for_reset(guest), ask_for_reset(guest)
    assert use(guest, second, NEW)
    assert not use(browser(), first, OTHER)


def test_the_form_behind_it_works_once_too(cast, guest):
    form = guest.get(ask_for_reset(guest)).headers["Location"]
    guest.post(form, NEW)
    guest.post(form, OTHER)
    assert has(cast.alice, NEW["password1"])


def test_a_password_changed_meanwhile_makes_it_void(cast, guest):
    path = ask_for_reset(guest)
    cast.alice.set_password("something else chosen")
    cast.alice.save()
    assert not use(guest, path, NEW)


def test_a_sign_in_meanwhile_makes_it_void(cast, guest):
    """It isn't needed any more, and lies in a mailbox."""
    path = ask_for_reset(guest)
    sign_in(browser(), "alice@example.org")
    assert not use(guest, path, NEW)


def test_it_ends_after_an_hour(cast, guest):
    path = ask_for_reset(guest)
    with time_machine.travel(clock.now() + timedelta(hours=1, minutes=1), tick=False):
        assert not use(browser(), path, NEW)


def test_it_fits_one_person_only(cast, guest):
    """The token of one under the name of another."""
    mine = ask_for_reset(guest, "charlie@example.org")
    hers = ask_for_reset(guest, "alice@example.org")
    token = mine.rstrip("/").split("-", 1)[1]
    forged = hers.rstrip("/").split("-", 1)[0] + f"-{token}/"
    assert not use(guest, forged, NEW)
    assert has(cast.alice, PASSWORD)


@pytest.mark.parametrize(
    "key",
    ["1-set-password", "zzz-abc-def", "0-0-0", f"{'a' * 40}-x-y", "%00-a-b", "é-a-b"],
)
def test_made_up_ones_are_refused_in_words(guest, key):
    answer = guest.get(f"/user/password/reset/key/{key}/")
    assert answer.status_code in {200, 400, 404}
    assert not is_in(guest)


def test_it_does_not_stand_in_the_address_of_the_form(cast, guest):
    """Where it would leak with the referrer."""
    path = ask_for_reset(guest)
    form = guest.get(path).headers["Location"]
    assert path.rstrip("/").split("-", 1)[1] not in form


def test_the_form_without_the_link_is_nothing(cast, guest):
    form = guest.get(ask_for_reset(guest)).headers["Location"]
    browser().post(form, NEW)
    assert has(cast.alice, PASSWORD)


def test_it_signs_nobody_in(cast, guest):
    use(guest, ask_for_reset(guest), NEW)
    assert not is_in(guest)


def test_an_account_that_is_switched_off_gets_none(cast, guest):
    cast.alice.is_active = False
    cast.alice.save()
    guest.post("/user/reset_password/", {"email": "alice@example.org"})
    assert all("/reset/key/" not in message.body for message in mail.outbox)


# A confirmed address


@pytest.fixture
def unconfirmed(guest):
    """Signed up, the mail is there, nothing is opened."""
    fields = {"name": "Lena", "email": "lena@example.org", "password1": PASSWORD}
    guest.post("/user/signup/", fields)
    return path_in(mail.outbox[-1])


def confirmed() -> bool:
    rows = EmailAddress.objects.filter(email="lena@example.org", verified=True)
    return bool(rows.exists())


def test_opening_the_mail_is_not_confirming(unconfirmed, guest):
    """Mail scanners open links."""
    assert guest.get(unconfirmed).status_code == 200
    assert not confirmed()


def test_the_link_confirms_and_signs_in_where_it_was_asked_for(unconfirmed, guest):
    guest.post(unconfirmed)
    assert confirmed()
    assert is_in(guest)


def test_elsewhere_it_confirms_and_signs_nobody_in(unconfirmed):
    """Whoever got hold of the mail has no password."""
    other = browser("192.0.2.66")
    other.post(unconfirmed)
    assert confirmed()
    assert not is_in(other)


def test_it_confirms_once(unconfirmed, guest):
    guest.post(unconfirmed)
    guest.post("/user/logout/")
    again = guest.post(unconfirmed)
    assert not is_in(guest)
    assert again.status_code in {302, 404, 200}


def test_it_ends_after_three_days(unconfirmed):
    with time_machine.travel(clock.now() + timedelta(days=3, minutes=1), tick=False):
        browser().post(unconfirmed)
    assert not confirmed()


def test_made_up_ones_confirm_nothing(unconfirmed, guest):
    key = unconfirmed.rstrip("/").split("/")[-1]
    address = EmailAddress.objects.get(email="lena@example.org")
    stranger = TimestampSigner(key="not our key", salt="account").sign(str(address.pk))
    for forged in (key[:-1] + "x", key.split(":")[0], stranger, "a:b:c"):
        guest.post(f"/user/confirm-email/{forged}/")
    assert not confirmed()
