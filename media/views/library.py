"""The library's page, an item's page, uploads. Fragments for htmx, pages without."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import group_of, person
from accounts.entitlements import use_of
from accounts.limits import limited
from accounts.models import AccessGroup
from accounts.plans import Resource
from accounts.rights import Right, may
from core.errors import DomainError
from core.limits import Limit
from media.actions.describe import set_alt_text
from media.actions.remove import remove
from media.actions.upload import upload
from media.models import MediaItem, MediaKind
from media.queries import found_in, platform_fits, uses_of
from media.views.files import item_of

A_PAGE = 60
# A large library at once, and then some; each costs the processor.
UPLOADS = Limit("upload", times=1_000, seconds=600)


@dataclass(frozen=True)
class Wanted:
    """What the library is narrowed to, from the address; empty: everything."""

    words: str
    kind: str
    used: str

    @classmethod
    def of(cls, request: HttpRequest) -> Wanted:
        kind, used = request.GET.get("kind", ""), request.GET.get("used", "")
        return cls(
            words=request.GET.get("q", "").strip(),
            kind=kind if kind in MediaKind.values else "",
            used=used if used in ("yes", "no") else "",
        )

    @property
    def query(self) -> str:
        """The address' query without what says nothing."""
        said = {"q": self.words, "kind": self.kind, "used": self.used}
        return urlencode({name: value for name, value in said.items() if value})


@login_required
@require_GET
def library(request: HttpRequest, group_id: UUID) -> HttpResponse:
    group = group_of(request, group_id)
    wanted = Wanted.of(request)
    rows = found_in(group, wanted.words, wanted.kind, wanted.used)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "group": group,
        "page": page,
        "wanted": wanted,
        "fragment": _by_htmx(request),
        "max_mb": settings.UPLOAD_MAX_MB,
        "may_edit": may(person(request), group, Right.MEDIA),
        "use": use_of(group.account, Resource.STORAGE),
    }
    template = "media/_grid.html" if _by_htmx(request) else "media/library.html"
    response = render(request, template, context)
    response["HX-Replace-Url"] = _address(request.path, wanted.query, page.number)
    # Both answers live under one address: the back button must not mix them up.
    patch_vary_headers(response, ["HX-Request"])
    return response


def _address(path: str, query: str, number: int) -> str:
    page = f"page={number}" if number > 1 else ""
    said = "&".join(part for part in (query, page) if part)
    return f"{path}?{said}" if said else path


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, group_id: UUID, item_id: UUID) -> HttpResponse:
    """GET shows the item, POST sets its alt text."""
    item = item_of(request, group_id, item_id)
    if request.method == "GET":
        return _shown(request, item)
    text = request.POST.get("alt_text", "")
    try:
        set_alt_text(item=item, actor=person(request), text=text)
    except DomainError as error:
        if not _wants_html(request):
            return _refused(error)
        return _shown(request, item, error=error, text=text)
    return _described(request, item)


def _described(request: HttpRequest, item: MediaItem) -> HttpResponse:
    if not _wants_html(request):
        return JsonResponse(as_json(item))
    if not _by_htmx(request):
        messages.success(request, "Alt text saved.")
        return redirect("media:edit", group_id=item.group_id, item_id=item.pk)
    said = {"toast": {"text": "Alt text saved.", "tone": "good"}, "media:saved": {}}
    return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(said)})


def _shown(
    request: HttpRequest,
    item: MediaItem,
    *,
    error: DomainError | None = None,
    text: str | None = None,
) -> HttpResponse:
    context = {
        "item": item,
        "uses": uses_of(item),
        "fits": platform_fits(item),
        "may_edit": may(person(request), item.group, Right.MEDIA),
        "alt_text": item.alt_text if text is None else text,
        "error": error,
    }
    template = "media/_item.html" if _by_htmx(request) else "media/item.html"
    response = render(request, template, context, status=422 if error else 200)
    patch_vary_headers(response, ["HX-Request"])
    return response


@login_required
@require_POST
def delete(request: HttpRequest, group_id: UUID, item_id: UUID) -> HttpResponse:
    item = item_of(request, group_id, item_id)
    remove(item=item, actor=person(request))
    messages.success(request, f"{item.name} deleted.")
    return redirect("media:library", group_id=group_id)


@login_required
@limited(UPLOADS)
@require_POST
def upload_file(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """201 with the item, 400 with `errors`; a plain form goes back to the library."""
    group = group_of(request, group_id)
    if _wants_html(request):
        return _upload_form(request, group)
    try:
        item = _taken(request, group, request.FILES.get("file"))
    except DomainError as error:
        return _refused(error)
    return JsonResponse(as_json(item), status=201)


def _upload_form(request: HttpRequest, group: AccessGroup) -> HttpResponse:
    """Without scripts: several files at once, told about on the next page."""
    files: list[UploadedFile[Any] | None] = [*request.FILES.getlist("file")]
    for file in files or [None]:
        try:
            item = _taken(request, group, file)
        except DomainError as error:
            name = f"{file.name}: " if file else ""
            messages.error(request, f"{name}{error.message}")
        else:
            messages.success(request, f"{item.name} added.")
    return redirect("media:library", group_id=group.pk)


def _taken(
    request: HttpRequest, group: AccessGroup, file: UploadedFile[Any] | None
) -> MediaItem:
    if file is None:
        raise DomainError("file_missing", "Choose a file first.", field="file")
    return upload(group=group, actor=person(request), file=file)


def _refused(error: DomainError) -> JsonResponse:
    found = {"code": error.code, "message": error.message, "field": error.field}
    return JsonResponse({"errors": [found]}, status=400)


def _by_htmx(request: HttpRequest) -> bool:
    return "HX-Request" in request.headers


def _wants_html(request: HttpRequest) -> bool:
    return _by_htmx(request) or "text/html" in request.headers.get("Accept", "")


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
