from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import wants_json
from accounts.moved import follows
from accounts.rights import Right, require
from core.errors import DomainError
from scheduling import allowance, checks, composing, events, forms, stop_pages, times
from scheduling.actions.create import create_post
from scheduling.actions.edit import edit_post
from scheduling.checks import Finding, Part
from scheduling.composing import Composer
from scheduling.content import Mode, When
from scheduling.forms import Submission
from scheduling.models import Post
from scheduling.queries import chip_of, get_post
from scheduling.views.doors import (
    each,
    group_of,
    person,
    refusal,
    signed_in,
    whereabouts,
)


@signed_in
@require_http_methods(["GET", "POST"])
def compose(request: HttpRequest, group_id: UUID) -> HttpResponse:
    group = group_of(request, group_id)
    if request.method == "GET":
        require(person(request), group, Right.SCHEDULE)
        return _show(request, composing.new(group, request.GET.get("at", "")))
    sent = forms.read(request.POST, group.timezone)
    try:
        post = create_post(
            actor=person(request),
            group=group,
            content=sent.content,
            when=sent.when,
            key=sent.key,
        )
    except DomainError as error:
        return _refused(request, composing.new(group), sent, error)
    return _done(request, post, sent)


@signed_in
@require_http_methods(["GET", "POST"])
@follows(whereabouts)
def edit(request: HttpRequest, group_id: UUID, pk: UUID) -> HttpResponse:
    post = get_post(request.user, group_id, pk)
    if request.method == "GET":
        require(person(request), post.group, Right.SCHEDULE)
        return _show(request, composing.of_post(post))
    sent = forms.read(request.POST, post.group.timezone)
    try:
        edited = edit_post(
            actor=person(request),
            post=post,
            version=sent.version,
            content=sent.content,
            when=sent.when,
        )
    except DomainError as error:
        return _refused(request, composing.of_post(post), sent, error)
    return _done(request, edited, sent)


@signed_in
@require_POST
def check(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """What each platform would object to, and what a clock change does to the time."""
    group = group_of(request, group_id)
    sent = forms.read(request.POST, group.timezone)
    material = checks.gather(group, sent.content)
    found = [
        *(_trouble(part) for part in material.parts),
        *(_finding(finding) for finding in checks.findings(material.parts)),
        *_room(material.parts, sent.when),
    ]
    kinds = {str(part.profile.pk): part.draft.kind for part in material.parts}
    problems = [problem for problem in found if problem]
    return JsonResponse(
        {"problems": problems, "kinds": kinds, "time": _time(sent.when)}
    )


def _trouble(part: Part) -> dict[str, Any] | None:
    """Told, not blocking: what is scheduled already may be edited all the same."""
    words = checks.connection_trouble(part.profile)
    if not words:
        return None
    return {
        "profile": str(part.profile.pk),
        "code": "not_connected",
        "message": words,
        "field": "profiles",
        "blocking": False,
    }


def _room(parts: Iterable[Part], when: When) -> Iterator[dict[str, Any]]:
    """What the plan leaves of the month, before one runs into it (R-B2)."""
    at = _instant(when)
    if at is None:
        return
    for part in parts:
        full = allowance.trouble(part.profile, at)
        words = full or allowance.note(part.profile, at)
        if words:
            yield {
                "profile": str(part.profile.pk),
                "code": "plan_posts",
                "message": words,
                "field": "wall_at",
                "blocking": bool(full),
            }


def _instant(when: When) -> datetime | None:
    try:
        return times.parse(when.wall, when.zone).instant if when.wall else None
    except DomainError:
        return None


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "profile": str(finding.part.profile.pk),
        "code": finding.problem.code,
        "message": finding.problem.message,
        "field": finding.field,
        "blocking": finding.problem.blocking,
        "by_hand": finding.problem.by_hand,
    }


def _time(when: When) -> dict[str, str]:
    if not when.wall:
        return {"note": "", "error": ""}
    try:
        slot = times.parse(when.wall, when.zone)
        times.require_future(slot)
    except DomainError as error:
        return {"note": "", "error": error.message}
    return {"note": slot.note, "error": ""}


def _show(request: HttpRequest, composer: Composer, status: int = 200) -> HttpResponse:
    """Alone for the drawer, else as a page."""
    drawer = "HX-Request" in request.headers
    template = "scheduling/_composer.html" if drawer else "scheduling/composer.html"
    group = composer.group
    context = {
        "composer": composer,
        "group": group,
        "drawer": drawer,
        # Whoever may not schedule doesn't come here.
        "stops": stop_pages.in_force(group, person(request), allowed=True),
    }
    return render(request, template, context, status=status)


def _refused(
    request: HttpRequest, composer: Composer, sent: Submission, error: DomainError
) -> HttpResponse:
    """Nothing typed is lost. A form that was stale has now been told of the newer
    version, so that sending it again replaces that."""
    if wants_json(request):
        return refusal(error, version=composer.version)
    return _show(request, composing.typed(composer, sent, each(error)), status=422)


def _done(request: HttpRequest, post: Post, sent: Submission) -> HttpResponse:
    message = _words(post, sent)
    if not wants_json(request):
        messages.success(request, message)
        return redirect("scheduling:post", group_id=post.group_id, pk=post.pk)
    ids = {"group_id": post.group_id, "pk": post.pk}
    body = events.as_json([chip_of(post)], post.group.timezone)
    url = reverse("scheduling:post", kwargs=ids)
    return JsonResponse({**body, "message": message, "url": url})


def _words(post: Post, sent: Submission) -> str:
    if sent.when.mode == Mode.DRAFT:
        return "Draft saved."
    if sent.when.mode == Mode.NOW:
        return "On its way: publishing now."
    assert post.scheduled_at is not None
    note = times.parse(sent.when.wall, sent.when.zone).note
    words = f"Scheduled for {times.words(post.scheduled_at, post.zone)}."
    return f"{words} {note}".strip()
