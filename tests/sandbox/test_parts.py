"""The core's small parts on their own: routes, state, fields, settings."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import pytest
from aiohttp import web

from sandbox.double import Call, Route
from sandbox.ledger import iso
from sandbox.media import FetchFailed, Received, from_bytes, read_facts
from sandbox.meta.double import VERSION
from sandbox.meta.graph import GraphError, parse_fields, select
from sandbox.settings import Settings, UnknownSetting
from sandbox.spoiling import _half
from sandbox.state import Identity, State
from tests.support.files import photo, video


@dataclass(slots=True)
class Row:
    name: str
    tags: list[str] = field(default_factory=list)


class Gone:
    async def handler(self, call: Call) -> web.StreamResponse:
        return web.Response(status=410)


def match(path, address):
    route = Route("GET", path, "step", Gone().handler)
    found = route.pattern().fullmatch(address)
    return found.groupdict() if found else None


@pytest.mark.parametrize(
    ("path", "address", "expected"),
    [
        ("/bot{token}/{method}", "/bot1:A/getMe", {"token": "1:A", "method": "getMe"}),
        ("/a/{rest:path}", "/a/b/c", {"rest": "b/c"}),
        ("/{n:[0-9]+}", "/12", {"n": "12"}),
        ("/{n:[0-9]+}", "/x", None),
        ("/a.b", "/axb", None),
        ("/a", "/a/", {}),
        (VERSION + "/me", "/v26.0/me", {"version": "/v26.0"}),
        (VERSION + "/me", "/me", {"version": ""}),
        (VERSION + "/{node}", "/latest/me", None),
    ],
)
def test_paths_are_read_by_pattern(path, address, expected):
    assert match(path, address) == expected


def test_state_returns_rows_after_a_restart(tmp_path):
    first = State(tmp_path / "state.json")
    first.table("rows", Row)["a"] = Row("A", ["x"])
    first.add_identity(Identity("1", "instagram", "lena", "Lena", "business"))
    assert first.serial("media") == 1
    first.save()
    second = State(first.path)
    assert second.load() is True
    assert second.table("rows", Row)["a"] == Row("A", ["x"])
    assert second.identity("instagram", "lena") == second.identity("instagram", "1")
    assert second.serial("media") == 2


def test_a_clean_state_is_not_written(tmp_path):
    state = State(tmp_path / "state.json")
    state.save()
    assert not (tmp_path / "state.json").exists()
    state.touch()
    state.save()
    assert json.loads((tmp_path / "state.json").read_text())["tables"]


def test_fields_of_another_version_are_passed_over():
    state = State()
    table = state.table("rows", Row)
    table.load({"a": {"name": "A", "gone": 1}})
    assert table["a"] == Row("A")


def test_field_lists_nest():
    tree = parse_fields("id,owner{id,name},comments.limit(2){text}")
    assert tree == {
        "id": {},
        "owner": {"id": {}, "name": {}},
        "comments": {"text": {}},
    }


def test_selection_keeps_the_id_and_leaves_empty_fields_out():
    node = {"id": "1", "name": "Lena", "site": None, "owner": {"id": "2", "age": 3}}
    assert select(node, parse_fields("name,site,owner{age}"), "User") == {
        "id": "1",
        "name": "Lena",
        "owner": {"id": "2", "age": 3},
    }
    with pytest.raises(GraphError):
        select(node, parse_fields("name,colour"), "User")


def test_settings_change_all_or_nothing():
    settings = Settings()
    with pytest.raises(UnknownSetting):
        settings.update({"latency_ms": 5, "nonsense": 1})
    assert settings["latency_ms"] == 0


def test_times_are_utc_with_milliseconds():
    assert iso(0.0625) == "1970-01-01T00:00:00.062Z"


def test_half_an_answer_is_never_whole_json():
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        json.loads(_half(None))


def facts_of(data):
    with from_bytes(data) as received:
        return read_facts(received)


def test_an_image_is_read_by_its_bytes(tmp_path):
    data = photo(tmp_path / "a.webp", (40, 30)).read_bytes()
    facts = facts_of(data)
    assert (facts.kind, facts.mime) == ("image", "image/webp")
    assert (facts.width, facts.height, facts.size) == (40, 30, len(data))


def test_a_video_is_read_by_its_bytes(tmp_path):
    path = video(tmp_path / "a.mp4", size=(128, 96), seconds=1)
    facts = facts_of(path.read_bytes())
    assert (facts.kind, facts.mime, facts.video_codec) == ("video", "video/mp4", "h264")
    assert (facts.width, facts.height, facts.audio_channels) == (128, 96, 1)
    assert facts.moov_first


@pytest.mark.parametrize("data", [b"", b"text", b"\xff\xd8\xff\xe0broken", b"GIF89a"])
def test_odd_bytes_are_other(data):
    assert facts_of(data).kind == "other"


def test_more_bytes_than_allowed_are_refused():
    with Received(limit=10) as received:
        received.write(b"12345")
        with pytest.raises(FetchFailed):
            received.write(b"678901")
