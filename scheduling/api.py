"""The pages' sibling: the same actions, the same refusals, as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db.models import F, Prefetch, QuerySet
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import AccessGroup, User
from core.errors import DomainError
from scheduling import serializers, times
from scheduling.actions.create import create_post
from scheduling.actions.delete import delete_post
from scheduling.actions.edit import edit_post
from scheduling.actions.posted import mark_posted
from scheduling.actions.reschedule import reschedule_post
from scheduling.actions.resume import resume_target
from scheduling.actions.settle import Verdict, settle_target
from scheduling.models import Post, Target
from scheduling.queries import get_post, get_target

PAGE = 100
# Beyond this the database would only count rows away.
FAR = 10_000


class PostList(APIView):
    """GET: posts by time, undated drafts last; `?from=`, `?to=` are clock times of the
    group's zone, `?page=` counts from 1. POST: a new one."""

    def get(self, request: Request, group_id: UUID) -> Response:
        group = _group(request, group_id)
        number = _number(request.query_params.get("page", "1"))
        start = (number - 1) * PAGE
        rows = list(_rows(request, group)[start : start + PAGE + 1])
        return Response(
            {
                "posts": [serializers.as_json(post) for post in rows[:PAGE]],
                "next": number + 1 if len(rows) > PAGE else None,
            }
        )

    def post(self, request: Request, group_id: UUID) -> Response:
        group = _group(request, group_id)
        data = serializers.read(serializers.PostInput, request.data)
        post = create_post(
            actor=_actor(request),
            group=group,
            content=serializers.content_of(data),
            when=serializers.when_of(data, group.timezone),
            key=data["key"],
        )
        return Response(_told(request, post), status=201)


class PostDetail(APIView):
    """GET with the story; PATCH: what isn't named stays as it is; DELETE."""

    def get(self, request: Request, group_id: UUID, pk: UUID) -> Response:
        post = get_post(request.user, group_id, pk)
        return Response(serializers.as_json(post, with_story=True))

    def patch(self, request: Request, group_id: UUID, pk: UUID) -> Response:
        post = get_post(request.user, group_id, pk)
        sent = serializers.read(serializers.PostEdit, request.data)
        data = {**serializers.as_input(post), **sent}
        edited = edit_post(
            actor=_actor(request),
            post=post,
            version=data["version"],
            content=serializers.content_of(data),
            when=serializers.when_of(data, post.group.timezone),
        )
        return Response(_told(request, edited))

    def delete(self, request: Request, group_id: UUID, pk: UUID) -> Response:
        delete_post(actor=_actor(request), post=get_post(request.user, group_id, pk))
        return Response(status=204)


class PostReschedule(APIView):
    def post(self, request: Request, group_id: UUID, pk: UUID) -> Response:
        post = get_post(request.user, group_id, pk)
        data = serializers.read(serializers.Move, request.data)
        moved, slot = reschedule_post(
            actor=_actor(request), post=post, wall=data["wall_at"]
        )
        return Response({**_told(request, moved), "note": slot.note})


class TargetResume(APIView):
    """Lets one that failed, was missed or held go on by a plan: now unless named."""

    def post(
        self, request: Request, group_id: UUID, pk: UUID, target_id: UUID
    ) -> Response:
        target = get_target(request.user, group_id, pk, target_id)
        data = serializers.read(serializers.Resume, request.data)
        resume_target(actor=_actor(request), target=target, plan=data["plan"])
        return Response(_told(request, target.post))


class TargetSettle(APIView):
    def post(
        self, request: Request, group_id: UUID, pk: UUID, target_id: UUID
    ) -> Response:
        target = get_target(request.user, group_id, pk, target_id)
        data = serializers.read(serializers.Decision, request.data)
        settle_target(
            actor=_actor(request),
            target=target,
            verdict=Verdict(data["verdict"]),
            link=data["link"],
        )
        return Response(_told(request, target.post))


class TargetPosted(APIView):
    """A reminder's post is out: by hand, with its address where it is known."""

    def post(
        self, request: Request, group_id: UUID, pk: UUID, target_id: UUID
    ) -> Response:
        target = get_target(request.user, group_id, pk, target_id)
        data = serializers.read(serializers.Posted, request.data)
        mark_posted(actor=_actor(request), target=target, link=data["link"])
        return Response(_told(request, target.post))


def _actor(request: Request) -> User:
    """Signed in: the permission class has seen to it."""
    return cast(User, request.user)


def _group(request: Request, group_id: UUID) -> AccessGroup:
    return AccessGroup.objects.get_visible(request.user, pk=group_id)


def _told(request: Request, post: Post) -> dict[str, Any]:
    fresh = get_post(request.user, post.group_id, post.pk)
    return serializers.as_json(fresh, with_story=True)


def _rows(request: Request, group: AccessGroup) -> QuerySet[Post]:
    rows = Post.objects.alive().visible_to(request.user).filter(group=group)
    for name, lookup in (("from", "scheduled_at__gte"), ("to", "scheduled_at__lt")):
        wall = request.query_params.get(name, "")
        if wall:
            rows = rows.filter(**{lookup: _instant(name, wall, group.timezone)})
    targets = Target.objects.select_related("profile").order_by("pk")
    return (
        rows.select_related("group")
        .prefetch_related("attachments", Prefetch("targets", targets))
        .order_by(F("scheduled_at").asc(nulls_last=True), "pk")
    )


def _instant(name: str, wall: str, zone: str) -> datetime | None:
    try:
        return times.parse(wall, zone).instant
    except DomainError as error:
        raise DomainError(error.code, error.message, field=name) from None


def _number(raw: str) -> int:
    if raw.isascii() and raw.isdigit() and len(raw) < 9 and 0 < int(raw) <= FAR:
        return int(raw)
    raise DomainError("page_malformed", "`page` counts from 1.", field="page")
