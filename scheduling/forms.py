"""The composer's form as it comes from a browser, with or without scripts."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import QueryDict

from scheduling.content import Content, Mode, Variation, When, clean

# Nobody's id: what can't be read as an id is answered like an unknown one.
NOBODY = UUID(int=0)


@dataclass(frozen=True)
class Submission:
    """`key` is the form's own id, `version` the one the person saw (0: a new post)."""

    content: Content
    when: When
    version: int = 0
    key: UUID | None = None


def read(data: QueryDict, zone: str) -> Submission:
    """Never fails: what makes no sense is refused by the rules, in their words.

    Fields: text, profiles*, media*, date, time, mode, version, key, and for each
    profile own-<id>, text-<id>, kind-<id>.
    """
    return Submission(
        content=Content(
            text=clean(data.get("text", "")),
            variations=tuple(_variations(data)),
            media=tuple(as_uuid(raw) for raw in data.getlist("media")),
        ),
        when=When(_mode(data.get("mode", "")), _wall(data), zone),
        version=_number(data.get("version", "")),
        key=_key(data.get("key", "")),
    )


def _variations(data: QueryDict) -> list[Variation]:
    return [
        Variation(
            profile_id=as_uuid(raw),
            text=clean(data.get(f"text-{raw}", "")) if data.get(f"own-{raw}") else None,
            kind=data.get(f"kind-{raw}", ""),
        )
        for raw in dict.fromkeys(data.getlist("profiles"))
    ]


def as_uuid(raw: str) -> UUID:
    try:
        return UUID(raw)
    except ValueError:
        return NOBODY


def _key(raw: str) -> UUID | None:
    key = as_uuid(raw)
    return None if key == NOBODY else key


def _mode(raw: str) -> Mode:
    """Without a pressed button, as on Enter, nothing goes out: it is a draft."""
    return Mode(raw) if raw in set(Mode) else Mode.DRAFT


def _wall(data: QueryDict) -> str:
    date, time = data.get("date", "").strip(), data.get("time", "").strip()
    return f"{date}T{time}" if date and time else date or time


def _number(raw: str) -> int:
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else 0
