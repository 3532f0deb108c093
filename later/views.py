"""Pages that belong to no app: home, health."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import person
from accounts.models import AccessGroup
from later.context import every_group


def home(request: HttpRequest) -> HttpResponse:
    """The calendar of the person's first group; the landing page for a visitor."""
    group = AccessGroup.objects.visible_to(request.user).first()
    if group is None:
        return render(request, "landing.html")
    return redirect("scheduling:calendar", group_id=group.pk)


@login_required
def groups(request: HttpRequest) -> HttpResponse:
    """The switcher's list, with links to the same section of each group."""
    links = every_group(person(request), request.GET.get("section", ""))
    return render(request, "ui/shell/groups.html", {"links": links})


def guide(request: HttpRequest) -> HttpResponse:
    """The style guide, for those who build screens."""
    return render(request, "ui/guide.html")
