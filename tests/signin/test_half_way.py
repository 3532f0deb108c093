"""Whoever gave the password and not the code is nobody yet (R-A7)."""

from __future__ import annotations

import pytest

from tests.signin.conftest import browser, code_now, give_code, is_in, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def half_way(careful, guest):
    sign_in(guest, careful.email)
    return guest


PAGES = [
    "/g/{group}/calendar/",
    "/g/{group}/settings/profiles/",
    "/user/security/",
    "/user/password/change/",
    "/user/email/",
    "/user/reauthenticate/",
    "/user/two-step/totp/activate/",
    "/user/two-step/totp/deactivate/",
    "/user/two-step/recovery-codes/generate/",
    "/user/two-step/webauthn/add/",
    "/settings/users/",
    "/admin/",
]
SIGN_IN = {"/user/login/", "/admin/login/"}


def test_no_page_opens(cast, half_way):
    for path in PAGES:
        answer = half_way.get(path.format(group=cast.group.pk))
        assert (path, answer.status_code) == (path, 302)
        assert answer.headers["Location"].split("?")[0] in SIGN_IN


def test_no_recovery_code_is_shown(half_way):
    for part in ("", "download/"):
        path = f"/user/two-step/recovery-codes/{part}"
        assert half_way.get(path).status_code in {302, 404}


def test_no_program_gets_in(cast, half_way):
    json = {"accept": "application/json"}
    answer = half_way.get(f"/g/{cast.group.pk}/calendar/", headers=json)
    assert answer.status_code in {302, 401, 403}


def test_the_way_leads_back_to_the_second_step(half_way):
    answer = half_way.get("/user/login/")
    assert answer.headers["Location"] == "/user/two-step/authenticate/"


def test_starting_over_forgets_the_password(half_way, careful):
    half_way.post("/user/logout/", {"next": "/user/login/"})
    give_code(half_way, code_now())
    assert not is_in(half_way)


def test_the_password_of_another_does_not_help(half_way, careful, cast):
    """The code belongs to whom the password belonged to."""
    half_way.post("/user/logout/")
    sign_in(half_way, cast.bob.email)
    assert is_in(half_way)
    assert half_way.session["_auth_user_id"] == str(cast.bob.pk)


def test_a_new_password_by_mail_does_not_skip_the_second_step(careful, mailoutbox):
    client = browser()
    client.post("/user/reset_password/", {"email": careful.email})
    path = "/" + mailoutbox[-1].body.split("://", 1)[1].split("/", 1)[1].split()[0]
    form = client.get(path).headers["Location"]
    new = {"password1": "four new words here", "password2": "four new words here"}
    client.post(form, new)
    assert not is_in(client)
    sign_in(client, careful.email, "four new words here")
    assert not is_in(client)


def test_a_mail_to_confirm_an_address_does_not_skip_it(careful, guest, mailoutbox):
    careful.emailaddress_set.update(verified=False)
    sign_in(guest, careful.email)
    path = "/" + mailoutbox[-1].body.split("://", 1)[1].split("/", 1)[1].split()[0]
    answer = guest.post(path)
    assert answer.headers["Location"] == "/user/two-step/authenticate/"
    assert not is_in(guest)
