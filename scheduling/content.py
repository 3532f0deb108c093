"""What a person asks for: the shape that pages and API share, before any rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID


class Mode(StrEnum):
    DRAFT = "draft"
    SCHEDULE = "schedule"
    NOW = "now"


@dataclass(frozen=True)
class Variation:
    """A chosen profile. `text` None: the post's own; `kind` "": the one that fits;
    `options` None: as they are; `follow_ups` None: as the options say; `publish_by`
    "": we post it."""

    profile_id: UUID
    text: str | None = None
    kind: str = ""
    options: Mapping[str, Any] | None = None
    follow_ups: tuple[str, ...] | None = None
    publish_by: str = ""

    @property
    def all_options(self) -> dict[str, Any]:
        """What the target keeps: the texts that follow are among its options."""
        found = dict(self.options or {})
        if self.follow_ups is None:
            return found
        found.pop("follow_ups", None)
        return (
            {**found, "follow_ups": list(self.follow_ups)} if self.follow_ups else found
        )

    def field(self, name: str) -> str:
        return f"variations.{self.profile_id}.{name}"


@dataclass(frozen=True)
class Content:
    text: str
    variations: tuple[Variation, ...] = ()
    media: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class Late:
    """A lateness rule as asked for (models.LateRule); `minutes` None: as usual."""

    rule: str = ""
    minutes: int | None = None


@dataclass(frozen=True)
class When:
    """`wall` is clock time in `zone` as YYYY-MM-DDTHH:MM; "" where none was chosen.

    `late` None: the rule stays as it is.
    """

    mode: Mode
    wall: str = ""
    zone: str = ""
    late: Late | None = None


def clean(text: str) -> str:
    """Line ends as people count them; without what no database can hold."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return plain.encode("utf-8", "ignore").decode()
