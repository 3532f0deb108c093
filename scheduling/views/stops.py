"""The stop switch of a group: what is stopped, by whom and why, and lifting it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import group_of
from accounts.models import AccessGroup
from accounts.rights import Right, may
from core.errors import DomainError
from scheduling import stop_pages, stops
from scheduling.actions.stop import lift_stop, require_right, set_stop
from scheduling.actions.stop_news import held_words
from scheduling.models import Stop
from scheduling.queries import profiles_of
from scheduling.stop_forms import PlanForm, StopForm, lift_form
from scheduling.views.doors import person, signed_in


@signed_in
@require_http_methods(["GET", "POST"])
def overview(request: HttpRequest, group_id: UUID) -> HttpResponse:
    group = group_of(request, group_id)
    form = _form(request, group)
    if request.method == "POST":
        require_right(person(request), group, whole=False)
        if form.is_valid() and _set(request, form):
            return redirect("scheduling:stops", group_id=group.pk)
    status = 422 if form.errors else 200
    context = {**_context(request, group), "form": form}
    return render(request, "scheduling/stops.html", context, status=status)


def _form(request: HttpRequest, group: AccessGroup) -> StopForm:
    owner = group.account.owner_id == person(request).pk
    data = request.POST if request.method == "POST" else None
    return StopForm(group, profiles_of(group), owner, data)


def _set(request: HttpRequest, form: StopForm) -> bool:
    try:
        stop = set_stop(actor=person(request), reach=form.asked, order=form.order)
    except DomainError as error:
        form.refuse(error)
        return False
    where = stops.reach_words(stop)
    messages.success(request, f"Publishing is stopped for {where}.")
    return True


def _context(request: HttpRequest, group: AccessGroup) -> dict[str, Any]:
    """Five queries, however many stops."""
    allowed = may(person(request), group, Right.SCHEDULE)
    owner = group.account.owner_id == person(request).pk
    page = stop_pages.of_group(group, owner=owner, allowed=allowed)
    return {"group": group, "page": page, "allowed": allowed}


@signed_in
@require_http_methods(["GET", "POST"])
def lift(request: HttpRequest, group_id: UUID, stop_id: UUID) -> HttpResponse:
    """Choose what becomes of the posts that were held, and let it go on."""
    group = group_of(request, group_id)
    stop = stop_of(group, stop_id)
    require_right(person(request), group, whole=stop.group_id is None)
    data = request.POST if request.method == "POST" else None
    form = lift_form(stop.plan, data)
    sent = data is not None and form.is_valid()
    if sent and _lifted(request, stop, form, group.timezone):
        return redirect("scheduling:stops", group_id=group.pk)
    card = stop_pages.card_of(stop, group)
    context = {"group": group, "card": card, "form": form}
    status = 422 if form.errors else 200
    return render(request, "scheduling/stop_lift.html", context, status=status)


def _lifted(request: HttpRequest, stop: Stop, form: PlanForm, zone: str) -> bool:
    try:
        resumed = lift_stop(
            actor=person(request),
            stop=stop,
            plan=form.plan,
            spacing_min=form.spacing_min,
        )
    except DomainError as error:
        form.refuse(error)
        return False
    stop.refresh_from_db()
    messages.success(request, f"Lifted. {held_words(stop, resumed, zone)}")
    return True


def stop_of(group: AccessGroup, stop_id: UUID) -> Stop:
    """One that reaches this group; any other isn't there."""
    rows = Stop.objects.over(group).select_related("set_by", "lifted_by", *stops.REACH)
    found = rows.filter(pk=stop_id).first()
    if found is None:
        raise Http404
    return found
