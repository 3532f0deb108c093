"""What every signed callback shares, and Meta's signed form: forged ones, one by one."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

import pytest

from platforms import clock, registry
from platforms.adapter import Credentials
from platforms.callbacks import Delivery, Forged, Withdrawal, moment, object_of
from platforms.errors import Unsupported
from platforms.facebook.adapter import Facebook
from platforms.instagram.adapter import Instagram
from platforms.mastodon.adapter import Mastodon
from platforms.meta import callbacks

SECRET = "canary-facebook-app-secret"
KEYS = Credentials(
    {
        "FACEBOOK_CLIENT_ID": "fb",
        "FACEBOOK_CLIENT_SECRET": SECRET,
        "INSTAGRAM_CLIENT_ID": "ig",
        "INSTAGRAM_CLIENT_SECRET": "canary-instagram-app-secret",
    }
)


def now() -> int:
    return int(clock.now().timestamp())


def said(**changes: Any) -> dict[str, Any]:
    known = {"algorithm": "HMAC-SHA256", "issued_at": now(), "user_id": "100200"}
    return {**known, **changes}


def coded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def signed(what: Any, secret: str = SECRET, method: str = "sha256") -> str:
    payload = coded(what if isinstance(what, bytes) else json.dumps(what).encode())
    return f"{coded(hmac.digest(secret.encode(), payload.encode(), method))}.{payload}"


def form(*requests: str) -> Delivery:
    pairs = [("signed_request", request) for request in requests]
    return Delivery({}, urlencode(pairs).encode())


def heard(delivery: Delivery, name: str = callbacks.DEAUTHORIZE) -> Withdrawal:
    (withdrawal,) = Facebook(KEYS).heard(name, delivery)
    assert isinstance(withdrawal, Withdrawal)
    return withdrawal


def test_a_person_who_removed_the_app_is_told_by_the_login():
    """R-D8: one person may have connected several Pages, and Instagram by the way."""
    withdrawal = heard(form(signed(said())))
    assert withdrawal.whose == ({"login_id": "100200"},)
    assert withdrawal.platforms == ("facebook", "instagram")
    assert (withdrawal.erase, int(withdrawal.at.timestamp())) == (False, now())


def test_the_other_address_asks_for_erasure():
    """R-I3"""
    assert heard(form(signed(said())), callbacks.DELETE).erase


def test_instagrams_own_app_has_its_own_secret_and_ids():
    """Of accounts that signed in with Instagram itself, and no others."""
    request = signed(said(), "canary-instagram-app-secret")
    (withdrawal,) = Instagram(KEYS).heard(callbacks.DEAUTHORIZE, form(request))
    assert withdrawal.platforms == ("instagram",)
    assert withdrawal.whose == (
        {"external_id": "100200", "login": "instagram_login"},
        {"app_scoped_id": "100200", "login": "instagram_login"},
    )
    with pytest.raises(Forged):
        Instagram(KEYS).heard(callbacks.DEAUTHORIZE, form(signed(said())))


def test_padding_and_letters_of_the_algorithm_may_differ():
    padded = signed(said(algorithm="hmac-sha256"))
    signature, _, payload = padded.partition(".")
    assert heard(form(f"{signature}=.{payload}")).at


FORGED: dict[str, Any] = {
    "another app's secret": lambda: form(signed(said(), "another-secret")),
    "no secret at all": lambda: form(signed(said(), "")),
    "another hash": lambda: form(signed(said(), method="sha1")),
    "no signature": lambda: form("." + signed(said()).partition(".")[2]),
    "no payload": lambda: form(signed(said()).partition(".")[0]),
    "a dot too many": lambda: form(signed(said()) + ".x"),
    "no base64": lambda: form("%%%." + signed(said()).partition(".")[2]),
    "an impossible length": lambda: form("A." + signed(said()).partition(".")[2]),
    "another payload": lambda: form(
        signed(said()).partition(".")[0] + "." + signed(said(user_id="7"))[44:]
    ),
    "the algorithm none": lambda: form(signed(said(algorithm="none"))),
    "another algorithm": lambda: form(signed(said(algorithm="HMAC-MD5"))),
    "no algorithm": lambda: form(signed({"issued_at": now(), "user_id": "1"})),
    "an old one": lambda: form(signed(said(issued_at=now() - 86_500))),
    "one from tomorrow": lambda: form(signed(said(issued_at=now() + 400))),
    "no time": lambda: form(signed(said(issued_at=None))),
    "a time of nonsense": lambda: form(signed(said(issued_at="soon"))),
    "a time that is true": lambda: form(signed(said(issued_at=True))),
    "nobody": lambda: form(signed(said(user_id=""))),
    "a list of people": lambda: form(signed(said(user_id=["1"]))),
    "somebody odd": lambda: form(signed(said(user_id="1' or 1=1"))),
    "no JSON": lambda: form(signed(b"{")),
    "no object": lambda: form(signed(b"[1]")),
    "two of them": lambda: form(signed(said()), signed(said())),
    "nothing": lambda: Delivery({}, b""),
    "another field": lambda: Delivery({}, b"request=" + signed(said()).encode()),
    "no form": lambda: Delivery({}, b"\xff\xfe"),
    "JSON instead": lambda: Delivery({}, json.dumps(said()).encode()),
    "many fields": lambda: Delivery({}, b"&".join(b"a%d=1" % n for n in range(99))),
}


@pytest.mark.parametrize("name", FORGED)
def test_what_meta_did_not_sign_is_refused(name):
    with pytest.raises(Forged):
        heard(FORGED[name]())


def test_without_a_secret_nothing_is_believed():
    """An empty key would let anybody sign."""
    with pytest.raises(Forged):
        callbacks.read(form(signed(said(), "")), "")


def test_an_address_is_there_only_with_its_keys():
    assert Facebook(KEYS).callback(callbacks.DELETE) is not None
    assert Facebook(KEYS).callback("webhook") is None
    assert Facebook(Credentials({})).callback(callbacks.DELETE) is None


def test_platforms_without_callbacks_say_so():
    with pytest.raises(Unsupported):
        Mastodon(Credentials({})).heard("deauthorize", Delivery({}, b""))


def test_every_callback_has_a_name_for_an_address_and_a_label():
    for key in registry.PLATFORMS:
        for callback in registry.adapter_class(key).callbacks:
            assert callback.name.replace("-", "").isalpha()
            assert callback.label
            assert callback.credentials


@pytest.mark.parametrize("age", [-290, 0, 50])
def test_a_moment_near_enough_is_taken(age):
    assert abs((moment(now() - age, 60) - clock.now()).total_seconds() + age) < 3


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"1", b"\xff", b"[" * 100_000])
def test_only_objects_are_objects(raw):
    with pytest.raises(Forged):
        object_of(raw)


def test_a_deliverys_body_stays_out_of_logs():
    assert "canary" not in repr(Delivery({}, b"canary"))
    assert hashlib.sha256(b"canary").hexdigest() not in repr(Delivery({}, b"canary"))
