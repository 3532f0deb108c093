"""The sandbox as the demo's stage: its control API, and its consent pages by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings

from core.http import Http

Fields = list[tuple[str, str]]


class SandboxSaidNo(Exception):
    """The text is the sandbox's own reason."""


def control(method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
    """One call of the control API. Raises SandboxSaidNo."""
    url = f"{settings.PLATFORM_GATEWAY}/_/api/{path}"
    reply = Http().request(method, url, json=body)
    if not reply.ok:
        raise SandboxSaidNo(reply.excerpt())
    return reply.json()


def has(platform: str, handle: str) -> bool:
    found = control("GET", f"identities?platform={platform}")
    return any(identity["handle"] == handle for identity in found)


@contextmanager
def switched(**wanted: Any) -> Iterator[None]:
    """Settings of the sandbox for a while."""
    before = control("GET", "settings")
    control("POST", "settings", wanted)
    try:
        yield
    finally:
        control("POST", "settings", {name: before[name] for name in wanted})


@contextmanager
def trouble(kind: str, **rule: Any) -> Iterator[None]:
    """One fault while the block runs; a use that nobody met is taken back."""
    made = control("POST", "faults", {"kind": kind, **rule})
    try:
        yield
    finally:
        control("DELETE", f"faults?id={made['id']}")


def allow(url: str, handle: str) -> dict[str, str]:
    """Press Allow on a consent page as `handle`; the query of the way back."""
    shown = Http().request("GET", url)
    form = _ConsentForm()
    form.feed(shown.body.decode())
    answer: Fields = [("identity", form.identity_of(handle)), ("decision", "allow")]
    answer += [("scope", scope) for scope in form.scopes]
    back = Http().request("POST", url, data=answer)
    if "Location" not in back.headers:
        raise SandboxSaidNo(back.excerpt())
    return dict(parse_qsl(urlsplit(back.headers["Location"]).query))


def press(url: str, answer: Fields) -> None:
    """Send a form of the sandbox's pages as its button would."""
    reply = Http().request("POST", url, data=answer)
    if reply.status >= 400:
        raise SandboxSaidNo(reply.excerpt())


class _ConsentForm(HTMLParser):
    """Who can be chosen and what is asked for, as the page shows it."""

    def __init__(self) -> None:
        super().__init__()
        self.scopes: list[str] = []
        self._people: dict[str, str] = {}
        self._label = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "input" and given.get("name") == "scope":
            self.scopes.append(given["value"])
        if tag == "label":
            self._label = given.get("for", "")

    def handle_data(self, data: str) -> None:
        """The first words of an identity's label are its handle."""
        if self._label.startswith("identity-") and data.strip():
            self._people[data.strip()] = self._label.removeprefix("identity-")
            self._label = ""

    def identity_of(self, handle: str) -> str:
        if handle not in self._people:
            raise SandboxSaidNo(f"{handle} is not on the consent page.")
        return self._people[handle]
