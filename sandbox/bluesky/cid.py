"""Content identifiers: SHA-256 of DAG-CBOR for records, of the bytes for blobs."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

RECORD_CODEC = 0x71
RAW_CODEC = 0x55
SHA256 = bytes([0x12, 0x20])
CID = re.compile(r"b[a-z2-7]{20,}")
LINK_TAG = 42


class NotStorable(ValueError):
    """A value outside of the data model; the text says which."""


def misfit(value: Any, path: str) -> str:
    """Where the first value that cannot be stored stands, "" if there is none."""
    inner: list[tuple[str, Any]] = []
    if isinstance(value, dict):
        inner = [(f"{path}.{key}", item) for key, item in value.items()]
    elif isinstance(value, list):
        inner = [(f"{path}[{number}]", item) for number, item in enumerate(value)]
    elif isinstance(value, float):
        return path
    return next((found for at, item in inner if (found := misfit(item, at))), "")


def of_record(record: dict[str, Any]) -> str:
    return _text(RECORD_CODEC, hashlib.sha256(dag_cbor(record)).digest())


def of_blob(sha256_hex: str) -> str:
    return _text(RAW_CODEC, bytes.fromhex(sha256_hex))


def is_cid(text: str) -> bool:
    if CID.fullmatch(text) is None:
        return False
    data = _bytes(text)
    return len(data) == 36 and data[0] == 1 and data[2:4] == SHA256


def _text(codec: int, digest: bytes) -> str:
    data = bytes([1, codec]) + SHA256 + digest
    return "b" + base64.b32encode(data).decode().lower().rstrip("=")


def _bytes(text: str) -> bytes:
    body = text[1:].upper()
    try:
        return base64.b32decode(body + "=" * (-len(body) % 8))
    except ValueError:
        return b""


SIMPLE = {None: b"\xf6", True: b"\xf5", False: b"\xf4"}


def dag_cbor(value: Any) -> bytes:
    """Canonical: map keys by length, then bytes; links are tag 42; no floats."""
    if isinstance(value, dict):
        return _mapping(value)
    if isinstance(value, list):
        return _head(4, len(value)) + b"".join(map(dag_cbor, value))
    return _scalar(value)


def _scalar(value: Any) -> bytes:
    if value is None or isinstance(value, bool):
        return SIMPLE[value]
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, str):
        text = value.encode()
        return _head(3, len(text)) + text
    raise NotStorable(str(value))


def _mapping(value: dict[str, Any]) -> bytes:
    if set(value) == {"$link"} and isinstance(value["$link"], str):
        data = b"\x00" + _bytes(value["$link"])
        return _head(6, LINK_TAG) + _head(2, len(data)) + data
    if set(value) == {"$bytes"} and isinstance(value["$bytes"], str):
        text = value["$bytes"]
        data = base64.b64decode(text + "=" * (-len(text) % 4))
        return _head(2, len(data)) + data
    keys = sorted(value, key=lambda key: (len(key.encode()), key.encode()))
    pairs = b"".join(dag_cbor(key) + dag_cbor(value[key]) for key in keys)
    return _head(5, len(value)) + pairs


def _head(major: int, number: int) -> bytes:
    for size, code in ((0, 0), (1, 24), (2, 25), (4, 26), (8, 27)):
        if size == 0 and number < 24:
            return bytes([major << 5 | number])
        if size and number < 1 << (8 * size):
            return bytes([major << 5 | code]) + number.to_bytes(size, "big")
    raise NotStorable(str(number))
