"""Bytes: thumbnails and originals for people, signed addresses for platforms."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import group_of
from media.actions.renditions import THUMB
from media.models import MediaItem
from media.queries import public_name

A_DAY_S = 86_400


@login_required
@require_GET
def thumb(request: HttpRequest, group_id: UUID, item_id: UUID) -> FileResponse:
    item = item_of(request, group_id, item_id)
    rendition = item.renditions.filter(recipe=THUMB).first()
    if rendition is None:
        raise Http404
    return _file(rendition.file.name, rendition.mime)


@login_required
@require_GET
def original(request: HttpRequest, group_id: UUID, item_id: UUID) -> FileResponse:
    item = item_of(request, group_id, item_id)
    return _file(item.file.name, item.mime)


def item_of(request: HttpRequest, group_id: UUID, item_id: UUID) -> MediaItem:
    """The group's item; 404 for strangers (R-B1)."""
    group = group_of(request, group_id)
    return MediaItem.objects.get_visible(request.user, group=group, pk=item_id)


@require_http_methods(["GET", "HEAD"])
def public(request: HttpRequest, token: str, name: str) -> FileResponse:
    """For platforms, which can't sign in: the signature is the right."""
    try:
        stored = public_name(token)
    except signing.BadSignature:
        raise Http404 from None
    return _file(stored, "")


def _file(name: str | None, mime: str) -> FileResponse:
    try:
        stream = default_storage.open(name or "")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(stream, content_type=mime or None)
    response["Cache-Control"] = f"private, max-age={A_DAY_S}, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    return response
