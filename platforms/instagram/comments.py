"""The first comment under a post of ours: one call, and the list that tells of it.

https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-media/comments
(2026-11-21). Only the text is sent: asked for `fields` as well, Instagram writes the
comment and answers that it couldn't, so that trying again multiplies it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from platforms import clock
from platforms.errors import Rejected
from platforms.instagram import finding
from platforms.instagram.api import UNSEEN, Account, id_of, time_of
from platforms.instagram.dialects import Dialect
from platforms.instagram.errors import COMMENT_ROWS, NAME
from platforms.instagram.limits import (
    COMMENT_WAITS,
    COMMENTS_PAGE,
    COMMENTS_PAGES,
    SKEW,
)
from platforms.meta.errors import Judge
from platforms.types import Absent, Job, Prepared, Published

UNLISTED_POST = (
    "Instagram never told which post this became, so its comment can't be added. "
    "Write it in the Instagram app."
)
FIELDS = "id,text,timestamp,username"
# Who wrote it, where that may be read.
AUTHOR = ",from{id,username}"


@dataclass(frozen=True)
class Comment:
    """As a post's list shows it; `author` and `username` may be withheld."""

    id: str
    text: str
    at: datetime
    author: str
    username: str


@dataclass(frozen=True)
class Page:
    """`after` is "" on the last one."""

    comments: tuple[Comment, ...]
    after: str


def is_comment(job: Job) -> bool:
    """A part after the post; the post itself always has files."""
    return bool(job.before) and not job.draft.media


def judge_of(dialect: Dialect) -> Judge:
    """What refusals mean here: a comment's permission is not the one to publish."""
    return Judge(NAME, COMMENT_ROWS, dialect.scopes_for("comments"))


def prepare(account: Account, job: Job) -> Prepared:
    """Raises Rejected where there is no post to be seen that could be commented on."""
    post = job.before[0].id
    if post.startswith(finding.UNLISTED):
        raise Rejected(UNLISTED_POST, "options", code="unlisted")
    account.read(post, id_of, fields="id")
    return Prepared({"post": post})


def send(account: Account, job: Job, prepared: Prepared) -> Published:
    """POST ig-media/comments"""
    path, text = f"{prepared.data['post']}/comments", job.draft.text
    return Published(account.seen(lambda g: g.publish(path, id_of, message=text)))


def find(
    account: Account, job: Job, prepared: Prepared, since: datetime
) -> Published | Absent:
    """Ours among the post's comments, after a call that was begun at `since`."""
    try:
        found, whole = _search(account, job, str(prepared.data["post"]), since)
    except Rejected:  # the post is gone, or shown to us no longer: nobody can tell
        found, whole = None, False
    if found is not None:
        return Published(found.id)
    age = clock.since(since)
    for limit, seconds in COMMENT_WAITS:
        if age < limit:
            return Absent(certain=False, seconds=seconds)
    return Absent(certain=whole)


def _search(
    account: Account, job: Job, post: str, since: datetime
) -> tuple[Comment | None, bool]:
    """Also whether all of the list was read."""
    whole = True
    for page in _pages(account, post):
        whole = not page.after
        ours = next((c for c in page.comments if _is_ours(c, job, since)), None)
        if ours is not None:
            return ours, whole
    return None, whole


def _pages(account: Account, post: str) -> Iterator[Page]:
    after = ""
    for _ in range(COMMENTS_PAGES):
        page = _page(account, post, after)
        yield page
        after = page.after
        if not after:
            return


def _page(account: Account, post: str, after: str) -> Page:
    """GET ig-media/comments; where authors are withheld, without them."""
    asked: dict[str, Any] = {"limit": COMMENTS_PAGE, "fields": FIELDS + AUTHOR}
    if after:
        asked["after"] = after
    path = f"{post}/comments"
    try:
        return account.read(path, _read_page, **asked)
    except Rejected as refused:
        if refused.code == UNSEEN:
            raise
    return account.read(path, _read_page, **{**asked, "fields": FIELDS})


def _is_ours(comment: Comment, job: Job, since: datetime) -> bool:
    """Without any author it counts as ours: better one too few than two."""
    same = finding.plain(comment.text) == finding.plain(job.draft.text)
    if not same or comment.at < since - SKEW:
        return False
    known = {comment.author, comment.username} - {""}
    return not known or bool(known & {job.profile.external_id, job.profile.handle})


def _read_page(body: Any) -> Page:
    paging = body.get("paging") or {}
    after = paging["cursors"]["after"] if paging.get("next") else ""
    return Page(tuple(_comment(item) for item in body["data"]), str(after))


def _comment(item: Any) -> Comment:
    who = item.get("from") or {}
    return Comment(
        id=id_of(item),
        text=str(item.get("text") or ""),
        at=time_of(item),
        author=str(who.get("id") or ""),
        username=str(item.get("username") or who.get("username") or ""),
    )
