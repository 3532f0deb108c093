"""Link cards: Bluesky fetches nothing itself, so we read the page for its preview.

The page and its picture are strangers': public addresses only (`core.http`), few bytes,
little time, no scripts. Whatever goes wrong, the post goes out without its card.
https://ogp.me and https://docs.bsky.app/docs/advanced-guides/posts, read 2026-11-21.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from core.http import AddressRefused, AnswerLost, BadReply, Http, NotSent, Reply
from platforms.bluesky.limits import THUMB_BYTES, THUMB_EDGE
from platforms.bluesky.pictures import BadPicture, Picture, fitted

PAGE_BYTES = 512_000
PICTURE_BYTES = 5_000_000
TIME_S = 5.0
MAX_HOPS = 3
TITLE_SHOWN = 300
TEXT_SHOWN = 1_000

_TITLES = ("og:title", "twitter:title")
_TEXTS = ("og:description", "twitter:description", "description")
_PICTURES = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image")
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w-]{2,20})", re.I)
_HEADER_CHARSET = re.compile(r"charset=[\"']?([\w-]{2,20})", re.IGNORECASE)
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True)
class Card:
    title: str
    description: str
    picture_url: str


def read(http: Http, url: str) -> Card | None:
    """What the page at `url` says about itself; None when it can't be read."""
    got = _get(http, url, PAGE_BYTES, "text/html,application/xhtml+xml")
    if got is None:
        return None
    final, reply = got
    if "html" not in reply.headers.get("Content-Type", "").lower():
        return None
    head = _Head()
    # Never closed: the end of a cut page would be searched again and again.
    head.feed(_decoded(reply))
    return head.card(final)


def picture(http: Http, url: str) -> Picture | None:
    """The preview picture, small enough for a card; None when there is none."""
    got = _get(http, url, PICTURE_BYTES, "image/jpeg,image/png,image/webp")
    if got is None:
        return None
    try:
        return fitted(got[1].body, THUMB_BYTES, THUMB_EDGE)
    except BadPicture:
        return None


def _get(http: Http, url: str, size: int, accept: str) -> tuple[str, Reply] | None:
    """The answer and where it came from, after a few redirects."""
    for _ in range(MAX_HOPS + 1):
        reply = _once(http, url, size, accept)
        if reply is None or reply.ok:
            return (url, reply) if reply else None
        if reply.status not in _REDIRECTS or "Location" not in reply.headers:
            return None
        url = _joined(url, reply.headers["Location"])
    return None


def _once(http: Http, url: str, size: int, accept: str) -> Reply | None:
    """One answer; of a page its start is enough."""
    if not url.startswith(("https://", "http://")):
        return None
    headers = {"Accept": accept}
    try:
        return http.request(
            "GET",
            url,
            timeout_s=TIME_S,
            max_body=size,
            keep_start=True,
            headers=headers,
        )
    except (NotSent, AnswerLost, AddressRefused, BadReply):
        return None


def _joined(page: str, found: str) -> str:
    """`found` seen from `page`; "" when it is no address."""
    try:
        return urljoin(page, found)
    except ValueError:
        return ""


def _decoded(reply: Reply) -> str:
    named = _HEADER_CHARSET.search(reply.headers.get("Content-Type", ""))
    told = _CHARSET.search(reply.body[:4_096])
    charset = named[1] if named else told[1].decode() if told else "utf-8"
    try:
        return reply.body.decode(charset, errors="replace")
    except LookupError:
        return reply.body.decode(errors="replace")


def host_of(url: str) -> str:
    """The card's title when a page has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


class _Head(HTMLParser):
    """Collects <title> and <meta> until the body begins."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.meta: dict[str, str] = {}
        self.title = ""
        self._in_title = False
        self._done = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._done = self._done or tag == "body"
        self._in_title = tag == "title" and not self.title
        if tag != "meta" or self._done:
            return
        found = {name: value or "" for name, value in attrs}
        name = (found.get("property") or found.get("name") or "").lower()
        if name and found.get("content"):
            self.meta.setdefault(name, found["content"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title and not self._done:
            self.title += data

    def card(self, page: str) -> Card:
        title = self._first(_TITLES) or " ".join(self.title.split())
        found = self._first(_PICTURES)
        return Card(
            title=title[:TITLE_SHOWN] or host_of(page),
            description=self._first(_TEXTS)[:TEXT_SHOWN],
            picture_url=_joined(page, found) if found else "",
        )

    def _first(self, names: tuple[str, ...]) -> str:
        values = (" ".join(self.meta.get(name, "").split()) for name in names)
        return next((value for value in values if value), "")
