"""Every address the resolver knows, and paths made of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from uuid import uuid4

from django.urls import URLPattern, URLResolver, get_resolver

ADMIN = "admin/"

_PART = re.compile(r"<(?:\w+:)?(\w+)>")
_GROUP = re.compile(r"\(\?P<(\w+)>[^()]*(?:\([^()]*\)[^()]*)*\)")


def every() -> list[str]:
    """Routes as written: `g/<uuid:group_id>/media/`, allauth's as regular expressions."""
    return [route for route, _ in patterns()]


def patterns(
    resolver: URLResolver | None = None, prefix: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        else:
            yield route, entry


def names(route: str) -> list[str]:
    """Of the ids that it holds."""
    return _PART.findall(_GROUP.sub(r"<\1>", route))


def path_of(route: str, ids: Mapping[str, str]) -> str:
    """KeyError when the world has no such id: it must be made there."""
    plain = _GROUP.sub(r"<\1>", route).replace("^", "").replace("$", "")
    return "/" + _PART.sub(lambda found: str(ids[found[1]]), plain)


def any_path(route: str, ids: Mapping[str, object]) -> str:
    """Where no id is known, one that nothing has."""
    text = {name: str(value) for name, value in ids.items()}
    numbers = set(re.findall(r"<int:(\w+)>", route))
    unknown = {name: "1" if name in numbers else str(uuid4()) for name in names(route)}
    return path_of(
        route, {**unknown, **{k: v for k, v in text.items() if k not in numbers}}
    )
