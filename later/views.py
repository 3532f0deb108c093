"""Pages that belong to no app: home, health."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.models import AccessGroup


def home(request: HttpRequest) -> HttpResponse:
    """The calendar of the person's first group; the landing page for a visitor."""
    group = AccessGroup.objects.visible_to(request.user).first()
    if group is None:
        return render(request, "landing.html")
    return redirect("scheduling:calendar", group_id=group.pk)


def guide(request: HttpRequest) -> HttpResponse:
    """The style guide, for those who build screens."""
    return render(request, "ui/guide.html")
