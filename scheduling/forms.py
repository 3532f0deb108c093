"""The composer's form as it comes from a browser, with or without scripts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.http import QueryDict

from scheduling import lateness
from scheduling.content import Content, Late, Mode, Variation, When, clean
from scheduling.models import LateRule

# Nobody's id: what can't be read as an id is answered like an unknown one.
NOBODY = UUID(int=0)


@dataclass(frozen=True)
class Submission:
    """`key` is the form's own id, `version` the one the person saw (0: a new post)."""

    content: Content
    when: When
    version: int = 0
    key: UUID | None = None


@dataclass(frozen=True)
class LateForm:
    """The lateness rule as the composer draws it, folded away unless it says much."""

    asked: Late = field(default_factory=Late)
    errors: Mapping[str, list[str]] = field(default_factory=dict)

    @property
    def rules(self) -> list[tuple[str, str]]:
        return [(value, str(label)) for value, label in LateRule.choices]

    @property
    def usual(self) -> str:
        """How late most posts may be when nothing is chosen."""
        return lateness.span(settings.PUBLISH_LATE_MIN)

    @property
    def is_open(self) -> bool:
        refused = self.errors.keys() & {"late_rule", "late_min"}
        return bool(self.asked.rule or refused)


def read(data: QueryDict, zone: str) -> Submission:
    """Never fails: what makes no sense is refused by the rules, in their words.

    Fields: text, profiles*, media*, date, time, mode, late_rule, late_min, version,
    key, and for each profile own-<id>, text-<id>, kind-<id>, by-<id> (who posts it);
    follows-<id> tells that the form carries the texts that follow, follow-<id>*.
    """
    return Submission(
        content=Content(
            text=clean(data.get("text", "")),
            variations=tuple(_variations(data)),
            media=tuple(as_uuid(raw) for raw in data.getlist("media")),
        ),
        when=When(_mode(data.get("mode", "")), _wall(data), zone, _late(data)),
        version=_number(data.get("version", "")),
        key=_key(data.get("key", "")),
    )


def _variations(data: QueryDict) -> list[Variation]:
    return [
        Variation(
            profile_id=as_uuid(raw),
            text=clean(data.get(f"text-{raw}", "")) if data.get(f"own-{raw}") else None,
            kind=data.get(f"kind-{raw}", ""),
            follow_ups=_follow_ups(data, raw),
            publish_by=data.get(f"by-{raw}", ""),
        )
        for raw in dict.fromkeys(data.getlist("profiles"))
    ]


def _follow_ups(data: QueryDict, raw: str) -> tuple[str, ...] | None:
    """None where the form hasn't the fields. Empty ones are room to write, no texts."""
    if f"follows-{raw}" not in data:
        return None
    texts = (clean(text) for text in data.getlist(f"follow-{raw}"))
    return tuple(text for text in texts if text.strip())


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


def _late(data: QueryDict) -> Late | None:
    """None where the form hasn't the field. What is no number is 0: refused later."""
    if "late_rule" not in data:
        return None
    minutes = data.get("late_min", "").strip()
    return Late(data.get("late_rule", ""), _number(minutes) if minutes else None)


def _number(raw: str) -> int:
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else 0
