"""Profiles and their states; disconnecting and moving them, as the pages do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import group_of, person
from accounts.models import AccessGroup
from core.errors import DomainError
from profiles.actions.relocate import relocate
from profiles.actions.remove import remove
from profiles.hooks import Clearing, needs
from profiles.models import SocialProfile, SocialSet
from profiles.moving import outlook, places
from profiles.queries import group_slots, history_page, profile_of, slot_of
from profiles.serializers import as_json, event_json, needs_json, outlook_json


class ProfileList(APIView):
    """GET: the connected profiles of a group with their states, set by set."""

    def get(self, request: Request, group_id: UUID) -> Response:
        group = AccessGroup.objects.get_visible(request.user, pk=group_id)
        return Response({"profiles": [as_json(slot) for slot in group_slots(group)]})


class ProfileHistory(APIView):
    """GET: what happened to the connection, newest first; `?page=`."""

    def get(self, request: Request, group_id: UUID, profile_id: UUID) -> Response:
        profile = profile_of(group_of(request, group_id), profile_id, removed=True)
        page = history_page(profile, request.query_params.get("page", ""))
        events = [event_json(event) for event in page]
        return Response({"history": events, "pages": page.paginator.num_pages})


class ProfileDisconnect(APIView):
    """GET: what still needs it, with the ways out. POST: `way` one of them, `heir`
    the profile that takes the posts over; both left out where nothing needs it."""

    def get(self, request: Request, group_id: UUID, profile_id: UUID) -> Response:
        profile = profile_of(group_of(request, group_id), profile_id)
        return Response(needs_json(needs(profile)))

    def post(self, request: Request, group_id: UUID, profile_id: UUID) -> Response:
        profile = profile_of(group_of(request, group_id), profile_id)
        way = _text(request, "way")
        clearing = Clearing(way, _text(request, "heir")) if way else None
        remove(profile=profile, actor=person(request), clearing=clearing)
        return Response({"disconnected": True})


class ProfileMove(APIView):
    """POST: `to` is a Social Set; answers what that touches, and moves it once
    `confirmed` is true."""

    def post(self, request: Request, group_id: UUID, profile_id: UUID) -> Response:
        profile = profile_of(group_of(request, group_id), profile_id)
        place = _place(request, profile)
        confirmed = _data(request).get("confirmed") is True
        told = outlook_json(outlook(profile, place))
        if not confirmed:
            return Response({"moved": False, **told})
        relocate(profile=profile, to=place, actor=person(request))
        moved = profile_of(place.group, profile_id)
        return Response({"moved": True, **told, "profile": as_json(slot_of(moved))})


def _place(request: Request, profile: SocialProfile) -> SocialSet:
    found = {str(place.pk): place for place in places(profile, person(request))}
    place = found.get(_text(request, "to"))
    if place is None:
        message = "Choose a Social Set of this account that you may change."
        raise DomainError("to", message, field="to")
    return place


def _text(request: Request, name: str) -> str:
    return str(_data(request).get(name) or "")


def _data(request: Request) -> Mapping[str, Any]:
    return request.data if isinstance(request.data, Mapping) else {}
