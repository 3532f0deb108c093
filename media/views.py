"""The library's page, uploads, thumbnails, and the addresses platforms fetch from."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import group_of, person
from accounts.models import AccessGroup
from accounts.queries import may_schedule
from core.errors import DomainError
from media.actions.describe import set_alt_text
from media.actions.remove import remove
from media.actions.renditions import THUMB
from media.actions.upload import upload
from media.models import MediaItem, MediaKind
from media.queries import public_name

A_PAGE = 60
A_DAY_S = 86_400


@login_required
@require_GET
def library(request: HttpRequest, group_id: UUID) -> HttpResponse:
    group = group_of(request, group_id)
    page = Paginator(_found(request, group), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "group": group,
        "page": page,
        "query": request.GET.get("q", ""),
        "kind": request.GET.get("kind", ""),
        "used": request.GET.get("used", ""),
        "may_edit": may_schedule(person(request), group),
    }
    template = "media/_grid.html" if request.headers.get("HX-Request") else None
    return render(request, template or "media/library.html", context)


def _found(request: HttpRequest, group: AccessGroup) -> QuerySet[MediaItem, Any]:
    items = MediaItem.objects.visible_to(request.user).filter(group=group)
    rows = items.annotate(uses=Count("attachments"))
    words = request.GET.get("q", "").strip()
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(alt_text__icontains=words))
    if request.GET.get("kind") in MediaKind.values:
        rows = rows.filter(kind=request.GET["kind"])
    if request.GET.get("used") in ("yes", "no"):
        rows = (
            rows.filter(uses__gt=0)
            if request.GET["used"] == "yes"
            else rows.filter(uses=0)
        )
    return rows


@login_required
@require_POST
def upload_file(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """201 with the item, 400 with `errors`; without JavaScript back to the library."""
    group = group_of(request, group_id)
    file = request.FILES.get("file")
    try:
        if file is None:
            raise DomainError("file_missing", "Choose a file first.", field="file")
        item = upload(group=group, actor=person(request), file=file)
    except DomainError as error:
        return _refused(error)
    if "text/html" in request.headers.get("Accept", ""):
        return redirect("media:library", group_id=group.pk)
    return JsonResponse(as_json(item), status=201)


def _refused(error: DomainError) -> JsonResponse:
    found = {"code": error.code, "message": error.message, "field": error.field}
    return JsonResponse({"errors": [found]}, status=400)


@login_required
@require_POST
def edit(request: HttpRequest, group_id: UUID, item_id: UUID) -> HttpResponse:
    item = _item(request, group_id, item_id)
    try:
        set_alt_text(
            item=item, actor=person(request), text=request.POST.get("alt_text", "")
        )
    except DomainError as error:
        return _refused(error)
    return JsonResponse(as_json(item))


@login_required
@require_POST
def delete(request: HttpRequest, group_id: UUID, item_id: UUID) -> HttpResponse:
    item = _item(request, group_id, item_id)
    remove(item=item, actor=person(request))
    return redirect("media:library", group_id=group_id)


def _item(request: HttpRequest, group_id: UUID, item_id: UUID) -> MediaItem:
    group = group_of(request, group_id)
    return MediaItem.objects.get_visible(request.user, group=group, pk=item_id)


@login_required
@require_GET
def thumb(request: HttpRequest, group_id: UUID, item_id: UUID) -> FileResponse:
    item = _item(request, group_id, item_id)
    rendition = item.renditions.filter(recipe=THUMB).first()
    if rendition is None:
        raise Http404
    return _file(rendition.file.name, rendition.mime)


@login_required
@require_GET
def original(request: HttpRequest, group_id: UUID, item_id: UUID) -> FileResponse:
    item = _item(request, group_id, item_id)
    return _file(item.file.name, item.mime)


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


def as_json(item: MediaItem) -> dict[str, Any]:
    ids = {"group_id": item.group_id, "item_id": item.pk}
    return {
        "id": str(item.pk),
        "name": item.name,
        "kind": item.kind,
        "mime": item.mime,
        "width": item.width,
        "height": item.height,
        "duration_s": item.duration_s,
        "size": item.size,
        "codec": item.codec,
        "alt_text": item.alt_text,
        "thumb_url": reverse("media:thumb", kwargs=ids),
        "url": reverse("media:original", kwargs=ids),
    }
