"""One profile: its history, Auto Publish, moving it, disconnecting it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import group_of, person
from accounts.moved import follows
from accounts.rights import Right, may
from core.errors import DomainError
from profiles.actions.begin import local_path
from profiles.actions.enable import OBSTACLE
from profiles.actions.enable import enable as enable_act
from profiles.actions.remove import remove
from profiles.forms_profile import ClearingForm
from profiles.hooks import needs
from profiles.models import SocialProfile
from profiles.queries import history_page, profile_of, slot_of
from profiles.views.common import sent, whereabouts


@login_required
@require_GET
@follows(whereabouts)
def detail(request: HttpRequest, group_id: UUID, profile_id: UUID) -> HttpResponse:
    """Also of one that was disconnected: its history stays (R-D1)."""
    group = group_of(request, group_id)
    profile = profile_of(group, profile_id, removed=True)
    context = {
        "group": group,
        "slot": slot_of(profile),
        "history": history_page(profile, request.GET.get("page", "")),
        "allowed": may(person(request), group, Right.CONNECT),
    }
    return render(request, "profiles/profile.html", context)


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
@follows(whereabouts)
def disconnect(request: HttpRequest, group_id: UUID, profile_id: UUID) -> HttpResponse:
    """R-D7: the dialog shows what still needs the profile, and the ways out."""
    group = group_of(request, group_id)
    profile = profile_of(group, profile_id)
    form = ClearingForm(needs(profile), sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            remove(profile=profile, actor=person(request), clearing=form.clearing())
        except DomainError as refusal:
            form = ClearingForm(needs(profile), request.POST)
            form.refuse(refusal)
        else:
            messages.success(request, f"{profile.label} was disconnected.")
            return redirect("profiles:settings", group_id=group.pk)
    context = {
        "group": group,
        "slot": slot_of(profile),
        "form": form,
        "needs": form.needs,
        "allowed": may(person(request), group, Right.CONNECT),
    }
    status = 409 if form.errors else 200
    return render(request, "profiles/disconnect.html", context, status=status)
