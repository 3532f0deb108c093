"""Judge a draft by a platform's declared limits; the adapter adds what is its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from platforms.limits import ImageLimit, Limits, TextLimit, VideoLimit
from platforms.types import Draft, FollowUp, Media, PostKind, Problem

_HASHTAG = re.compile(r"(?<![\w&])#\w+")
_MENTION = re.compile(r"(?<![\w/])@[\w.]+")


def hashtags_in(text: str) -> int:
    return len(_HASHTAG.findall(text))


def mentions_in(text: str) -> int:
    return len(_MENTION.findall(text))


def draft_problems(
    name: str, kind: PostKind, limits: Limits, draft: Draft
) -> tuple[Problem, ...]:
    return (
        *_text(name, kind, limits.text_for(kind.key), draft.text),
        *_count(name, kind, draft),
        *_media(name, kind, limits, draft),
    )


def kind_unknown(name: str) -> Problem:
    message = f"{name} has no such kind of post. Choose another."
    return Problem("kind_unknown", message, "kind")


def follow_up_problems(
    name: str, kind: PostKind, form: FollowUp | None, texts: tuple[str, ...]
) -> Iterator[Problem]:
    """The parts after the first, each by its own limit."""
    if not texts:
        return
    if form is None:
        message = f"{name} has nothing that could follow a post."
        yield Problem("follow_up_unsupported", message, "options")
        return
    label = form.label.lower()
    if kind.key in form.not_for:
        message = f"{_one(name, kind)} takes no {label}."
        yield Problem("follow_up_kind", message, "options")
    if len(texts) > form.most:
        message = f"{name} takes {form.most} of them after a post ({label})."
        yield Problem("too_many_follow_ups", message, "options")
    for number, text in enumerate(texts, start=2):
        which = label if form.most == 1 else f"{label}, part {number}"
        for problem in _text(f"{name} ({which})", kind, form.text, text):
            yield replace(problem, code=f"follow_up_{problem.code}", field="options")


def _one(name: str, kind: PostKind) -> str:
    """ "An Instagram story", "A Telegram album"."""
    article = "An" if name[0] in "AEIOUX" else "A"
    return f"{article} {name} {kind.label.lower()}"


def _text(name: str, kind: PostKind, limit: TextLimit, text: str) -> Iterator[Problem]:
    if kind.needs_text and not text.strip():
        yield Problem("text_missing", f"{name} needs a text for this post.", "text")
    over = limit.count(text) - limit.maximum
    if over > 0:
        yield Problem(
            "text_too_long",
            f"{name} takes {limit.maximum:,} characters; this is {over:,} too many.",
            "text",
        )
    elif limit.max_bytes and _bytes(text) > limit.max_bytes:
        yield Problem(
            "text_too_many_bytes",
            f"{name} takes {limit.max_bytes:,} bytes of text; "
            "emoji and accents count for several.",
            "text",
        )
    yield from _marks(name, limit, text)


def _bytes(text: str) -> int:
    return len(text.encode(errors="surrogatepass"))


def _marks(name: str, limit: TextLimit, text: str) -> Iterator[Problem]:
    rules = (
        (limit.max_hashtags, hashtags_in, "hashtags"),
        (limit.max_mentions, mentions_in, "mentions"),
    )
    for maximum, count, noun in rules:
        found = count(text)
        if maximum and found > maximum:
            yield Problem(
                f"too_many_{noun}",
                f"{name} takes {maximum} {noun}; this has {found}.",
                "text",
            )


def _count(name: str, kind: PostKind, draft: Draft) -> Iterator[Problem]:
    count = len(draft.media)
    if count < kind.min_media:
        yield Problem(
            "media_missing",
            f"{name} has no posts without media: add a photo or a video."
            if count == 0
            else f"{_one(name, kind)} needs at least {kind.min_media} files.",
            "media",
        )
    if count > kind.max_media:
        yield Problem(
            "media_too_many",
            f"{_one(name, kind)} takes {kind.max_media} files; this has {count}.",
            "media",
        )


def _media(
    name: str, kind: PostKind, limits: Limits, draft: Draft
) -> Iterator[Problem]:
    image, video = limits.image_for(kind.key), limits.video_for(kind.key)
    for number, item in enumerate(draft.media, start=1):
        label = f"File {number}" if len(draft.media) > 1 else "The file"
        if item.kind not in kind.media:
            noun = "photos" if item.kind == "image" else "videos"
            yield Problem(
                "media_kind",
                f"{_one(name, kind)} takes no {noun}.",
                "media",
            )
        elif item.kind == "image" and image:
            yield from image_problems(name, label, image, item)
        elif item.kind == "video" and video:
            yield from video_problems(name, label, video, item)
        if limits.alt_text and len(item.alt_text) > limits.alt_text:
            yield Problem(
                "alt_text_too_long",
                f"{label}: {name} takes {limits.alt_text:,} characters of alt text.",
                "media",
            )


def image_problems(
    name: str, label: str, limit: ImageLimit, item: Media
) -> Iterator[Problem]:
    """Format and bytes are mended by a rendition, so only the shape can be wrong."""
    if limit.max_pixels_sum and item.width + item.height > limit.max_pixels_sum:
        yield Problem(
            "image_too_large",
            f"{label}: {name} takes photos of width plus height up to "
            f"{limit.max_pixels_sum:,} pixels.",
            "media",
        )
    yield from _ratio(name, label, limit.min_ratio, limit.max_ratio, item)


def video_problems(
    name: str, label: str, limit: VideoLimit, item: Media
) -> Iterator[Problem]:
    if item.mime not in limit.formats:
        yield Problem(
            "video_format", f"{label}: {name} takes MP4 videos only.", "media"
        )
    if item.codec and item.codec not in limit.codecs:
        yield Problem(
            "video_codec",
            f"{label}: {name} can't read {item.codec} video; export it as H.264.",
            "media",
        )
    if item.size > limit.max_bytes:
        megabytes = limit.max_bytes // 1_000_000
        yield Problem(
            "video_too_large",
            f"{label}: {name} takes videos up to {megabytes:,} MB.",
            "media",
        )
    if limit.max_width and item.width > limit.max_width:
        yield Problem(
            "video_too_wide",
            f"{label}: {name} takes videos up to {limit.max_width:,} pixels wide; "
            f"this one has {item.width:,}.",
            "media",
        )
    yield from _length(name, label, limit, item)
    yield from _ratio(name, label, limit.min_ratio, limit.max_ratio, item)


def _length(name: str, label: str, limit: VideoLimit, item: Media) -> Iterator[Problem]:
    if limit.min_seconds and item.duration_s < limit.min_seconds:
        yield Problem(
            "video_too_short",
            f"{label}: {name} needs videos of {limit.min_seconds:g} seconds or more; "
            f"this one has {item.duration_s:.1f}.",
            "media",
        )
    if limit.max_seconds and item.duration_s > limit.max_seconds + 0.5:
        yield Problem(
            "video_too_long",
            f"{label}: {name} takes videos up to {limit.max_seconds:g} seconds; "
            f"this one has {item.duration_s:.0f}.",
            "media",
        )


def _ratio(
    name: str, label: str, low: float, high: float, item: Media
) -> Iterator[Problem]:
    slack = 0.01
    too_tall = low and item.ratio < low - slack
    too_wide = high and item.ratio > high + slack
    if item.ratio and (too_tall or too_wide):
        word = "tall" if too_tall else "wide"
        yield Problem(
            "media_ratio",
            f"{label} is too {word} for {name} ({item.width} by {item.height}): "
            "crop it first.",
            "media",
        )
