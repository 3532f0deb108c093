"""Pages that belong to no app: home, health."""

from __future__ import annotations

from allauth.account.utils import get_next_redirect_url
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from accounts.access import person
from accounts.models import AccessGroup
from later.context import every_group
from later.signup import start_anew


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The calendar of the person's first group; the landing page for a visitor.

    Who was let go, or whose account was deleted, is told how to go on.
    """
    user = request.user
    group = AccessGroup.objects.visible_to(user).first()
    if group is not None:
        return redirect("scheduling:calendar", group_id=group.pk)
    alone = user.is_authenticated and not user.is_staff
    return render(request, "nowhere.html" if alone else "landing.html")


@login_required
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """An account of their own, for somebody who is in none."""
    start_anew(person(request))
    return redirect("home")


@login_required
@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    """The switcher's list, with links to the same section of each group."""
    links = every_group(person(request), request.GET.get("section", ""))
    return render(request, "ui/shell/groups.html", {"links": links})


def staff_sign_in(request: HttpRequest) -> HttpResponse:
    """The admin has no sign-in of its own; for others it isn't there."""
    wanted = get_next_redirect_url(request) or reverse("admin:index")
    if not request.user.is_authenticated:
        query = urlencode({"next": wanted})
        return redirect(f"{reverse('account_login')}?{query}")
    if not person(request).is_staff:
        raise Http404
    return redirect(wanted)


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """The style guide, for those who build screens."""
    return render(request, "ui/guide.html")
