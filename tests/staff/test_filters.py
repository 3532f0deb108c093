"""What the staff's lists can be narrowed by: what the desk offers, no other column."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from support.help_request import HelpRequest
from support.rights import Kind
from tests.people import person
from tests.staff.test_kinds import address

pytestmark = pytest.mark.django_db
REGISTERED = list(admin.site._registry)


@pytest.mark.parametrize(
    ("label", "lookup"),
    [
        ("accounts.user", "password__startswith"),
        ("accounts.user", "is_superuser"),
        ("accounts.user", "email__contains"),
        ("accounts.account", "plan"),
        ("accounts.account", "owner__password__startswith"),
        ("accounts.invitation", "token_hash__startswith"),
        ("profiles.connection", "sealed__startswith"),
        ("profiles.connection", "farewell__isnull"),
        ("profiles.clientregistration", "sealed__startswith"),
        ("support.helprequest", "story__icontains"),
    ],
)
def test_no_hidden_column_can_be_asked_for_sign_by_sign(
    staff, everything, label, lookup
):
    """R-I1, R-D2: the number of rows found would tell a hash or a token, bit by bit."""
    answer = staff(*Kind).get(address(label, "changelist"), {lookup: "p"})
    assert answer.status_code == 400


@pytest.mark.parametrize("model", REGISTERED, ids=lambda each: each._meta.label_lower)
def test_no_column_at_all_beside_those_that_are_offered(staff, model):
    """A column that is added later is closed until somebody opens it."""
    desk = admin.site._registry[model]
    offered = {*desk.linked_by, *desk.list_filter}
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    client = staff(*Kind)
    for field in model._meta.concrete_fields:
        if field.name not in offered:
            assert client.get(url, {f"{field.name}__gte": "0"}).status_code == 400


@pytest.mark.parametrize(
    ("label", "lookup", "of"),
    [
        ("accounts.user", "memberships__group", "accounts.accessgroup"),
        ("accounts.accessgroup", "memberships__user", "accounts.user"),
        ("accounts.accessgroup", "account", "accounts.account"),
        ("accounts.invitation", "account", "accounts.account"),
        ("profiles.socialset", "group", "accounts.accessgroup"),
        ("profiles.socialprofile", "group", "accounts.accessgroup"),
        ("profiles.socialprofile", "social_set", "profiles.socialset"),
        ("profiles.connectionevent", "connection", "profiles.connection"),
        ("scheduling.post", "group", "accounts.accessgroup"),
        ("scheduling.post", "targets__profile", "profiles.socialprofile"),
    ],
)
def test_the_ways_of_the_panels_are_open(support, everything, label, lookup, of):
    answer = support.get(address(label, "changelist"), {lookup: everything[of].pk})
    assert answer.status_code == 200
    assert f"/{everything[label].pk}/change/" in answer.content.decode()


@pytest.mark.parametrize(
    ("label", "query"),
    [
        ("support.helprequest", "status__exact=open"),
        ("profiles.connection", "state__exact=connected"),
        ("profiles.socialprofile", "connection__state__exact=connected"),
        ("accounts.auditentry", "staff__exact=1"),
    ],
)
def test_so_are_the_filters_at_their_side(staff, everything, label, query):
    answer = staff(*Kind).get(f"{address(label, 'changelist')}?{query}")
    assert answer.status_code == 200


def test_requests_of_many_people_cost_no_more_questions(support, cast):
    costs = []
    for number in (1, 20):
        for each in range(number):
            asker = person(f"Asker{number}x{each}")
            HelpRequest.objects.create(user=asker)
        with CaptureQueriesContext(connection) as asked:
            support.get(address("support.helprequest", "changelist"))
        costs.append(len(asked))
    assert all(later <= before for before, later in pairwise(costs))
