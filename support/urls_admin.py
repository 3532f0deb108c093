"""Pages of the staff's desk that are no model's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import URLPattern, path

from support.views import acting, answer, audit_export, doctor, readdress

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite


def own(site: AdminSite) -> list[URLPattern]:
    pages = (
        ("accounts/user/<uuid:user_id>/look/", acting.begin_look, "acting_begin"),
        (
            "accounts/invitation/<uuid:invitation_id>/address/",
            readdress.readdress_page,
            "invitation_readdress",
        ),
        (
            "support/helprequest/<uuid:request_id>/answer/",
            answer.answer_page,
            "help_answer",
        ),
        ("accounts/auditentry/export/", audit_export.export, "audit_export"),
        ("doctor/", doctor.page, "doctor"),
        ("doctor/<slug:name>/", doctor.part, "doctor_part"),
    )
    return [
        path(route, site.admin_view(view), name=name) for route, view, name in pages
    ]
