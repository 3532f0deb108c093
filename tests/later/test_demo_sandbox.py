"""The demo's hands at the sandbox."""

from __future__ import annotations

import pytest

from core import http
from later.demo import sandbox as stage

AUTHORIZE = (
    "https://www.instagram.com/oauth/authorize?response_type=code&client_id=app"
    "&redirect_uri=http%3A%2F%2F127.0.0.1%2Fback&state=s1"
    "&scope=instagram_business_basic%2Cinstagram_business_content_publish"
)


@pytest.fixture(autouse=True)
def here(sandbox, settings):
    settings.PLATFORM_GATEWAY = sandbox.url
    http.configure(gateway=sandbox.url)
    return sandbox


def test_allowing_leads_back_with_a_code_and_the_state():
    back = stage.allow(AUTHORIZE, "lena.studio")
    assert back["state"] == "s1"
    assert back["code"]


def test_who_is_not_on_the_page_cannot_sign_in():
    with pytest.raises(stage.SandboxSaidNo, match=r"nobody\.here"):
        stage.allow(AUTHORIZE, "nobody.here")


def test_a_refused_page_says_why():
    with pytest.raises(stage.SandboxSaidNo):
        stage.press("https://t.me/no_such_bot?start=x", [("decision", "start")])


def test_settings_come_back_after_trouble(here):
    with pytest.raises(ZeroDivisionError), stage.switched(processing_ms=5):
        assert here.settings()["processing_ms"] == 5
        raise ZeroDivisionError
    assert here.settings()["processing_ms"] == 0


def test_trouble_that_nobody_met_is_taken_back(here):
    with stage.trouble("error", platform="instagram", times=2):
        assert len(here.faults()) == 1
    assert here.faults() == []


def test_a_wish_that_makes_no_sense_is_told():
    with pytest.raises(stage.SandboxSaidNo, match="kind"):
        stage.control("POST", "faults", {"kind": "nonsense"})
