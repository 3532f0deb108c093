"""Who of the staff sees and does what: the pages against the one table (R-I1)."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from support.rights import GRANTED, SEEN, Ability, Kind, may, may_see
from support.sections import SECTIONS
from support.site import NOT_SHOWN
from tests.staff.conftest import make_staff, sign_in, verbs

pytestmark = pytest.mark.django_db
REGISTERED = {model._meta.label_lower: model for model in admin.site._registry}

# Written out once more, so that widening the table is a choice made twice.
CUSTOMERS = {
    "accounts.user",
    "accounts.account",
    "accounts.accessgroup",
    "accounts.invitation",
    "profiles.socialset",
    "profiles.socialprofile",
    "support.helprequest",
}
EXPECTED = {
    Kind.SUPPORT: CUSTOMERS
    | {"profiles.connection", "profiles.connectionevent", "scheduling.post"},
    Kind.ONBOARDING: CUSTOMERS,
    Kind.OPERATIONS: {
        "profiles.clientregistration",
        "profiles.erasure",
        "publishing.alarm",
        "publishing.heartbeat",
        "publishing.pause",
    },
    Kind.AUDITOR: {"accounts.auditentry", "support.acting", "profiles.erasure"},
}
DOES = {
    Kind.SUPPORT: {Ability.ACT, Ability.READDRESS, Ability.HELP},
    Kind.ONBOARDING: {Ability.READDRESS, Ability.HELP},
    Kind.OPERATIONS: {Ability.DOCTOR},
    Kind.AUDITOR: {Ability.EXPORT_AUDIT},
}


def address(label: str, page: str, *args: object) -> str:
    return reverse(f"admin:{label.replace('.', '_')}_{page}", args=args)


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_sees_its_own_and_nothing_else(staff, everything, kind):
    """R-I1: every list and every page, of everything that is registered."""
    client = staff(kind)
    seen = set()
    for label, row in everything.items():
        answers = {
            client.get(address(label, "changelist") + "?q=a").status_code,
            client.get(address(label, "change", row.pk)).status_code,
        }
        assert answers in ({200}, {403}), label
        seen |= {label} if answers == {200} else set()
    assert seen == EXPECTED[kind]


@pytest.mark.parametrize("label", sorted(REGISTERED))
def test_nobody_adds_changes_or_deletes_anything(staff, everything, label):
    """R-I2: nor does anybody alter the audit trail; R-I1: no password is set."""
    client = staff(*Kind)
    pk = everything[label].pk
    before = REGISTERED[label]._default_manager.get(pk=pk).__dict__.copy()
    tried = [
        client.post(address(label, "add"), {}),
        client.post(address(label, "change", pk), {"_save": "1"}),
        client.post(address(label, "delete", pk), {"post": "yes"}),
        client.post(
            address(label, "changelist"),
            {"action": "delete_selected", "_selected_action": pk, "index": "0"},
        ),
    ]
    assert {answer.status_code for answer in tried[:3]} == {403}
    assert tried[3].status_code in (200, 302)
    after = REGISTERED[label]._default_manager.get(pk=pk).__dict__.copy()
    assert {**before, "_state": 0} == {**after, "_state": 0}


def test_staff_without_a_group_see_nothing(staff, everything):
    """R-I1: least privilege begins with none."""
    client = staff()
    page = client.get("/admin/")
    assert b"You are in no staff group yet" in page.content
    for label in everything:
        assert client.get(address(label, "changelist")).status_code == 403


def test_being_a_superuser_counts_for_nothing(everything, cast):
    chief = make_staff("Chief")
    chief.is_superuser = True
    chief.save()
    client = sign_in(chief)
    for label, row in everything.items():
        assert client.get(address(label, "change", row.pk)).status_code == 403


def test_who_left_the_staff_sees_nothing_at_once(cast):
    dana = make_staff("Dora", Kind.SUPPORT)
    client = sign_in(dana)
    assert client.get("/admin/accounts/user/").status_code == 200
    dana.is_staff = False
    dana.save()
    assert client.get("/admin/accounts/user/").status_code == 302
    assert not may_see(dana, "accounts.user") and not may(dana, Ability.ACT)


def test_customers_are_not_let_in(alice, cast):
    for path in (
        "/admin/",
        "/admin/accounts/user/",
        f"/admin/accounts/user/{cast.bob.pk}/look/",
    ):
        assert alice.get(path).status_code == 302
    assert alice.get("/admin/login/").status_code == 404


def test_there_is_no_second_door(client):
    """R-A7: signing in is the product's, with all that it asks for."""
    answer = client.get("/admin/login/?next=/admin/accounts/user/")
    assert answer["Location"] == "/user/login/?next=%2Fadmin%2Faccounts%2Fuser%2F"


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_does_its_own_and_nothing_else(staff, everything, kind):
    client, alice = staff(kind), everything["accounts.user"]
    asked = everything["accounts.invitation"]
    helped = everything["support.helprequest"]
    days = "?since=2026-01-01&until=2026-12-31&form=csv"
    pages = {
        Ability.ACT: reverse("admin:acting_begin", args=[alice.pk]),
        Ability.READDRESS: reverse("admin:invitation_readdress", args=[asked.pk]),
        Ability.HELP: reverse("admin:help_answer", args=[helped.pk]),
        Ability.DOCTOR: reverse("admin:doctor"),
        Ability.EXPORT_AUDIT: reverse("admin:audit_export") + days,
    }
    assert set(pages) == set(Ability)
    does = {name for name, page in pages.items() if client.get(page).status_code == 200}
    assert does == DOES[kind] == GRANTED[kind]


def test_the_index_lists_what_one_may_see(staff, everything):
    text = staff(Kind.AUDITOR).get("/admin/").content.decode()
    assert "Audit trail" in text and "Looks as customers" in text
    assert "Posts" not in text and "Ask the doctor" not in text
    assert "Ask the doctor" in staff(Kind.OPERATIONS).get("/admin/").content.decode()


def test_what_the_table_names_is_registered_and_has_its_place():
    named = set().union(*SEEN.values())
    placed = {label for _, labels in SECTIONS for label in labels}
    assert set(REGISTERED) == named == placed
    assert all(apps.get_model(label) for label in named)


def test_libraries_models_are_not_shown():
    """Second factors, addresses, groups and permissions: nobody's to look at or widen."""
    found = {model._meta.app_label for model in admin.site._registry}
    assert not found & NOT_SHOWN


@pytest.mark.parametrize(
    "page",
    ["autocomplete/", "r/1/1/", "password_change/done/", "auth/group/", "account/"],
)
def test_what_the_admin_has_beside_is_gone(staff, page):
    assert staff(*Kind).get(f"/admin/{page}").status_code == 404


def test_changing_ones_own_password_is_the_products_page(support):
    answer = support.get("/admin/password_change/")
    assert answer["Location"] == "/user/security/"
    assert verbs() == ["staff.signed_in"]


@pytest.mark.parametrize("kind", Kind)
def test_no_page_leads_to_one_that_its_reader_may_not_open(staff, everything, kind):
    """R-I1: each kind follows every link of its pages to customers' rows."""
    client, closed = staff(kind), []
    for label in SEEN[kind]:
        page = client.get(address(label, "change", everything[label].pk))
        for link in set(re.findall(r'href="(/admin/[^"?]+/change/)', _text(page))):
            if client.get(link).status_code == 403:
                closed.append((label, link))
    assert closed == []


def _text(answer) -> str:
    return str(answer.content.decode())
