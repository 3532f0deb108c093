"""Styled text: entities counted in UTF-16 units, their repair and discovery."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

import regex

from sandbox.telegram.errors import bad_request

MAX_ENTITIES = 100
# Formatting inside these is not looked at, and nothing is discovered in them.
OPAQUE = frozenset({"code", "pre", "text_link", "text_mention", "custom_emoji"})
DROPPED = frozenset("\r\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u0333\u033f\u030a")
DISCOVERIES: tuple[tuple[str, regex.Pattern[str]], ...] = (
    ("email", regex.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}", regex.I)),
    (
        "url",
        regex.compile(
            r"(?:https?://[^\s<>]+|(?<![@\w.])(?:[\w-]+\.)+"
            r"(?:com|org|net|io|me|dev|app|info|co|uk|de|fr|eu)\b(?:/[^\s<>]*)?)",
            regex.I,
        ),
    ),
    ("mention", regex.compile(r"(?<![\w@/])@[a-z]\w{3,31}", regex.I)),
    ("hashtag", regex.compile(r"(?<![\w#&])#(?=\w*[^\W\d])\w{1,256}")),
    ("cashtag", regex.compile(r"(?<![\w$])\$[A-Z]{1,8}\b")),
    (
        "bot_command",
        regex.compile(r"(?<![\w/<>])/[a-z]\w{0,63}(?:@\w{3,32})?", regex.I),
    ),
)


@dataclass(frozen=True)
class Entity:
    """``offset`` and ``length`` in UTF-16 code units of the final text."""

    type: str
    offset: int
    length: int
    extra: dict[str, Any] = field(default_factory=dict, compare=False)

    @property
    def end(self) -> int:
        return self.offset + self.length

    def as_json(self) -> dict[str, Any]:
        place = {"offset": self.offset, "length": self.length, "type": self.type}
        return place | self.extra


@dataclass(frozen=True)
class StyledText:
    text: str
    entities: tuple[Entity, ...] = ()


def utf16_length(text: str) -> int:
    """Characters beyond the basic plane count twice."""
    return len(text) + sum(1 for character in text if ord(character) > 0xFFFF)


def from_json(raw: Any) -> list[Entity]:
    """Entities of a request; kinds the server finds by itself are ignored."""
    if not isinstance(raw, list):
        return []
    return [entity for item in raw if (entity := _read_entity(item)) is not None]


def _read_entity(item: Any) -> Entity | None:
    if not isinstance(item, dict):
        raise bad_request("Can't parse MessageEntity: expected an Object")
    kind, offset, length = (item.get(key) for key in ("type", "offset", "length"))
    if not isinstance(offset, int) or not isinstance(length, int):
        raise bad_request('Can\'t parse MessageEntity: Field "offset" must be a Number')
    if kind in dict(DISCOVERIES):
        return None
    if kind not in STYLES:
        raise bad_request("Can't parse MessageEntity: Unsupported type specified")
    known = {key: item[key] for key in STYLES[kind] if key in item}
    return Entity(str(kind), offset, length, known)


STYLES: dict[str, tuple[str, ...]] = {
    "bold": (),
    "italic": (),
    "underline": (),
    "strikethrough": (),
    "spoiler": (),
    "blockquote": (),
    "expandable_blockquote": (),
    "code": (),
    "pre": ("language",),
    "text_link": ("url",),
    "text_mention": ("user",),
    "custom_emoji": ("custom_emoji_id",),
}


def clean(styled: StyledText) -> StyledText:
    """Control characters become spaces, direction marks and the edges go."""
    kept = rebuild(styled, _printable)
    start = utf16_length(kept.text) - utf16_length(kept.text.lstrip())
    trimmed = kept.text.strip()
    return crop(replace(kept, text=trimmed), start)


def _printable(character: str) -> str:
    if character in DROPPED:
        return ""
    return " " if character < " " and character != "\n" else character


def rebuild(styled: StyledText, keep: Callable[[str], str]) -> StyledText:
    """Map every character and move the entities along with the text."""
    places: dict[int, int] = {}
    parts: list[str] = []
    before = after = 0
    for character in styled.text:
        places[before] = after
        parts.append(keep(character))
        before += utf16_length(character)
        after += utf16_length(parts[-1])
    places[before] = after
    moved = (_moved(entity, places, before) for entity in styled.entities)
    return StyledText("".join(parts), tuple(moved))


def _moved(entity: Entity, places: dict[int, int], size: int) -> Entity:
    if entity.offset > size:
        raise bad_request(
            f"Entity begins after the end of the text at UTF-16 offset {entity.offset}"
        )
    where = f"Entity beginning at UTF-16 offset {entity.offset} ends"
    if entity.end > size:
        raise bad_request(
            f"{where} after the end of the text at UTF-16 offset {entity.end}"
        )
    if entity.offset not in places:
        raise bad_request("Entity begins in a middle of a UTF-16 symbol")
    if entity.end not in places:
        raise bad_request(f"{where} in a middle of a UTF-16 symbol")
    offset = places[entity.offset]
    return replace(entity, offset=offset, length=places[entity.end] - offset)


def crop(styled: StyledText, start: int) -> StyledText:
    """Shift left by ``start`` and cut what hangs over the ends of the text."""
    size = utf16_length(styled.text)
    cut = []
    for entity in styled.entities:
        first = min(max(entity.offset - start, 0), size)
        last = min(max(entity.end - start, 0), size)
        if last > first:
            cut.append(replace(entity, offset=first, length=last - first))
    return StyledText(styled.text, tuple(cut))


def settle(styled: StyledText) -> StyledText:
    """Links checked, overlaps split, discoveries added, at most 100 kept."""
    checked = [linked for item in styled.entities if (linked := _checked_link(item))]
    nested = _split_overlaps(_sorted(checked))
    found = [entity for entity in discover(styled.text) if _is_free(entity, nested)]
    return StyledText(styled.text, tuple(_sorted([*nested, *found])[:MAX_ENTITIES]))


def _sorted(entities: list[Entity]) -> list[Entity]:
    return sorted(entities, key=lambda entity: (entity.offset, -entity.length))


def _checked_link(entity: Entity) -> Entity | None:
    if entity.type != "text_link":
        return entity
    url = checked_url(str(entity.extra.get("url", "")))
    return replace(entity, extra={"url": url}) if url else None


def checked_url(url: str) -> str:
    """The address as Telegram stores it, or nothing when it is no address."""
    full = url if "://" in url else f"http://{url}"
    parts = urlsplit(full)
    if parts.scheme in ("tg", "ton"):
        return full
    if parts.scheme not in ("http", "https") or "." not in (parts.hostname or ""):
        return ""
    return parts._replace(path=parts.path or "/").geturl()


def _split_overlaps(entities: list[Entity]) -> list[Entity]:
    """Entities must nest: one that sticks out of another is cut at its end."""
    done: list[Entity] = []
    waiting = list(entities)
    while waiting:
        entity = waiting.pop(0)
        cut = next((other.end for other in done if _sticks_out(entity, other)), None)
        if cut is None:
            done.append(entity)
            continue
        done.append(replace(entity, length=cut - entity.offset))
        rest = replace(entity, offset=cut, length=entity.end - cut)
        waiting = _sorted([rest, *waiting])
    return done


def _sticks_out(entity: Entity, other: Entity) -> bool:
    return other.offset <= entity.offset < other.end < entity.end


def discover(text: str) -> Iterator[Entity]:
    """Addresses, names, tags and commands written plainly in the text."""
    taken: list[tuple[int, int]] = []
    for kind, pattern in DISCOVERIES:
        for match in pattern.finditer(text):
            end = match.start() + len(match.group().rstrip(".,:;!?'\"")) or match.end()
            if any(match.start() < last and first < end for first, last in taken):
                continue
            taken.append((match.start(), end))
            offset = utf16_length(text[: match.start()])
            yield Entity(kind, offset, utf16_length(text[match.start() : end]))


def _is_free(entity: Entity, styled: list[Entity]) -> bool:
    return not any(
        other.type in OPAQUE and entity.offset < other.end and other.offset < entity.end
        for other in styled
    )
