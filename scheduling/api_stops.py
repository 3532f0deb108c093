"""The stop switch and what is on hold, as JSON: the same actions as the pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from rest_framework import serializers as shapes
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import group_of, person
from accounts.models import AccessGroup
from profiles.models import SocialProfile
from scheduling import resuming, serializers, stop_pages, stops
from scheduling.actions.resume import Resumed, resume_profile
from scheduling.actions.stop import Order, Reach, lift_stop, set_stop
from scheduling.forms import NOBODY
from scheduling.models import Stop


class PlanInput(shapes.Serializer[Any]):
    plan = shapes.CharField(max_length=16)
    spacing_min = shapes.IntegerField(required=False, default=resuming.SPACING_MIN)


class StopInput(PlanInput):
    """`until` is clock time of the group's zone; `profile_id` with reach "profile"."""

    plan = shapes.CharField(max_length=16, required=False, default="hold")
    reach = shapes.ChoiceField(choices=["profile", "group", "account"])
    profile_id = shapes.UUIDField(required=False, default=None, allow_null=True)
    reason = shapes.CharField(allow_blank=True)
    until = shapes.CharField(required=False, allow_blank=True, default="")


class StopList(APIView):
    """GET: in force first, then those that are over. POST: a new one."""

    def get(self, request: Request, group_id: UUID) -> Response:
        group = group_of(request, group_id)
        page = stop_pages.of_group(group, owner=False, allowed=False)
        return Response({"stops": stop_pages.as_json([*page.current, *page.over])})

    def post(self, request: Request, group_id: UUID) -> Response:
        group = group_of(request, group_id)
        data = serializers.read(StopInput, request.data)
        stop = set_stop(
            actor=person(request), reach=_reach(group, data), order=_order(data)
        )
        return Response(_told(stop, group), status=201)


class StopLift(APIView):
    def post(self, request: Request, group_id: UUID, stop_id: UUID) -> Response:
        group = group_of(request, group_id)
        stop = Stop.objects.over(group).filter(pk=stop_id).first()
        if stop is None:
            raise Http404
        data = serializers.read(PlanInput, request.data)
        resumed = lift_stop(actor=person(request), stop=stop, **data)
        return Response({**_told(stop, group), **_counted(resumed)})


class ProfileResume(APIView):
    """Everything on hold on one profile, by one plan, spaced apart (R-D6)."""

    def post(self, request: Request, group_id: UUID, profile_id: UUID) -> Response:
        group = group_of(request, group_id)
        profile = _profile(group, profile_id)
        data = serializers.read(PlanInput, request.data)
        resumed = resume_profile(actor=person(request), profile=profile, **data)
        return Response(_counted(resumed))


def _counted(resumed: Resumed) -> dict[str, Any]:
    return {
        "resumed": resumed.count,
        "first_at": resumed.first,
        "last_at": resumed.last,
    }


def _reach(group: AccessGroup, data: dict[str, Any]) -> Reach:
    profile = None
    if data["reach"] == "profile":
        profile = _profile(group, data["profile_id"])
    return Reach(group=group, profile=profile, whole=data["reach"] == "account")


def _profile(group: AccessGroup, pk: UUID | None) -> SocialProfile:
    rows = SocialProfile.objects.active().filter(group=group, pk=pk or NOBODY)
    found = rows.select_related("connection", "group").first()
    if found is None:
        raise Http404
    return found


def _order(data: dict[str, Any]) -> Order:
    names = ("reason", "until", "plan", "spacing_min")
    return Order(**{name: data[name] for name in names})


def _told(stop: Stop, group: AccessGroup) -> dict[str, Any]:
    rows = Stop.objects.select_related("set_by", "lifted_by", *stops.REACH)
    card = stop_pages.card_of(rows.get(pk=stop.pk), group)
    return stop_pages.as_json([card])[0]
