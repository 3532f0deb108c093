"""Meta's webhook for permissions: who it is about, and that it is Meta's."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest

from platforms import clock
from platforms.adapter import Credentials
from platforms.callbacks import Delivery, Doubt, Forged
from platforms.facebook.adapter import Facebook

SECRET = "canary-facebook-app-secret"
TOKEN = "canary-webhook-token"
KEYS = {"FACEBOOK_CLIENT_ID": "fb", "FACEBOOK_CLIENT_SECRET": SECRET}
FACEBOOK = Facebook(Credentials({**KEYS, "FACEBOOK_WEBHOOK_TOKEN": TOKEN}))
HELLO = {
    "hub.mode": "subscribe",
    "hub.verify_token": TOKEN,
    "hub.challenge": "1158201444",
}


def entry(person: Any = "10", **changes: Any) -> dict[str, Any]:
    right = {"field": "pages_manage_posts", "value": {"verb": "revoked"}}
    now = int(clock.now().timestamp())
    return {"id": person, "uid": person, "time": now, "changes": [right], **changes}


def sent(told: Any, *, secret: str = SECRET, header: str = "") -> Delivery:
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return Delivery({"X-Hub-Signature-256": header or f"sha256={digest}"}, body)


def about(*entries: Any, kind: str = "permissions") -> dict[str, Any]:
    return {"object": kind, "entry": list(entries)}


def heard(delivery: Delivery) -> tuple[Any, ...]:
    return FACEBOOK.heard("webhook", delivery)


def test_whose_rights_changed_are_to_be_asked_for():
    """R-D8: of all that this login brought, here and at Instagram through the app."""
    told = heard(sent(about(entry("10"), entry("11"), entry("10"))))
    whose = ({"login_id": "10"}, {"login_id": "11"})
    assert told == (Doubt(("facebook", "instagram"), whose),)


def test_an_id_that_is_a_number_or_stands_alone_will_do():
    assert heard(sent(about(entry(10))))[0].whose == ({"login_id": "10"},)
    assert heard(sent(about(entry("10", uid=None))))[0].whose == ({"login_id": "10"},)


@pytest.mark.parametrize("kind", ["page", "user", "instagram", ""])
def test_other_objects_are_none_of_ours(kind):
    assert heard(sent(about(entry(), kind=kind))) == ()


OLD = int(clock.now().timestamp()) - 90_000
FORGED = {
    "unsigned": Delivery({}, b"{}"),
    "another secret": sent(about(entry()), secret="other"),
    "the signature of another body": sent(
        about(entry("11")), header="sha256=" + "0" * 64
    ),
    "letters that are none of ASCII": sent(about(entry()), header="sha256=ä"),
    "no JSON": sent(b"object=permissions"),
    "no object": sent([1]),
    "nobody": sent(about(entry({"a": 1}))),
    "a path": sent(about(entry("../1"))),
    "no entry": sent({"object": "permissions"}),
    "an entry that is none": sent(about("10")),
    "days ago": sent(about(entry(time=OLD))),
    "no time": sent(about(entry(time="now"))),
}


@pytest.mark.parametrize("name", FORGED)
def test_what_is_not_metas_changes_nothing(name):
    with pytest.raises(Forged):
        heard(FORGED[name])


def test_the_address_shows_that_it_is_ours():
    """What Meta asks when the operator enters it."""
    assert FACEBOOK.greeted("webhook", HELLO) == "1158201444"


@pytest.mark.parametrize(
    "change",
    [
        {"hub.verify_token": "other"},
        {"hub.verify_token": ""},
        {"hub.verify_token": "ä"},
        {"hub.mode": "unsubscribe"},
        {"hub.challenge": "<script>"},
        {"hub.challenge": ""},
    ],
)
def test_to_nobody_else(change):
    """A challenge is only ever given back as it may stand in a page."""
    with pytest.raises(Forged):
        FACEBOOK.greeted("webhook", {**HELLO, **change})


def test_without_a_token_there_is_no_address():
    without = Facebook(Credentials(KEYS))
    assert without.callback("webhook") is None
    with pytest.raises(Forged):
        without.greeted("webhook", {**HELLO, "hub.verify_token": ""})
