"""Receipts of deletions, for whoever has the code; they name nobody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from core.holdings import KEPT
from leaving.models import Deletion
from profiles.views.platform_calls import erasure

# Sections of the export as people call them, in the order of the receipt.
WORDS = (
    ("posts", "post", "posts"),
    ("media", "file", "files"),
    ("profiles", "profile", "profiles"),
    ("groups", "Access Group", "Access Groups"),
)


@never_cache
@require_GET
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """One address for all: what people asked for, and what platforms asked for."""
    deletion = Deletion.objects.filter(code=code).first()
    if deletion is None:
        return erasure(request, code)
    context = {
        "deletion": deletion,
        "gone": _words(deletion.gone),
        "last": deletion.cleared_at + KEPT,
        "days": KEPT.days,
    }
    return render(request, "leaving/receipt.html", context)


def _words(gone: dict[str, int]) -> list[str]:
    return [
        f"{count:,} {one if count == 1 else many}"
        for key, one, many in WORDS
        if (count := gone.get(key, 0))
    ]
