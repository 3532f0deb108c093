"""Who a handle is and where they live: handle -> DID -> DID document -> server (PDS).

https://atproto.com/specs/handle and https://atproto.com/specs/did, read 2026-11-21.
A handle's DNS record is looked up by the public app view: we have no resolver of our
own, and the https way is asked after it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from platforms.adapter import Credentials
from platforms.bluesky import api
from platforms.bluesky.errors import NAME
from platforms.bluesky.wire import Json, Wire, must_be_safe
from platforms.errors import PlatformError, Rejected, Unavailable, Unsupported

HANDLE = re.compile(
    r"(?=.{3,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+"
    r"[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?"
)
DID = re.compile(r"did:plc:[a-z2-7]{24}|did:web:[a-zA-Z0-9.-]+(?:%3A[0-9]{1,5})?")
# Handles copied from the apps carry invisible direction marks.
_INVISIBLE = re.compile(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_PROFILE_PAGE = re.compile(r"https?://bsky\.app/profile/([^/?#]+).*", re.IGNORECASE)


@dataclass(frozen=True)
class Places:
    """The public servers of the network; an operator may name others."""

    directory: str
    app_view: str
    entry: str
    video: str

    @classmethod
    def of(cls, credentials: Credentials) -> Places:
        def place(name: str, default: str) -> str:
            return (credentials.get(f"BLUESKY_{name}_URL") or default).rstrip("/")

        return cls(
            directory=place("PLC", "https://plc.directory"),
            app_view=place("APPVIEW", "https://public.api.bsky.app"),
            entry=place("ENTRY", "https://bsky.social"),
            video=place("VIDEO", "https://video.bsky.app"),
        )


@dataclass(frozen=True)
class Account:
    """`did` is for ever; `handle` may change; `pds` is the server to write to."""

    did: str
    handle: str
    pds: str


class Directory:
    def __init__(self, wire: Wire, places: Places) -> None:
        self.wire = wire
        self.places = places

    def account(self, name: str) -> Account:
        """By handle or DID. Rejected when there is none, or handle and DID disagree."""
        if not name.startswith("did:"):
            did = self.did_of(name)
            found = self.by_did(did)
            if found.handle != name:
                raise Rejected(
                    f"The handle {name} belongs to an account that doesn't own it.",
                    code="handle_mismatch",
                )
            return found
        return self.by_did(name)

    def by_did(self, did: str) -> Account:
        document = self.document(did)
        return Account(did, _handle_in(document), _pds_in(document))

    def did_of(self, handle: str) -> str:
        """Rejected when no source knows the handle, Unavailable when none answers."""
        if not HANDLE.fullmatch(handle):
            raise _unknown(handle)
        asked: list[PlatformError] = []
        for ask in (self._ask_app_view, self._ask_entry, self._ask_domain):
            try:
                return ask(handle)
            except (Rejected, Unavailable, Unsupported) as error:
                asked.append(error)
        if all(isinstance(error, Unavailable) for error in asked):
            raise asked[0]
        raise _unknown(handle)

    def document(self, did: str) -> Json:
        if not DID.fullmatch(did):
            raise Rejected("This is no account's id.", code="bad_did")
        if did.startswith("did:plc:"):
            url = f"{self.places.directory}/{did}"
        else:
            domain = unquote(did.removeprefix("did:web:"))
            url = f"https://{domain}/.well-known/did.json"
        document = api.did_document(self.wire, url)
        if document.get("id") != did:
            raise Rejected("The account's document is another's.", code="bad_did")
        return document

    def _ask_app_view(self, handle: str) -> str:
        return _did(api.resolve_handle(self.wire, self.places.app_view, handle))

    def _ask_entry(self, handle: str) -> str:
        return _did(api.resolve_handle(self.wire, self.places.entry, handle))

    def _ask_domain(self, handle: str) -> str:
        return _did(api.well_known_did(self.wire, handle))


def cleaned(typed: str) -> str:
    """A typed or pasted handle, DID, profile page or server address, in one form."""
    text = _INVISIBLE.sub("", typed)
    page = _PROFILE_PAGE.fullmatch(text)
    if page:
        text = page[1]
    text = text.removeprefix("at://").removeprefix("@")
    if text.startswith("did:"):
        return text
    return text.lower().rstrip("/.")


def is_address(name: str) -> bool:
    return "://" in name


def origin_of(url: str) -> str:
    """Scheme and host of a server's address. Rejected when it has none, or no https."""
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    is_web = parts.scheme in ("http", "https") and parts.netloc.isascii()
    if not is_web or not parts.hostname or "@" in parts.netloc:
        raise Rejected("This is not a server's address.", details=url)
    must_be_safe(url)
    return f"{parts.scheme}://{parts.netloc}"


def _did(found: str) -> str:
    did = found.strip()
    if not DID.fullmatch(did):
        raise Rejected("The handle leads to no account.", code="bad_did")
    return did


def _unknown(handle: str) -> Rejected:
    return Rejected(
        f"{NAME} doesn't know the handle {handle}. Check how it is written, "
        "for example you.bsky.social.",
        code="unknown_handle",
    )


def _handle_in(document: Json) -> str:
    for name in _list(document, "alsoKnownAs"):
        if isinstance(name, str) and name.startswith("at://"):
            return name.removeprefix("at://").lower()
    return ""


def _pds_in(document: Json) -> str:
    for service in _list(document, "service"):
        if not isinstance(service, dict):
            continue
        is_pds = str(service.get("id", "")).endswith("#atproto_pds")
        if is_pds and isinstance(service.get("serviceEndpoint"), str):
            return origin_of(service["serviceEndpoint"])
    raise Rejected("The account names no server of its own.", code="no_pds")


def _list(document: Json, name: str) -> list[Any]:
    value = document.get(name)
    return value if isinstance(value, list) else []
