"""The doctor's page: each part is asked when the page is there, within seconds (R-J5)."""

from __future__ import annotations

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import person
from accounts.audit import Deed, record
from core import doctor
from support import rights
from support.rights import Ability

PART_S = 10.0


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    _require(request)
    record(Deed("staff.asked_doctor"), actor=person(request))
    context = {
        **admin.site.each_context(request),
        "title": "Doctor",
        "parts": doctor.parts(),
    }
    return render(request, "support/doctor.html", context)


@require_GET
def part(request: HttpRequest, name: str) -> HttpResponse:
    """One part's findings: a fragment for the page, and a page without scripts."""
    _require(request)
    if name not in doctor.parts():
        raise Http404
    found = doctor.examine([name], within_s=PART_S)
    context = {"name": name, "findings": found[name], "worst": doctor.worst(found)}
    if "HX-Request" in request.headers:
        return render(request, "support/_doctor_part.html", context)
    context = {**admin.site.each_context(request), **context, "title": "Doctor"}
    return render(request, "support/doctor_part.html", context)


def _require(request: HttpRequest) -> None:
    if not rights.may(request.user, Ability.DOCTOR):
        raise PermissionDenied
