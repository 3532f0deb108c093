"""Support staff in the admin: they see states, never secrets (R-I1, R-D2)."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.urls import reverse

from tests.factories import ProfileFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def support(dana, cast):
    views = Permission.objects.filter(codename__startswith="view_")
    cast.dana.user_permissions.set(views)
    return dana


def test_no_admin_page_shows_a_sealed_or_open_token(support, cast):
    profile = ProfileFactory(group=cast.group, social_set=cast.social_set)
    sealed = profile.connection.sealed
    for model, options in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        pages = [reverse(f"{name}_changelist")]
        row = model._default_manager.first()
        if row is not None:
            pages.append(reverse(f"{name}_change", args=[row.pk]))
        for page in pages:
            answer = support.get(page)
            assert answer.status_code in (200, 403), (page, options)
            assert sealed.encode() not in answer.content
            assert b"canary-token" not in answer.content


def test_people_without_staff_rights_don_t_get_in(alice):
    assert alice.get("/admin/").status_code == 302
