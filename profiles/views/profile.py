"""One profile: turn Auto Publish on, or disconnect it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import group_of, person
from accounts.queries import may_schedule
from core.errors import DomainError
from profiles.actions.begin import local_path
from profiles.actions.enable import OBSTACLE
from profiles.actions.enable import enable as enable_act
from profiles.actions.remove import remove
from profiles.hooks import blockers
from profiles.models import SocialProfile
from profiles.queries import slot_of
from profiles.views.common import profile_of

SHOWN_BLOCKERS = 50


@login_required
@require_POST
def enable(request: HttpRequest, group_id: UUID, profile_id: UUID) -> HttpResponse:
    group = group_of(request, group_id)
    profile = profile_of(group, profile_id)
    try:
        enable_act(profile=profile, actor=person(request))
    except DomainError as error:
        messages.error(request, _short(error, profile))
    else:
        if not request.POST.get("told"):
            messages.success(request, f"Auto Publish is on for {profile.label}.")
    settings_url = reverse("profiles:settings", kwargs={"group_id": group.pk})
    return redirect(local_path(request.POST.get("next", "")) or settings_url)


def _short(error: DomainError, profile: SocialProfile) -> str:
    """An obstacle is told in full beside the profile already."""
    if error.code != OBSTACLE:
        return error.message
    return f"Auto Publish is still off for {profile.label}: see what is needed first."


@login_required
@require_http_methods(["GET", "POST"])
def disconnect(request: HttpRequest, group_id: UUID, profile_id: UUID) -> HttpResponse:
    """R-D7: the dialog shows what still needs the profile."""
    group = group_of(request, group_id)
    profile = profile_of(group, profile_id)
    error = ""
    if request.method == "POST":
        try:
            remove(profile=profile, actor=person(request))
        except DomainError as refusal:
            error = refusal.message
        else:
            messages.success(request, f"{profile.label} was disconnected.")
            return redirect("profiles:settings", group_id=group.pk)
    waiting = blockers(profile)
    context = {
        "group": group,
        "slot": slot_of(profile),
        "blockers": waiting[:SHOWN_BLOCKERS],
        "more": max(0, len(waiting) - SHOWN_BLOCKERS),
        "error": error,
        "allowed": may_schedule(person(request), group),
    }
    status = 409 if error else 200
    return render(request, "profiles/disconnect.html", context, status=status)
