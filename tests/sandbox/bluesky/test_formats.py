"""Record keys, content ids and counting, against vectors of the official server."""

from __future__ import annotations

import hashlib

import pytest

from sandbox.bluesky import cid, syntax, tid
from sandbox.bluesky.lexicon import graphemes

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"


@pytest.mark.parametrize(
    ("microseconds", "clock", "key"),
    [
        (0, 0, "2222222222222"),
        (1795300000000000, 7, "3n2u5hgbu222b"),
        (1795300000000001, 7, "3n2u5hgbu232b"),
    ],
)
def test_tid_vectors(microseconds, clock, key):
    assert tid.encode(microseconds, clock) == key
    assert tid.is_tid(key)


def test_a_ticker_never_goes_back():
    ticker = tid.Ticker()
    keys = [ticker.next(1_795_300_000.0) for _ in range(3)]
    assert keys == sorted(set(keys))


@pytest.mark.parametrize("key", ["hello", "3n2u5hgbu222", "zn2u5hgbu222b", ""])
def test_what_is_no_tid(key):
    assert not tid.is_tid(key)


@pytest.mark.parametrize(
    ("key", "good"), [("a", True), ("a:b~c", True), ("..", False), ("a b", False)]
)
def test_record_keys(key, good):
    assert tid.is_record_key(key) is good


def test_a_records_cid_is_the_official_servers():
    """Measured on @atproto/pds 0.4.217."""
    record = {
        "text": "hi",
        "createdAt": "2026-11-21T22:26:40.000Z",
        "$type": "app.bsky.feed.post",
    }
    official = "bafyreieqnpxxnl4wgohq25h2dyt26vqo6ji7g7gylxx3rqow4eom7ibaa4"
    assert cid.of_record(record) == official
    assert cid.is_cid(official)


def test_a_blobs_cid_is_the_official_servers():
    official = "bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq"
    assert cid.of_blob(hashlib.sha256(b"hello").hexdigest()) == official
    assert not cid.is_cid("bafkreifake")


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        (None, "f6"),
        ([True, False], "82f5f4"),
        (-500, "3901f3"),
        (10**10, "1b00000002540be400"),
        ({"bb": 1, "a": 2}, "a261610262626201"),
        ({"$bytes": "aGk"}, "426869"),
    ],
)
def test_canonical_cbor(value, encoded):
    assert cid.dag_cbor(value).hex() == encoded


def test_links_are_tagged_and_floats_cannot_be_stored():
    link = {"$link": cid.of_blob("00" * 32)}
    assert cid.dag_cbor(link).hex().startswith("d82a582500")
    with pytest.raises(cid.NotStorable):
        cid.dag_cbor({"a": 1.5})


def test_graphemes_are_what_people_count():
    text = "Hi 👋 @ada.example.org see https://example.org #fête"
    assert (graphemes(text), len(text.encode())) == (51, 55)
    assert graphemes(FAMILY) == 1
    assert graphemes("e\u0301") == 1


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("did", "did:plc:abc123abc123abc123abc123", "did:PLC:x"),
        ("handle", "ada.example.org", "ada"),
        ("nsid", "app.bsky.feed.post", "app.bsky"),
        ("uri", "https://example.org", "example.org"),
        ("at-uri", "at://did:plc:abc/app.bsky.feed.post/3n2", "at://x"),
        ("language", "pt-BR", "not a lang!"),
        ("datetime", "2026-11-21T22:26:40.000Z", "2026-11-21 22:26"),
        ("datetime", "2026-11-21T22:26:40+01:00", "2026-13-21T22:26:40Z"),
        ("datetime", "2026-11-21T22:26:40Z", "2026-11-21T22:26:40-00:00"),
    ],
)
def test_string_formats(kind, good, bad):
    assert syntax.FORMATS[kind](good)
    assert not syntax.FORMATS[kind](bad)


def test_values_beyond_64_bits_cannot_be_stored():
    with pytest.raises(cid.NotStorable):
        cid.dag_cbor(1 << 64)


def test_the_place_of_what_cannot_be_stored_is_found():
    assert cid.misfit({"a": [1, {"b": 0.5}]}, "$") == "$.a[1].b"
    assert cid.misfit({"a": ["x", None]}, "$") == ""


@pytest.mark.parametrize(
    ("value", "spoken"),
    [
        ({"a": 1, "b": 2, "c": 3}, '{"a": ..., "b": ..., ...}'),
        ([], "[]"),
        ([1], "[...]"),
        ("é", '"é"'),
    ],
)
def test_values_in_error_texts_are_short(value, spoken):
    assert syntax.spoken_value(value) == spoken
