"""A person's own notices; anybody else's are not there."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import person
from accounts.actions.zone import set_zone
from core.errors import DomainError
from notifications.actions import mark_all_read, mark_read
from notifications.queries import zone_of

A_PAGE = 50


@login_required
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Times as the clock shows them where the person is."""
    rows = person(request).notices.all()
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    zone = zone_of(person(request))
    with timezone.override(zone):
        context = {"page": page, "zone": zone.replace("_", " ")}
        return render(request, "notifications/list.html", context)


@login_required
@require_GET
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """On to what it is about; having gone there is having read it."""
    notice = get_object_or_404(person(request).notices, pk=pk)
    mark_read(notice)
    return redirect(notice.path)


@login_required
@require_POST
def use_zone(request: HttpRequest) -> HttpResponse:
    """Of the device they hold; a browser without JavaScript can't tell it."""
    try:
        set_zone(person(request), request.POST.get("timezone", ""))
    except DomainError:
        messages.error(request, "This browser doesn't tell its time zone.")
    return redirect("notices:list")


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    mark_all_read(person(request))
    return redirect("notices:list")
