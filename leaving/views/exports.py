"""An account's exports: for its owner; the file itself asks who is there once more."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.access import person
from accounts.fresh import fresh_required
from accounts.limits import limited
from accounts.models import Account
from core.errors import DomainError
from core.limits import Limit
from leaving.actions.export import ask, cancel, take
from leaving.models import Export
from notifications.own_zone import in_own_zone

BACK = "leaving:data"
# Each reads everything and fills the disk with a copy of all files.
OFTEN = Limit("export", times=10, seconds=86_400)


@login_required
@require_POST
@limited(OFTEN)
def begin(request: HttpRequest) -> HttpResponse:
    account = get_object_or_404(Account, owner=person(request))
    try:
        ask(account=account, actor=person(request))
    except DomainError as error:
        messages.info(request, error.message)
    return redirect(BACK)


@login_required
@never_cache
@require_GET
@in_own_zone
def state(request: HttpRequest, export_id: UUID) -> HttpResponse:
    """The line of one export, for the page to look again and again."""
    context = {"export": _export(request, export_id)}
    return render(request, "leaving/_export.html", context)


@login_required
@require_POST
def call_off(request: HttpRequest, export_id: UUID) -> HttpResponse:
    cancel(export=_export(request, export_id), actor=person(request))
    return redirect(BACK)


@login_required
@never_cache
@require_GET
@fresh_required(back=BACK)
def file(request: HttpRequest, export_id: UUID) -> FileResponse:
    export = _export(request, export_id)
    stream = take(export=export, actor=person(request))
    if stream is None:
        raise Http404
    name = f"later-export-{export.asked_at:%Y-%m-%d}.zip"
    return FileResponse(
        stream,
        as_attachment=True,
        filename=name,
        content_type="application/zip",
    )


def _export(request: HttpRequest, export_id: UUID) -> Export:
    """Of the account that the person owns; for all others it isn't there."""
    mine = Export.objects.filter(account__owner=person(request))
    return get_object_or_404(mine.select_related("account"), pk=export_id)
