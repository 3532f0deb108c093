from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.access import wants_json
from accounts.moved import follows
from accounts.rights import Right, may
from core.errors import DomainError
from scheduling import events, pages, times
from scheduling.actions.delete import delete_post
from scheduling.actions.duplicate import duplicate_post
from scheduling.actions.posted import mark_posted
from scheduling.actions.reschedule import reschedule_post
from scheduling.actions.resume import resume_target
from scheduling.actions.settle import Verdict, settle_target
from scheduling.models import Post, ResumePlan, Target
from scheduling.queries import chip_of, get_post, get_target
from scheduling.views.doors import person, signed_in, whereabouts


@signed_in
@require_GET
@follows(whereabouts)
def detail(request: HttpRequest, group_id: UUID, pk: UUID) -> HttpResponse:
    context = _context(request, group_id, pk)
    return render(request, "scheduling/post.html", context)


@signed_in
@require_GET
def story(request: HttpRequest, group_id: UUID, pk: UUID) -> HttpResponse:
    """The part of the page that changes while something is in flight."""
    context = {**_context(request, group_id, pk), "fragment": True}
    return render(request, "scheduling/_targets.html", context)


@signed_in
@require_GET
def peek(request: HttpRequest, group_id: UUID, pk: UUID) -> HttpResponse:
    """A first look, as a dialog over the calendar."""
    return render(request, "scheduling/_peek.html", _context(request, group_id, pk))


def _context(request: HttpRequest, group_id: UUID, pk: UUID) -> dict[str, Any]:
    post = get_post(request.user, group_id, pk)
    may_edit = may(person(request), post.group, Right.SCHEDULE)
    return {"group": post.group, "page": pages.of_post(post), "may_edit": may_edit}


@signed_in
@require_POST
def reschedule(request: HttpRequest, group_id: UUID, pk: UUID) -> HttpResponse:
    """JSON for a drag: the post as it now stands, with a note on clock changes."""
    post = get_post(request.user, group_id, pk)
    wall = request.POST.get("wall_at", "")
    moved, slot = reschedule_post(actor=person(request), post=post, wall=wall)
    assert slot.instant is not None
    words = f"Moved to {times.words(slot.instant, slot.zone)}."
    if not wants_json(request):
        messages.success(request, f"{words} {slot.note}".strip())
        return _to_post(moved)
    body = events.as_json([chip_of(moved)], slot.zone)
    return JsonResponse({**body, "message": words, "note": slot.note})


@signed_in
@require_POST
def delete(request: HttpRequest, group_id: UUID, pk: UUID) -> HttpResponse:
    post = get_post(request.user, group_id, pk)
    try:
        deleted = delete_post(actor=person(request), post=post)
    except DomainError as error:
        return _told(request, post, error)
    if deleted.deleted_at is None:
        messages.success(request, "Cancelled what wasn't out yet.")
        return _to_post(deleted)
    messages.success(request, "Post deleted.")
    return redirect("scheduling:calendar", group_id=group_id)


@signed_in
@require_POST
def duplicate(request: HttpRequest, group_id: UUID, pk: UUID) -> HttpResponse:
    post = get_post(request.user, group_id, pk)
    copy = duplicate_post(actor=person(request), post=post)
    return redirect("scheduling:edit", group_id=group_id, pk=copy.pk)


@signed_in
@require_POST
def resume(
    request: HttpRequest, group_id: UUID, pk: UUID, target_id: UUID
) -> HttpResponse:
    target = get_target(request.user, group_id, pk, target_id)
    plan = request.POST.get("plan", ResumePlan.NOW)
    try:
        resume_target(actor=person(request), target=target, plan=plan)
    except DomainError as error:
        return _told(request, target.post, error)
    return _to_post(target.post)


@signed_in
@require_POST
def settle(
    request: HttpRequest, group_id: UUID, pk: UUID, target_id: UUID
) -> HttpResponse:
    target = get_target(request.user, group_id, pk, target_id)
    link = request.POST.get("link", "")
    try:
        settle_target(
            actor=person(request),
            target=target,
            verdict=_verdict(request.POST.get("verdict", "")),
            link=link,
        )
    except DomainError as error:
        return _refused_link(request, target, link, error)
    return _to_post(target.post)


@signed_in
@require_POST
def posted(
    request: HttpRequest, group_id: UUID, pk: UUID, target_id: UUID
) -> HttpResponse:
    target = get_target(request.user, group_id, pk, target_id)
    link = request.POST.get("link", "")
    try:
        mark_posted(actor=person(request), target=target, link=link)
    except DomainError as error:
        return _refused_link(request, target, link, error)
    messages.success(request, "Marked as posted.")
    return _to_post(target.post)


def _refused_link(
    request: HttpRequest, target: Target, link: str, error: DomainError
) -> HttpResponse:
    """Beside the field, where a page is asked for and the address is at fault."""
    if error.field != "link" or wants_json(request):
        return _told(request, target.post, error)
    refused = {"target": target.pk, "link": link, "message": error.message}
    context = _context(request, target.post.group_id, target.post_id)
    page = {**context, "refused": refused}
    return render(request, "scheduling/post.html", page, status=422)


def _verdict(raw: str) -> Verdict:
    try:
        return Verdict(raw)
    except ValueError:
        message = "Say whether it is out or shall be published again."
        raise DomainError("verdict", message, field="verdict") from None


def _told(request: HttpRequest, post: Post, error: DomainError) -> HttpResponse:
    """Back on the page with the reason; scripts get it as JSON from the door."""
    if wants_json(request):
        raise error
    messages.error(request, error.message)
    return _to_post(post)


def _to_post(post: Post) -> HttpResponseRedirect:
    return redirect("scheduling:post", group_id=post.group_id, pk=post.pk)
