"""What leaves the library: a safe type, no scripts, in parts where asked (R-I5)."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from media.queries import public_url
from media.ranges import Unsatisfiable, asked, part
from tests.safety.matrix.world import png

pytestmark = pytest.mark.django_db


@pytest.fixture
def address() -> str:
    """A file's public one."""
    return shared("a.png", png())


def shared(name: str, content: bytes) -> str:
    stored = default_storage.save(name, ContentFile(content))
    suffix = "." + name.rpartition(".")[2]
    return public_url(stored, suffix).removeprefix("http://127.0.0.1:8000")


def body(answer) -> bytes:
    """Read to its end, a file closes by itself."""
    return answer.getvalue()


def test_a_file_can_run_nothing(client, address):
    answer = client.get(address)
    assert body(answer) == png()
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["Content-Disposition"].startswith("inline")


@pytest.mark.parametrize("name", ["page.html", "picture.svg", "script.js", "a.xml"])
def test_what_a_browser_would_run_is_only_ever_a_download(client, name):
    """Nothing stores such a file; were one there, it would do no harm."""
    answer = client.get(shared(name, b"<script>alert(1)</script>"))
    body(answer)
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")


def test_originals_bear_the_name_that_people_gave(alice, cast, make_item):
    item = make_item('Caf"é\r\nSet-Cookie: a.png')
    answer = alice.get(reverse("media:original", args=[cast.group.pk, item.pk]))
    body(answer)
    assert "\n" not in answer["Content-Disposition"]
    assert answer["Content-Disposition"].startswith("inline; filename")
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.fixture
def make_item(cast):
    def made(name):
        item = cast.group.media.create(
            name=name,
            kind="image",
            mime="image/png",
            extension="png",
            size=1,
            width=16,
            height=16,
            sha256="0" * 64,
        )
        item.file.save("a.png", ContentFile(png()))
        return item

    return made


def test_a_forged_or_changed_address_is_not_there(client, address):
    token = address.split("/")[2]
    for other in ("x", token[:-1] + ("a" if token[-1] != "a" else "b"), token[3:]):
        assert client.get(address.replace(token, other)).status_code == 404


@pytest.mark.parametrize(
    ("header", "part", "said"),
    [
        ("bytes=0-3", slice(0, 4), "bytes 0-3/10"),
        ("bytes=4-", slice(4, 10), "bytes 4-9/10"),
        ("bytes=-3", slice(7, 10), "bytes 7-9/10"),
        ("bytes=8-99", slice(8, 10), "bytes 8-9/10"),
    ],
)
def test_a_part_of_a_file_can_be_asked_for(client, header, part, said):
    """As players seek, and as platforms fetch what broke off."""
    content = b"0123456789"
    answer = client.get(shared("a.mp4", content), headers={"range": header})
    assert answer.status_code == 206
    assert body(answer) == content[part]
    assert answer["Content-Range"] == said
    assert answer["Content-Type"] == "video/mp4"


def test_a_part_behind_the_end_is_refused(client):
    answer = client.get(shared("a.mp4", b"0123"), headers={"range": "bytes=4-"})
    assert answer.status_code == 416
    assert answer["Content-Range"] == "bytes */4"


@pytest.mark.parametrize("header", ["bytes=0-1,3-4", "lines=1-2", "bytes=3-1", "junk"])
def test_what_is_no_single_part_is_answered_with_the_whole(header):
    assert asked(header, 10) is None


def test_nothing_lies_in_the_last_zero_bytes():
    with pytest.raises(Unsatisfiable):
        asked("bytes=-0", 10)


def test_a_part_is_read_in_portions_and_closes_the_file(tmp_path):
    path = tmp_path / "large"
    path.write_bytes(bytes(200_000))
    stream = path.open("rb")
    portions = list(part(stream, 1, 199_998))
    assert sum(map(len, portions)) == 199_998
    assert len(portions) > 2
    assert stream.closed
