"""The doctor on media: what platforms are given can be fetched (R-J5)."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from core.doctor import Level
from media import doctor

pytestmark = pytest.mark.django_db


def named(name: str):
    return next(found for found in doctor.examine() if found.name == name)


@pytest.fixture
def resolves(monkeypatch):
    def to(address: str) -> None:
        answer = [(0, 0, 0, "", (address, 443))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: answer)

    return to


def test_a_file_is_fetched_as_platforms_do(live_server, settings):
    settings.BASE_URL = live_server.url
    assert named("fetching").level == Level.OK


def test_no_probe_is_left(live_server, settings):
    settings.BASE_URL = live_server.url
    list(doctor.examine())
    assert [
        each for each in Path(settings.MEDIA_ROOT).rglob("*") if each.is_file()
    ] == []


def test_an_address_where_nobody_answers_fails(settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.BASE_URL = f"http://127.0.0.1:{free.getsockname()[1]}"
    found = named("fetching")
    assert (found.level, "doesn't answer" in found.text) == (Level.FAIL, True)


def test_an_address_with_other_files_fails(live_server, settings, monkeypatch):
    """BASE_URL leads to processes with another MEDIA_ROOT, or to somebody else."""
    settings.BASE_URL = live_server.url
    monkeypatch.setattr(doctor, "ContentFile", lambda _: ContentFile(b"other"))
    found = named("fetching")
    assert (found.level, "not the file" in found.text) == (Level.FAIL, True)


def test_a_folder_that_can_t_be_written_fails(settings, tmp_path):
    place = tmp_path / "a-file"
    place.touch()
    settings.MEDIA_ROOT = place
    found = named("files")
    assert (found.level, "MEDIA_ROOT" in found.text) == (Level.FAIL, True)


@pytest.mark.parametrize(
    ("url", "address", "level"),
    [
        ("https://later.example", "93.184.215.14", Level.OK),
        ("https://later.example", "192.168.0.5", Level.WARN),
        ("http://127.0.0.1:8000", "127.0.0.1", Level.WARN),
        ("http://later.example", "93.184.215.14", Level.FAIL),
    ],
)
def test_the_address_must_be_one_for_the_world(settings, resolves, url, address, level):
    resolves(address)
    settings.BASE_URL, settings.PLATFORM_GATEWAY = url, ""
    assert doctor._form().level == level


def test_with_a_sandbox_any_address_will_do(settings):
    settings.BASE_URL = "http://127.0.0.1:8000"
    settings.PLATFORM_GATEWAY = "http://127.0.0.1:9000"
    assert doctor._form().level == Level.OK
