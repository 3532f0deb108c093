"""String formats of the lexicons and how a wrong value is spoken of."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sandbox.bluesky.cid import is_cid

DID = re.compile(r"did:[a-z]+:[a-zA-Z0-9._:%-]*[a-zA-Z0-9._-]")
HANDLE = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?",
    re.I,
)
NSID = re.compile(r"[a-zA-Z][a-zA-Z0-9-]*(?:\.[a-zA-Z][a-zA-Z0-9-]*){2,}")
URI = re.compile(r"[a-z][a-z0-9+.-]*:\S+", re.I)
AT_URI = re.compile(r"at://([^/\s]+)(?:/([^/\s]+)(?:/([^/\s]+))?)?")
LANGUAGE = re.compile(r"(?:[a-z]{2,8}|i)(?:-[a-z0-9]{1,8})*", re.I)
# ISO 8601 with a zone; RFC 3339's -00:00 is not taken.
DATETIME = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,20})?(?:Z|[+-]\d\d:\d\d)"
)
MAX_URI = 8192


def is_did(text: str) -> bool:
    return DID.fullmatch(text) is not None and len(text) <= 2048


def is_handle(text: str) -> bool:
    return HANDLE.fullmatch(text) is not None and len(text) <= 253


def is_at_identifier(text: str) -> bool:
    return is_did(text) or is_handle(text)


def is_nsid(text: str) -> bool:
    return NSID.fullmatch(text) is not None and len(text) <= 317


def is_uri(text: str) -> bool:
    return URI.fullmatch(text) is not None and len(text) <= MAX_URI


def is_at_uri(text: str) -> bool:
    match = AT_URI.fullmatch(text)
    if match is None or not is_at_identifier(match[1]):
        return False
    return match[2] is None or is_nsid(match[2])


def is_language(text: str) -> bool:
    return LANGUAGE.fullmatch(text) is not None


def is_datetime(text: str) -> bool:
    if DATETIME.fullmatch(text) is None or text.endswith("-00:00"):
        return False
    try:
        datetime.fromisoformat(text[:19])
    except ValueError:
        return False
    return True


FORMATS: dict[str, Callable[[str], bool]] = {
    "did": is_did,
    "handle": is_handle,
    "at-identifier": is_at_identifier,
    "nsid": is_nsid,
    "uri": is_uri,
    "at-uri": is_at_uri,
    "cid": is_cid,
    "language": is_language,
    "datetime": is_datetime,
}
SPOKEN = {"did": "DID", "nsid": "NSID", "cid": "CID"}


def spoken_value(value: Any) -> str:
    """A value in an error text: long ones are cut, objects show their first keys."""
    if isinstance(value, dict):
        keys = [f'"{key}": ...' for key in list(value)[:2]]
        return "{" + ", ".join([*keys, *(["..."] if len(value) > 2 else [])]) + "}"
    if isinstance(value, list):
        return "[...]" if value else "[]"
    return json.dumps(value, ensure_ascii=False)
