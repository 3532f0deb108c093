"""Profiles and their states, to be read."""

from __future__ import annotations

from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import AccessGroup
from profiles.queries import group_slots
from profiles.serializers import as_json


class ProfileList(APIView):
    """GET: the connected profiles of a group with their states, set by set."""

    def get(self, request: Request, group_id: UUID) -> Response:
        group = AccessGroup.objects.get_visible(request.user, pk=group_id)
        return Response({"profiles": [as_json(slot) for slot in group_slots(group)]})
