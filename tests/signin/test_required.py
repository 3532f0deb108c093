"""Two steps, where they must be: staff, and whole accounts (R-A7)."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from accounts.actions.two_step import require_two_step
from accounts.audit import AuditEntry
from core.errors import DomainError
from tests.conftest import signed_in
from tests.people import person, two_step
from tests.signin.conftest import browser, code_now, give_code, is_in, sign_in

pytestmark = pytest.mark.django_db
NEEDED = "/user/security/two-step-needed/"


@pytest.fixture
def rookie(db) -> Client:
    """Staff without a second step."""
    user = person("Robin", is_staff=True, is_superuser=True)
    Authenticator.objects.all().delete()
    return signed_in(user)


@pytest.fixture
def strict(cast) -> None:
    """Alice, who has it, requires it of everybody."""
    two_step(cast.alice)
    require_two_step(account=cast.group.account, actor=cast.alice, required=True)


@pytest.mark.parametrize(
    "path", ["/admin/", "/admin/accounts/", "/", "/user/security/"]
)
def test_staff_without_it_gets_nowhere(rookie, path):
    assert rookie.get(path).headers["Location"] == NEEDED


def test_nor_can_it_post(rookie):
    assert rookie.post("/admin/logout/").headers["Location"] == NEEDED


def test_staff_that_has_it_gets_on(dana):
    assert dana.get("/admin/").status_code == 200


def test_the_admin_has_no_sign_in_of_its_own(cast, guest):
    """Neither its form nor its way of checking passwords is there."""
    away = guest.get("/admin/login/?next=/admin/accounts/")
    assert away.headers["Location"] == "/user/login/?next=%2Fadmin%2Faccounts%2F"
    posted = {"username": "dana@example.org", "password": "x", "next": "/admin/"}
    assert guest.post("/admin/login/", posted).status_code == 302
    assert not is_in(guest)


def test_the_admins_sign_in_leads_nowhere_else(guest):
    answer = guest.get("/admin/login/?next=https://evil.example/")
    assert answer.headers["Location"] == "/user/login/?next=%2Fadmin%2F"


def test_for_others_the_admin_is_not_there(alice):
    assert alice.get("/admin/login/").status_code == 404


def test_staff_passes_the_second_step_on_the_way_to_the_admin(cast, guest):
    Authenticator.objects.filter(user=cast.dana).delete()
    two_step(cast.dana)
    sign_in(guest, "dana@example.org", next="/admin/")
    assert guest.get("/admin/").status_code == 302
    assert give_code(guest, code_now()).headers["Location"] == "/admin/"
    assert guest.get("/admin/").status_code == 200


def test_an_owner_can_require_it_of_everybody(cast, strict, bob):
    """From the next request on, whoever is signed in already."""
    page = f"/g/{cast.group.pk}/calendar/"
    assert bob.get(page).headers["Location"] == NEEDED
    two_step(cast.bob)
    assert bob.get(page).status_code == 200


def test_programs_are_told_in_their_own_way(cast, strict, bob):
    """The API, whatever it is asked for, and what a script of a page asks."""
    api = reverse("profiles:api_profiles", kwargs={"group_id": cast.group.pk})
    posts = f"/g/{cast.group.pk}/calendar/posts/"
    for path, accept in ((api, "*/*"), (posts, "application/json")):
        answer = bob.get(path, headers={"accept": accept})
        assert answer.status_code == 403
        assert answer.json()["errors"][0]["code"] == "two_step_needed"


def test_a_part_of_a_page_is_led_there_as_a_whole(cast, strict, bob):
    answer = bob.get("/groups/", headers={"hx-request": "true"})
    assert answer.headers["HX-Redirect"] == NEEDED


@pytest.mark.parametrize(
    "path", ["/user/two-step/totp/activate/", "/user/two-step/webauthn/add/"]
)
def test_setting_it_up_is_open(cast, strict, bob, path):
    """As far as the question who it is, which is open, too."""
    away = bob.get(path).headers["Location"]
    assert away.startswith("/user/reauthenticate/")
    assert bob.get(away).status_code == 200


def test_a_forgotten_password_is_no_dead_end(cast, strict, bob):
    """Setting it up asks for the password."""
    for path in ("/user/reset_password/", "/user/password/reset/done/"):
        assert bob.get(path).status_code == 200


def test_leaving_is_open(cast, strict, bob):
    assert bob.post("/user/logout/").headers["Location"] == "/"
    assert not is_in(bob)


def test_the_page_says_why(rookie, cast, strict, bob):
    assert "Our staff signs in in two steps" in rookie.get(NEEDED).content.decode()
    assert "The owner of your account" in bob.get(NEEDED).content.decode()


def test_who_has_it_is_not_asked_again(alice, cast, strict):
    assert alice.get(NEEDED).headers["Location"] == "/"


def test_other_accounts_are_left_alone(cast, strict, charlie):
    assert charlie.get(f"/g/{cast.charlies_group.pk}/calendar/").status_code == 200


def test_only_the_owner_may_require_it(cast):
    two_step(cast.bob)
    with pytest.raises(DomainError, match="owner"):
        require_two_step(account=cast.group.account, actor=cast.bob, required=True)


def test_an_owner_begins_with_themself(cast):
    with pytest.raises(DomainError, match="for yourself first"):
        require_two_step(account=cast.group.account, actor=cast.alice, required=True)


def test_requiring_it_asks_who_is_there_and_is_written_down(careful):
    client = browser()
    sign_in(client, careful.email)
    give_code(client, code_now())
    client.post("/settings/users/two-step/", {"required": "on"})
    account = careful.accounts.get()
    assert account.two_step_required
    client.post("/settings/users/two-step/", {})
    verbs = AuditEntry.objects.filter(account_id=account.pk).values_list("verb")
    assert {("two_step.required",), ("two_step.optional",)} <= set(verbs)


def test_a_session_from_long_ago_is_asked_first(careful, alice):
    answer = alice.post("/settings/users/two-step/", {"required": "on"})
    assert answer.headers["Location"].startswith("/user/reauthenticate/")
    assert not careful.accounts.get().two_step_required


def test_the_last_way_can_not_be_removed_by_who_must_have_one(cast, strict):
    """Another one first."""
    client = browser()
    sign_in(client, cast.alice.email)
    give_code(client, code_now())
    page = client.post("/user/two-step/totp/deactivate/").content.decode()
    assert "Add another way first" in page
    data = {"name": "Key", "credential": {}}
    Authenticator.objects.create(user=cast.alice, type="webauthn", data=data)
    client.post("/user/two-step/totp/deactivate/")
    found = Authenticator.objects.filter(user=cast.alice)
    assert [row.type for row in found] == ["webauthn"]
    client.post(f"/user/two-step/webauthn/keys/{found[0].pk}/remove/")
    assert found.count() == 1


def test_the_users_page_tells_who_lacks_it(cast, strict, alice):
    page = alice.get("/settings/users/").content.decode()
    assert page.count("Not set up") == 1


def test_it_costs_no_query(cast, alice, django_assert_max_num_queries):
    """It comes with the person of the session."""
    alice.get("/user/security/two-step-needed/")
    with django_assert_max_num_queries(2):
        alice.get("/user/security/two-step-needed/")
