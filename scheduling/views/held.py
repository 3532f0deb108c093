"""What is on hold in a group, and letting all of a profile's go on at once (R-D6)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts.access import group_of, wants_json
from accounts.models import AccessGroup
from accounts.rights import Right, may
from core.errors import DomainError
from profiles.actions.begin import local_path
from profiles.models import SocialProfile
from scheduling import held, times
from scheduling.actions.resume import Resumed, resume_profile
from scheduling.models import ResumePlan
from scheduling.views.doors import person, signed_in


@signed_in
@require_GET
def overview(request: HttpRequest, group_id: UUID) -> HttpResponse:
    group = group_of(request, group_id)
    context = {
        "group": group,
        "cards": held.of_group(group),
        "may_edit": may(person(request), group, Right.SCHEDULE),
    }
    return render(request, "scheduling/held.html", context)


@signed_in
@require_POST
def resume(request: HttpRequest, group_id: UUID, profile_id: UUID) -> HttpResponse:
    group = group_of(request, group_id)
    profile = _profile(group, profile_id)
    plan = request.POST.get("plan", "")
    try:
        resumed = resume_profile(actor=person(request), profile=profile, plan=plan)
    except DomainError as error:
        if wants_json(request):
            raise
        messages.error(request, error.message)
    else:
        messages.success(request, words(resumed, plan, profile))
    return redirect(_next(request, group))


def words(resumed: Resumed, plan: str, profile: SocialProfile) -> str:
    many = resumed.count != 1
    what = f"{resumed.count} posts" if many else "1 post"
    if plan == ResumePlan.DROP or resumed.first is None or resumed.last is None:
        return f"Dropped {what} for {profile.label}."
    zone = profile.group.timezone
    first = times.words(resumed.first, zone)
    goes = f"{what} {'go' if many else 'goes'} out on {profile.label}"
    if not many:
        return f"{goes} {first}."
    return f"{goes}: the first {first}, the last {times.words(resumed.last, zone)}."


def _profile(group: AccessGroup, pk: UUID) -> SocialProfile:
    rows = SocialProfile.objects.active().filter(group=group)
    found = rows.select_related("connection", "group").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _next(request: HttpRequest, group: AccessGroup) -> str:
    """Where the person came from, on this site only; else what is left on hold."""
    held_url = reverse("scheduling:held", kwargs={"group_id": group.pk})
    return local_path(request.POST.get("next", "")) or held_url
