"""Links, mentions and hashtags of a text, as byte ranges: nothing is linked without.

https://docs.bsky.app/docs/advanced-guides/post-richtext, read 2026-11-21. Offsets count
UTF-8 bytes, the end is exclusive, and servers don't check them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

import regex

from platforms.bluesky.limits import MAX_TAG_BYTES, MAX_TAG_GRAPHEMES
from platforms.bluesky.tlds import is_top_level
from platforms.limits import count_graphemes

# A link longer than this is shown shortened: host and the start of its path.
LINK_SHOWN = 40

Resolve = Callable[[str], str | None]

# What can't stand in an address in running text, East Asian punctuation included.
_STOP = r"\s<>\"“”„«»\u3001\u3002\u300C-\u300F\uFF08\uFF09"
_URL = regex.compile(
    rf"(?<![a-z0-9_@/.])https?://[^{_STOP}]{{1,3000}}", regex.IGNORECASE
)
_BARE = regex.compile(
    r"(?<![\p{L}\p{N}_@/.:#&=?-])"
    r"(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.){1,20}(?P<tld>[a-z]{2,})"
    rf"(?![\p{{L}}\p{{N}}_@-]|\.[\p{{L}}\p{{N}}])(?:[/?#:][^{_STOP}]{{0,3000}})?",
    regex.IGNORECASE,
)
_MENTION = regex.compile(
    r"(?<![\p{L}\p{N}_/@.])@"
    r"(?P<handle>(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.){1,20}[a-z][a-z0-9-]*[a-z0-9])"
    r"(?![\p{L}\p{N}_@-])",
    regex.IGNORECASE,
)
# Invisible characters end a tag; "#️⃣" (the keycap) is none.
_TAG_CHAR = r"[^\s\u00AD\u2060\u200A-\u200D\u20E2]"
_TAG = regex.compile(rf"(?<![^\s(])[#\uFF03](?!\uFE0F)(?P<tag>{_TAG_CHAR}+)")
_PATH = regex.compile(r"[/?#]")
_TRAILING_PUNCTUATION = regex.compile(r"\p{P}+$")
_ONLY_NUMBERS = regex.compile(r"[\d\p{P}]*")
_SENTENCE_END = ".,;:!?'\u2019…"
_PAIRS = ((")", "("), ("]", "["), ("}", "{"))


@dataclass(frozen=True)
class Span:
    """Characters `start` to `end` of the text as typed, and what they are."""

    start: int
    end: int
    kind: Literal["link", "mention", "tag"]
    value: str
    shown: str = ""


@dataclass(frozen=True)
class RichText:
    text: str
    facets: tuple[dict[str, Any], ...] = ()


def visible(text: str) -> str:
    """What is published and counted: one kind of line end, long links shortened."""
    return compose(text, lambda handle: None).text


def first_link(text: str) -> str:
    """The address of the first link, "" when there is none."""
    links = (span.value for span in spans(_plain(text)) if span.kind == "link")
    return next(links, "")


def compose(text: str, resolve: Resolve) -> RichText:
    """The text as it will stand, and its facets; unknown handles stay plain.

    `resolve` turns a handle into a DID, or None.
    """
    text = _plain(text)
    shown: list[str] = []
    facets: list[dict[str, Any]] = []
    at, size = 0, 0
    for span in spans(text):
        before, here = text[at : span.start], span.shown or text[span.start : span.end]
        start = size + len(before.encode())
        size = start + len(here.encode())
        feature = _feature(span, resolve)
        if feature:
            facets.append(
                {"index": {"byteStart": start, "byteEnd": size}, "features": [feature]}
            )
        shown += (before, here)
        at = span.end
    return RichText("".join((*shown, text[at:])), tuple(facets))


def spans(text: str) -> list[Span]:
    """In order and apart: of two that overlap the first stays."""
    found = sorted(
        (*_urls(text), *_bare_domains(text), *_mentions(text), *_tags(text)),
        key=lambda span: (span.start, -span.end),
    )
    kept: list[Span] = []
    for span in found:
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def _plain(text: str) -> str:
    """Browsers send forms with CRLF line ends; each would count twice."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _feature(span: Span, resolve: Resolve) -> dict[str, Any] | None:
    kind = f"app.bsky.richtext.facet#{span.kind}"
    if span.kind == "link":
        return {"$type": kind, "uri": span.value}
    if span.kind == "tag":
        return {"$type": kind, "tag": span.value}
    did = resolve(span.value)
    return {"$type": kind, "did": did} if did else None


def _urls(text: str) -> Iterator[Span]:
    for match in _URL.finditer(text):
        url = _without_trailing(match[0])
        if _host(url):
            yield Span(
                match.start(), match.start() + len(url), "link", url, _shortened(url)
            )


def _bare_domains(text: str) -> Iterator[Span]:
    for match in _BARE.finditer(text):
        host = text[match.start() : match.end("tld")]
        if is_top_level(match["tld"], host):
            url = f"https://{_without_trailing(match[0])}"
            end = match.start() + len(url) - len("https://")
            yield Span(match.start(), end, "link", url, _shortened(url))


def _mentions(text: str) -> Iterator[Span]:
    for match in _MENTION.finditer(text):
        yield Span(match.start(), match.end(), "mention", match["handle"].lower())


def _tags(text: str) -> Iterator[Span]:
    for match in _TAG.finditer(text):
        tag = _TRAILING_PUNCTUATION.sub("", match["tag"])
        fits = len(tag.encode()) <= MAX_TAG_BYTES
        if not fits or count_graphemes(tag) > MAX_TAG_GRAPHEMES:
            continue
        if not _ONLY_NUMBERS.fullmatch(tag):
            yield Span(match.start(), match.start("tag") + len(tag), "tag", tag)


def _without_trailing(url: str) -> str:
    """Without the sentence's own punctuation; a closing bracket needs its opening."""
    while url:
        last = url[-1]
        opening = next((start for end, start in _PAIRS if end == last), "")
        loose = opening and url.count(last) > url.count(opening)
        if last not in _SENTENCE_END and not loose:
            break
        url = url[:-1]
    return url


def _shortened(url: str) -> str:
    """What is shown instead of a long link, "" when it is shown as typed.

    The whole host stays: apps warn when a link's text hides where it leads.
    """
    if len(url) <= LINK_SHOWN:
        return ""
    rest = url.partition("://")[2]
    authority = _PATH.split(rest, 1)[0]
    host = authority.rpartition("@")[2]
    path = rest.removeprefix(authority)
    room = max(LINK_SHOWN - len(host) - 1, 0)
    return f"{host}{path[:room]}…" if len(path) > room else f"{host}{path}"


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
