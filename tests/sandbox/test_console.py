"""The control page, by its forms."""

from __future__ import annotations

import pytest
import requests

from tests.sandbox.instagram.graph import profile


def read(sandbox, path=""):
    answer = requests.get(f"{sandbox.url}/_/{path}", timeout=10)
    assert answer.status_code == 200
    return answer.text


def send(sandbox, path, **form):
    """Follows the redirect; returns the page it leads to."""
    return requests.post(f"{sandbox.url}/_/{path}", data=form, timeout=10).text


@pytest.mark.parametrize("path", ["", "calls", "faults", "identities", "settings"])
def test_every_page_is_there_with_nothing_and_something_in_it(sandbox, web, path):
    assert "<h1>" in read(sandbox, path)
    lena = profile(sandbox, "lena.studio")
    lena.publish(lena.create(image_url=web("photo.jpg"), caption="<i>Hi</i>"))
    sandbox.fault("latency", platform="instagram", times=None)
    assert "<i>Hi" not in read(sandbox, path)


def test_a_post_shows_words_profile_and_thumbnail(sandbox, web):
    lena = profile(sandbox, "lena.studio")
    lena.publish(lena.create(image_url=web("photo.jpg"), caption="Cups"))
    text = read(sandbox)
    sha256 = sandbox.ledger()[0]["media"][0]["sha256"]
    assert "Cups" in text
    assert "lena.studio" in text
    assert f"/_/thumbnails/{sha256}" in text
    picture = requests.get(f"{sandbox.url}/_/thumbnails/{sha256}", timeout=10)
    assert picture.headers["Content-Type"] == "image/jpeg"


def test_a_fault_is_added_and_removed_by_its_forms(sandbox):
    form = {"kind": "error", "where": "instagram/publish", "times": "", "status": "503"}
    text = send(sandbox, "faults", **form, detail='{"code": 2}')
    assert "Until removed" in text
    [rule] = sandbox.faults()
    assert (rule["platform"], rule["step"], rule["times"]) == (
        "instagram",
        "publish",
        None,
    )
    assert (rule["status"], rule["detail"]) == (503, {"code": 2})
    send(sandbox, "faults/remove", id=str(rule["id"]))
    assert sandbox.faults() == []


def test_a_wrong_fault_is_told_on_the_page(sandbox):
    text = send(sandbox, "faults", kind="error", where="*", times="often")
    assert 'role="alert"' in text
    assert sandbox.faults() == []


def test_settings_keep_their_types(sandbox):
    shown = sandbox.settings()
    form = {name: str(value) for name, value in shown.items() if value is not False}
    form["latency_ms"] = "7"
    del form["thumbnails"]
    send(sandbox, "settings", **form)
    changed = sandbox.settings()
    assert changed == {**shown, "latency_ms": 7, "thumbnails": False}


def test_an_identity_is_added_by_its_form(sandbox):
    form = {"platform": "instagram", "handle": "by.form", "name": "", "kind": "creator"}
    assert "by.form" in send(sandbox, "identities", **form)
    assert 'role="alert"' in send(sandbox, "identities", **form)
    [made] = [row for row in sandbox.identities() if row["handle"] == "by.form"]
    assert made["kind"] == "creator"


@pytest.mark.parametrize("path", ["/", "/_"])
def test_the_front_door_leads_to_the_posts(sandbox, path):
    answer = requests.get(sandbox.url + path, timeout=10)
    assert answer.url == f"{sandbox.url}/_/"


def test_an_unknown_page_is_404(sandbox):
    assert requests.get(f"{sandbox.url}/_/nowhere", timeout=10).status_code == 404


def test_the_reset_asks_first_and_then_resets(sandbox):
    sandbox.identity("instagram", handle="for.now")
    assert "Reset everything?" in read(sandbox, "reset")
    assert "for.now" in read(sandbox, "identities")
    send(sandbox, "reset")
    assert "for.now" not in read(sandbox, "identities")
