"""Where one request ends and the next begins is never a matter of opinion (V4.2.1).

gunicorn's own parser, under the settings it is started with, reads what a proxy in front
might read otherwise: a second request must not hide in the first.
"""

from __future__ import annotations

import re

import pytest
from gunicorn.config import Config
from gunicorn.http.errors import ParseException
from gunicorn.http.parser import RequestParser

from scripts.console import ROOT

HIDDEN = "GET /admin/ HTTP/1.1\r\nHost: later.example\r\n\r\n"
CHUNKED = "Transfer-Encoding: chunked"


def read(*headers: str, body: str = "") -> list[str]:
    """Paths of the requests that the server would see."""
    lines = ["POST /user/login/ HTTP/1.1", "Host: later.example", *headers]
    raw = "\r\n".join(lines) + "\r\n\r\n" + body
    found = []
    for request in RequestParser(Config(), iter([raw.encode("latin-1")]), ("::1", 1)):
        found.append(request.path)
        request.body.read()
    return found


@pytest.mark.parametrize(
    "headers",
    [
        (CHUNKED, "Content-Length: 4"),
        ("Content-Length: 0", CHUNKED),
        ("Content-Length: 0", f"Content-Length: {len(HIDDEN)}"),
        ("Content-Length: +5",),
        ("Content-Length: 5 5",),
        ("Content-Length: 0x5",),
        ("Transfer-Encoding: xchunked",),
        ("Transfer-Encoding: chunked, identity",),
        (CHUNKED, CHUNKED),
        ("Transfer-Encoding : chunked",),
        ("X: y\r\n Transfer-Encoding: chunked",),
        ("X: y\nTransfer-Encoding: chunked",),
        ("Content_Length: 0\0",),
    ],
)
def test_what_can_be_read_in_two_ways_is_refused(headers):
    with pytest.raises(ParseException):
        read(*headers, body=f"0\r\n\r\n{HIDDEN}")


def test_a_body_is_as_long_as_it_says():
    assert read("Content-Length: 3", body=f"a=b{HIDDEN}") == ["/user/login/", "/admin/"]


def test_chunks_end_where_they_say():
    body = f"3\r\na=b\r\n0\r\n\r\n{HIDDEN}"
    assert read(CHUNKED, body=body) == ["/user/login/", "/admin/"]


def test_it_is_never_started_less_strict():
    """Each of these switches lets some of the above through."""
    loose = re.compile(r"permit[-_]|casefold|header[-_]map|forwarder[-_]headers")
    for name in ("Dockerfile", "docker-compose.yml", "scripts/demo.py"):
        assert not loose.search((ROOT / name).read_text(encoding="utf-8")), name
    assert not list(ROOT.glob("gunicorn.conf*"))
