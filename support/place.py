"""Where somebody was when they pressed Get Help: the page, its group, its post."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.http import Http404
from django.urls import Resolver404, resolve

from accounts.models import AccessGroup
from core.redact import redact
from core.tenancy import Viewer
from platforms import registry
from scheduling import story
from scheduling.models import Post, Target
from scheduling.queries import get_post

LONGEST = 300
# Of a long story the end tells what went wrong.
MOMENTS = 40
POST_PAGES = {"scheduling:post", "scheduling:edit"}


@dataclass(frozen=True)
class Place:
    """`story` is shown before it is sent, and sent as it was shown."""

    path: str = ""
    group: AccessGroup | None = None
    post: Post | None = None
    story: list[dict[str, Any]] = field(default_factory=list)


def find(path: str, viewer: Viewer) -> Place:
    """What the person may see of it; an address of ours, or nothing."""
    path = _own(path)
    try:
        match = resolve(urlsplit(path).path)
    except Resolver404:
        return Place()
    if _holds_secret(match.kwargs):
        return Place(f"/{match.route}")
    group = _group(match.kwargs, viewer)
    post = None
    if group and match.view_name in POST_PAGES:
        post = _post(match.kwargs, group, viewer)
    return Place(path, group, post, tell(post) if post else [])


def _holds_secret(kwargs: dict[str, Any]) -> bool:
    """Links of mails and receipts: who has the address has the right."""
    return bool({"key", "token", "code", "uidb36"} & kwargs.keys())


def _own(path: str) -> str:
    """Without its query: what was searched for is nobody's business."""
    found = urlsplit(path)
    own = found.path if not (found.scheme or found.netloc) else ""
    return own[:LONGEST] if own.startswith("/") else ""


def _group(kwargs: dict[str, Any], viewer: Viewer) -> AccessGroup | None:
    if "group_id" not in kwargs:
        return None
    rows = AccessGroup.objects.visible_to(viewer)
    return rows.filter(pk=kwargs["group_id"]).first()


def _post(kwargs: dict[str, Any], group: AccessGroup, viewer: Viewer) -> Post | None:
    try:
        return get_post(viewer, group.pk, kwargs["pk"])
    except Http404:
        return None


def tell(post: Post) -> list[dict[str, Any]]:
    """For each profile its state and the last of what was tried."""
    targets = post.targets.prefetch_related("attempts")
    return [_told(post, target) for target in targets.select_related("profile")]


def _told(post: Post, target: Target) -> dict[str, Any]:
    platform = registry.adapter_class(target.profile.platform).name
    return {
        "profile": f"{target.profile.label} on {platform}",
        "state": target.get_state_display(),
        "reason": redact(target.reason),
        "moments": [_line(each) for each in story.of_target(post, target)[-MOMENTS:]],
    }


def _line(moment: story.Moment) -> dict[str, Any]:
    return {
        "at": moment.at.isoformat(timespec="seconds"),
        "title": moment.title,
        "text": redact(moment.text),
        "by": moment.by,
        "http_status": moment.http_status,
        "request_id": moment.request_id,
    }
