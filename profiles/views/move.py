"""Move a profile: choose the place, read what it touches, confirm (R-B5)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import group_of, person
from accounts.models import AccessGroup
from accounts.moved import follows
from accounts.rights import Right, may
from core.errors import DomainError
from profiles.actions.relocate import relocate
from profiles.forms_profile import MoveForm
from profiles.models import SocialProfile, SocialSet
from profiles.moving import outlook, places
from profiles.queries import profile_of, slot_of
from profiles.views.common import sent, whereabouts


@login_required
@require_http_methods(["GET", "POST"])
@follows(whereabouts)
def move(request: HttpRequest, group_id: UUID, profile_id: UUID) -> HttpResponse:
    """First the place, then what it touches there; only a confirmed one moves."""
    group = group_of(request, group_id)
    profile = profile_of(group, profile_id)
    form = MoveForm(places(profile, person(request)), sent(request))
    if request.method == "POST" and form.is_valid() and form.confirmed:
        try:
            relocate(profile=profile, to=form.place, actor=person(request))
        except DomainError as error:
            form.refuse(error)
        else:
            return _moved(request, profile, form.place)
    return _page(request, group, profile, form)


def _moved(
    request: HttpRequest, profile: SocialProfile, place: SocialSet
) -> HttpResponse:
    where = f"{place.name}, {place.group}"
    messages.success(request, f"{profile.label} was moved to {where}.")
    return redirect("profiles:profile", group_id=place.group_id, profile_id=profile.pk)


def _page(
    request: HttpRequest, group: AccessGroup, profile: SocialProfile, form: MoveForm
) -> HttpResponse:
    chosen = form.place if form.is_bound and form.is_valid() else None
    context = {
        "group": group,
        "slot": slot_of(profile),
        "form": form,
        "chosen": chosen,
        "outlook": outlook(profile, chosen) if chosen else None,
        "allowed": may(person(request), group, Right.CONNECT),
    }
    status = 409 if form.errors else 200
    return render(request, "profiles/move.html", context, status=status)
