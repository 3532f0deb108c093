"""Bytes: thumbnails and originals for people, signed addresses for platforms.

Whatever a file says it is, a browser gets nothing that it would run: a type from our own
list, no guessing, no scripts, no plug-ins, no page of another site around it.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.files import File
from django.core.files.storage import default_storage
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import group_of
from media.actions.renditions import THUMB
from media.inspect import TYPES
from media.models import MediaItem
from media.queries import public_name
from media.ranges import Unsatisfiable, asked, part

A_DAY_S = 86_400
BINARY = "application/octet-stream"
# A page made of it could do nothing and reach nobody.
POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


@login_required
@require_safe
def thumb(request: HttpRequest, group_id: UUID, item_id: UUID) -> HttpResponseBase:
    item = item_of(request, group_id, item_id)
    rendition = item.renditions.filter(recipe=THUMB).first()
    if rendition is None:
        raise Http404
    return _file(request, str(rendition.file.name))


@login_required
@require_safe
def original(request: HttpRequest, group_id: UUID, item_id: UUID) -> HttpResponseBase:
    item = item_of(request, group_id, item_id)
    return _file(request, str(item.file.name), item.name)


def item_of(request: HttpRequest, group_id: UUID, item_id: UUID) -> MediaItem:
    """The group's item; 404 for strangers (R-B1)."""
    group = group_of(request, group_id)
    return MediaItem.objects.get_visible(request.user, group=group, pk=item_id)


@require_http_methods(["GET", "HEAD"])
def public(request: HttpRequest, token: str, name: str) -> HttpResponseBase:
    """For platforms, which can't sign in: the signature is the right."""
    try:
        stored = public_name(token)
    except signing.BadSignature:
        raise Http404 from None
    response = _file(request, stored, name)
    # Some platforms show what they fetched from where it lies.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _file(request: HttpRequest, stored: str, shown: str = "") -> HttpResponseBase:
    try:
        stream = default_storage.open(stored)
    except FileNotFoundError:
        raise Http404 from None
    return _guarded(_answer(request, stream), stored, shown)


def _answer(request: HttpRequest, stream: File[bytes]) -> HttpResponseBase:
    size = stream.size
    try:
        wanted = asked(request.headers.get("Range", ""), size)
    except Unsatisfiable:
        stream.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    if wanted is None:
        return FileResponse(stream)
    start, end = wanted
    body: Iterator[bytes] = part(stream, start, end)
    answer = StreamingHttpResponse(body, status=206)
    answer["Content-Range"] = f"bytes {start}-{end}/{size}"
    answer["Content-Length"] = str(end - start + 1)
    return answer


def _guarded(response: HttpResponseBase, stored: str, shown: str) -> HttpResponseBase:
    """The type follows from the extension, which inspection gave the file, not people."""
    mime = TYPES.get(stored.rpartition(".")[2].lower(), BINARY)
    name = shown or stored.rpartition("/")[2]
    response["Content-Type"] = mime
    response["Content-Disposition"] = (
        content_disposition_header(mime == BINARY, name) or "inline"
    )
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = f"private, max-age={A_DAY_S}, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = POLICY
    return response
