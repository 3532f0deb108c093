"""A person's own notices; anybody else's are not there."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.access import person
from notifications.actions import mark_all_read, mark_read

A_PAGE = 50


@login_required
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    rows = person(request).notices.all()
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "notifications/list.html", {"page": page})


@login_required
@require_GET
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """On to what it is about; having gone there is having read it."""
    notice = get_object_or_404(person(request).notices, pk=pk)
    mark_read(notice)
    return redirect(notice.path)


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    mark_all_read(person(request))
    return redirect("notices:list")
