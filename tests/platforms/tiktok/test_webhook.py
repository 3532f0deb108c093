"""TikTok's webhook: signed over moment and body, and only one event is ours."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest

from platforms import clock
from platforms.adapter import Credentials
from platforms.callbacks import Delivery, Forged, Withdrawal
from platforms.tiktok.adapter import TikTok
from platforms.tiktok.webhook import CAUSES

SECRET = "canary-tiktok-app-secret"
KEYS = Credentials({"TIKTOK_CLIENT_ID": "tt", "TIKTOK_CLIENT_SECRET": SECRET})


def now() -> int:
    return int(clock.now().timestamp())


def event(**changes: Any) -> bytes:
    known = {
        "client_key": "tt",
        "event": "authorization.removed",
        "create_time": now(),
        "user_openid": "-000open",
        "content": '{"reason": 1}',
    }
    return json.dumps({**known, **changes}).encode()


def sent(
    body: bytes, *, secret: str = SECRET, age: int = 0, name: str = "TikTok-Signature"
) -> Delivery:
    at = now() - age
    text = f"{at}.".encode() + body
    digest = hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()
    return Delivery({name: f"t={at},s={digest}"}, body)


def heard(delivery: Delivery) -> tuple[Withdrawal, ...]:
    return TikTok(KEYS).heard("webhook", delivery)


def test_a_person_who_disconnected_is_known_by_the_open_id():
    """R-D8, sheet case 13."""
    (withdrawal,) = heard(sent(event()))
    assert withdrawal.whose == ({"external_id": "-000open"},)
    assert (withdrawal.platforms, withdrawal.erase) == (("tiktok",), False)


@pytest.mark.parametrize("reason", CAUSES)
def test_the_cause_is_told_in_words(reason):
    (withdrawal,) = heard(sent(event(content=json.dumps({"reason": reason}))))
    assert withdrawal.cause == CAUSES[reason]


@pytest.mark.parametrize("content", [None, "", "{", "[]", '{"reason": "x"}', "{}"])
def test_an_unknown_reason_is_the_persons_own(content):
    (withdrawal,) = heard(sent(event(content=content)))
    assert withdrawal.cause == CAUSES[1]


def test_other_events_are_taken_and_change_nothing():
    assert heard(sent(event(event="post.publish.complete"))) == ()


def changed(delivery: Delivery, **headers: str) -> Delivery:
    return Delivery(headers, delivery.body)


FORGED: dict[str, Callable[[], Delivery]] = {
    "another secret": lambda: sent(event(), secret="another"),
    "an empty secret": lambda: sent(event(), secret=""),
    "ten minutes old": lambda: sent(event(), age=600),
    "from the future": lambda: sent(event(), age=-400),
    "another header": lambda: sent(event(), name="X-Signature"),
    "no signature": lambda: Delivery({}, event()),
    "half a signature": lambda: changed(sent(event()), **{"TikTok-Signature": "t=1"}),
    "another body": lambda: Delivery(sent(event()).headers, event(user_openid="x")),
    "the same JSON anew": lambda: Delivery(sent(event()).headers, event() + b" "),
    "another app": lambda: sent(event(client_key="other")),
    "nobody": lambda: sent(event(user_openid="")),
    "a number": lambda: sent(event(user_openid=7)),
    "no JSON": lambda: sent(b"{"),
    "a list": lambda: sent(b"[]"),
}


@pytest.mark.parametrize("name", FORGED)
def test_what_tiktok_did_not_sign_is_refused(name):
    """Sheet case 12."""
    with pytest.raises(Forged):
        heard(FORGED[name]())


def test_another_moment_in_the_header_breaks_the_signature():
    delivery = sent(event(), age=600)
    fresh = delivery.headers["TikTok-Signature"].replace(str(now() - 600), str(now()))
    with pytest.raises(Forged):
        heard(changed(delivery, **{"TikTok-Signature": fresh}))
