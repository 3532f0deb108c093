"""Reads the parameters of a container creation; refuses what the API refuses."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.meta import errors
from sandbox.meta.errors import GraphFault
from sandbox.meta.graph import GraphError, as_bool, as_int, as_json, invalid

CAPTION_MAX = 2200
MENTIONS_MAX = 20
HASHTAGS_MAX = 30
ALT_TEXT_MAX = 1000
TAGS_MAX = 20
COLLABORATORS_MAX = 3
CAROUSEL_ITEMS = range(2, 11)
GRADUATION = ("MANUAL", "SS_PERFORMANCE")
MEDIA_TYPES = ("IMAGE", "VIDEO", "REELS", "STORIES", "CAROUSEL")
_MENTION = re.compile(r"(?<!\w)@[A-Za-z0-9._]+")
_HASHTAG = re.compile(r"(?<!\w)#\w+")


@dataclass(slots=True)
class Wish:
    """A container as asked for. One of the addresses, `resumable` or `children`."""

    media_type: str
    caption: str = ""
    alt_text: str = ""
    image_url: str = ""
    video_url: str = ""
    resumable: bool = False
    is_item: bool = False
    children: list[str] = field(default_factory=list)
    options: dict[str, Any] = field(default_factory=dict)


def read_wish(asked: dict[str, Any], *, own_login: bool) -> Wish:
    """GraphError with the number the platform has for the mistake."""
    wish = Wish(
        media_type=_media_type(asked),
        image_url=_address(asked, "image_url"),
        video_url=_address(asked, "video_url"),
        resumable=asked.get("upload_type") == "resumable",
        is_item=as_bool(asked.get("is_carousel_item")),
    )
    _check_source(wish)
    if wish.media_type == "CAROUSEL":
        wish.children = _children(asked)
    _read_words(wish, asked)
    wish.options = _options(wish, asked, own_login=own_login)
    return wish


def _media_type(asked: dict[str, Any]) -> str:
    kind = str(asked.get("media_type") or "IMAGE").upper()
    if kind not in MEDIA_TYPES:
        raise GraphError(errors.BAD_MEDIA_TYPE)
    item = as_bool(asked.get("is_carousel_item"))
    # Lone videos are reels; only items of a carousel are still "VIDEO".
    if kind == "VIDEO" and not item:
        raise GraphError(errors.BAD_MEDIA_TYPE, "A single video is published as REELS")
    if item and kind not in ("IMAGE", "VIDEO"):
        raise GraphError(errors.BAD_MEDIA_TYPE, f"{kind} cannot be a carousel item")
    return kind


def _address(asked: dict[str, Any], name: str) -> str:
    address = str(asked.get(name) or "")
    if not address.isascii():
        raise invalid(f"{name} must be ASCII")
    return address


def _check_source(wish: Wish) -> None:
    """Exactly the source its type takes."""
    given = {
        name
        for name, value in (
            ("image_url", wish.image_url),
            ("video_url", wish.video_url),
            ("upload", wish.resumable),
        )
        if value
    }
    video = {"video_url", "upload"}
    allowed = {
        "IMAGE": {"image_url"},
        "VIDEO": video,
        "REELS": video,
        "STORIES": {"image_url", *video},
        "CAROUSEL": set(),
    }[wish.media_type]
    if given - allowed:
        raise invalid(f"{wish.media_type} does not take {sorted(given - allowed)[0]}")
    if allowed and len(given) != 1:
        raise invalid(f"{wish.media_type} needs one of {', '.join(sorted(allowed))}")


def _children(asked: dict[str, Any]) -> list[str]:
    given = asked.get("children") or ""
    if isinstance(given, str) and not given.startswith("["):
        found = [part.strip() for part in given.split(",") if part.strip()]
    else:
        found = [str(child) for child in as_json(given, "children")]
    if len(found) not in CAROUSEL_ITEMS:
        raise GraphError(errors.BAD_CAROUSEL)
    return found


def _read_words(wish: Wish, asked: dict[str, Any]) -> None:
    """Stories and items have no caption; alt text is for images of the feed."""
    if wish.media_type != "STORIES" and not wish.is_item:
        wish.caption = _caption(str(asked.get("caption") or ""))
    if wish.media_type == "IMAGE":
        wish.alt_text = str(asked.get("alt_text") or "")
        if len(wish.alt_text) > ALT_TEXT_MAX:
            raise invalid(f"alt_text is longer than {ALT_TEXT_MAX} characters")


def _caption(text: str) -> str:
    if len(text) > CAPTION_MAX:
        raise GraphError(errors.CAPTION_TOO_LONG)
    if len(_MENTION.findall(text)) > MENTIONS_MAX:
        raise GraphError(errors.TOO_MANY_TAGS)
    if len(_HASHTAG.findall(text)) > HASHTAGS_MAX:
        raise invalid(f"The caption has more than {HASHTAGS_MAX} hashtags")
    return text


Reader = Callable[[Wish, Any], Any]


def _user_tags(wish: Wish, given: Any) -> list[dict[str, Any]]:
    tags = as_json(given, "user_tags")
    if not isinstance(tags, list) or not all(isinstance(tag, dict) for tag in tags):
        raise invalid("user_tags must be a list of objects")
    if len(tags) > TAGS_MAX:
        raise GraphError(errors.TOO_MANY_TAGS)
    for tag in tags:
        _check_tag(tag, placed=wish.media_type == "IMAGE")
    return tags


def _check_tag(tag: dict[str, Any], *, placed: bool) -> None:
    if not tag.get("username"):
        raise invalid("A user tag needs a username")
    for axis in ("x", "y"):
        if axis not in tag and not placed:
            continue
        place = tag.get(axis)
        if not isinstance(place, int | float) or not 0 <= place <= 1:
            raise invalid(f"{axis} of a user tag must be from 0.0 to 1.0")


def _collaborators(wish: Wish, given: Any) -> list[str]:
    names = as_json(given, "collaborators")
    if not isinstance(names, list) or len(names) > COLLABORATORS_MAX:
        raise invalid(f"collaborators takes up to {COLLABORATORS_MAX} usernames")
    if wish.is_item or wish.media_type == "STORIES":
        raise invalid("collaborators is not for items and stories")
    return [str(name) for name in names]


def _location(wish: Wish, given: Any) -> str:
    if wish.is_item or not str(given).isdigit():
        fault = GraphFault(100, 0, "INSTAGRAM_PLATFORM_API__INVALID_LOCATION_ID")
        raise GraphError(fault)
    return str(given)


def _trial(wish: Wish, given: Any) -> dict[str, Any]:
    params = as_json(given, "trial_params")
    if wish.media_type != "REELS" or not isinstance(params, dict):
        raise invalid("trial_params is an object and for reels only")
    if params.get("graduation_strategy") not in GRADUATION:
        raise invalid("graduation_strategy is unknown")
    return params


def _ai_generated(wish: Wish, given: Any) -> bool:
    if wish.is_item:
        raise invalid("is_ai_generated belongs to the carousel, not to an item")
    return as_bool(given)


def _reels_only(read: Callable[[Any], Any]) -> Reader:
    """Other types ignore the parameter."""
    return lambda wish, given: read(given) if wish.media_type == "REELS" else None


READERS: dict[str, Reader] = {
    "user_tags": _user_tags,
    "collaborators": _collaborators,
    "location_id": _location,
    "trial_params": _trial,
    "is_ai_generated": _ai_generated,
    "share_to_feed": lambda wish, given: as_bool(given),
    "cover_url": _reels_only(str),
    "thumb_offset": _reels_only(lambda given: as_int(given, 0)),
    "audio_name": _reels_only(str),
}
# Parameters the dialect without Facebook passes over in silence.
FACEBOOK_ONLY = frozenset({"location_id"})


def _options(wish: Wish, asked: dict[str, Any], *, own_login: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, read in READERS.items():
        if asked.get(name) in (None, "") or (own_login and name in FACEBOOK_ONLY):
            continue
        value = read(wish, asked[name])
        if value is not None:
            found[name] = value
    return found
