"""A small lexicon validator: strict on what the schema says, silent on the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import regex

from sandbox.bluesky.cid import is_cid
from sandbox.bluesky.syntax import FORMATS, SPOKEN, spoken_value

GRAPHEME = regex.compile(r"\X")


class LexiconError(ValueError):
    """The text names what is wrong and where, as the server says it."""

    def __init__(self, problem: str, path: str) -> None:
        super().__init__(f"{problem} at {path}")


def graphemes(text: str) -> int:
    """User-perceived characters: a family emoji is one."""
    return len(GRAPHEME.findall(text))


@dataclass(frozen=True)
class Text:
    """`max_bytes` counts UTF-8; `max_graphemes` grapheme clusters."""

    max_bytes: int = 0
    max_graphemes: int = 0
    format: str = ""

    def check(self, value: Any, path: str) -> None:
        if not isinstance(value, str):
            raise unexpected("string", value, path)
        size = len(value.encode())
        if self.max_bytes and size > self.max_bytes:
            raise too_big("string", self.max_bytes, size, path)
        count = graphemes(value) if self.max_graphemes else 0
        if count > self.max_graphemes:
            raise too_big("grapheme", self.max_graphemes, count, path)
        if self.format and not FORMATS[self.format](value):
            name = SPOKEN.get(self.format, self.format)
            raise LexiconError(f"Invalid {name} (got {spoken_value(value)})", path)


@dataclass(frozen=True)
class Whole:
    minimum: int = 0

    def check(self, value: Any, path: str) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            raise unexpected("integer", value, path)
        if value < self.minimum:
            raise LexiconError(
                f"integer too small (minimum {self.minimum}, got {value})", path
            )


@dataclass(frozen=True)
class Items:
    item: Spec
    most: int = 0

    def check(self, value: Any, path: str) -> None:
        if not isinstance(value, list):
            raise unexpected("array", value, path)
        if self.most and len(value) > self.most:
            raise too_big("array", self.most, len(value), path)
        for number, item in enumerate(value):
            self.item.check(item, f"{path}[{number}]")


@dataclass(frozen=True)
class Shape:
    """An object, its fields in the lexicon's order, which is that of the checks.

    Properties the schema does not name are let through.
    """

    fields: dict[str, Spec]
    optional: frozenset[str] = frozenset()

    def check(self, value: Any, path: str) -> None:
        if not isinstance(value, dict):
            raise unexpected("object", value, path)
        for name, spec in self.fields.items():
            if name in value:
                spec.check(value[name], f"{path}.{name}")
            elif name not in self.optional:
                raise LexiconError(f'Missing required key "{name}"', path)


@dataclass(frozen=True)
class OneOf:
    """An open union: a `$type` it does not know is let through."""

    known: Callable[[], Mapping[str, Spec]]

    def check(self, value: Any, path: str) -> None:
        if not isinstance(value, dict) or not isinstance(value.get("$type"), str):
            wanted = 'an object which includes the "$type" property'
            raise LexiconError(
                f"Expected {wanted} value type (got {spoken_value(value)})", path
            )
        spec = self.known().get(value["$type"])
        if spec is not None:
            spec.check(value, path)


@dataclass(frozen=True)
class File:
    """A blob reference. Only what the reference claims is looked at."""

    accept: tuple[str, ...]
    max_size: int

    def check(self, value: Any, path: str) -> None:
        if not is_blob(value):
            raise unexpected("blob", value, path)
        mime = value["mimeType"]
        if not any(fnmatchcase(mime, pattern) for pattern in self.accept):
            wanted = " or ".join(f'"{pattern}"' for pattern in self.accept)
            raise LexiconError(f'Expected {wanted} (got "{mime}")', f"{path}.mimeType")
        if value["size"] > self.max_size:
            raise too_big("blob", self.max_size, value["size"], path)


Spec = Text | Whole | Items | Shape | OneOf | File


def is_blob(value: Any) -> bool:
    if not isinstance(value, dict) or value.get("$type") != "blob":
        return False
    link = value.get("ref")
    return (
        isinstance(link, dict)
        and is_cid(str(link.get("$link", "")))
        and isinstance(value.get("mimeType"), str)
        and isinstance(value.get("size"), int)
    )


def unexpected(kind: str, value: Any, path: str) -> LexiconError:
    return LexiconError(f"Expected {kind} value type (got {spoken_value(value)})", path)


def too_big(what: str, maximum: int, got: int, path: str) -> LexiconError:
    return LexiconError(f"{what} too big (maximum {maximum}, got {got})", path)
