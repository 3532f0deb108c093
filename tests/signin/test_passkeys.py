"""Passkeys: what no authenticator would say is refused, and breaks nothing (R-A7)."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from fido2.utils import websafe_encode

from tests.signin.conftest import browser, is_in, sign_in, subjects

pytestmark = pytest.mark.django_db
LOGIN, ADD = "/user/two-step/webauthn/login/", "/user/two-step/webauthn/add/"
JSON = {"accept": "application/json"}


def claim(handle: object) -> str:
    """An answer in the right form, made up from end to end."""
    client = {"type": "webauthn.get", "challenge": "x", "origin": "http://localhost"}
    data = websafe_encode(json.dumps(client).encode())
    return json.dumps(
        {
            "id": "AAAA",
            "rawId": "AAAA",
            "type": "public-key",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": data,
                "authenticatorData": websafe_encode(bytes(37)),
                "signature": "AAAA",
                "userHandle": handle,
            },
        }
    )


NONSENSE = [
    "",
    "null",
    "[]",
    "{}",
    "5",
    '"x"',
    "{not json",
    '{"response": 5}',
    '{"response": {"userHandle": 5}}',
    '{"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {}}',
    claim(None),
    claim(5),
    claim("AAAA"),
    claim("%%%"),
    claim(websafe_encode(str(uuid4()).encode())),
    claim(websafe_encode(b"\xff\xfe")),
]


def test_nonsense_signs_nobody_in(cast, guest):
    for credential in NONSENSE:
        guest.get(LOGIN, headers=JSON)
        answer = guest.post(LOGIN, {"credential": credential})
        assert (credential, answer.headers["Location"]) == (credential, "/user/login/")
        assert not is_in(guest)


def test_nor_does_it_at_the_second_step(careful, guest):
    sign_in(guest, careful.email)
    for credential in NONSENSE:
        answer = guest.post("/user/two-step/authenticate/", {"credential": credential})
        assert (credential, answer.status_code) == (credential, 200)
        assert not is_in(guest)


def test_nor_is_it_added(cast, guest):
    sign_in(guest, "alice@example.org")
    for credential in NONSENSE:
        guest.get(ADD)
        answer = guest.post(ADD, {"name": "Laptop", "credential": credential})
        assert (credential, answer.status_code) == (credential, 200)
    assert not Authenticator.objects.filter(user=cast.alice).exists()


def test_somebodys_name_alone_is_no_passkey(cast, guest):
    """The handle says who it claims to be; nothing is signed."""
    handle = websafe_encode(str(cast.alice.pk).encode())
    guest.get(LOGIN, headers=JSON)
    guest.post(LOGIN, {"credential": claim(handle)})
    assert not is_in(guest)


def test_each_question_is_asked_once(guest):
    asked = [
        guest.get(LOGIN, headers=JSON).json()["request_options"]["publicKey"][
            "challenge"
        ]
        for _ in range(2)
    ]
    assert asked[0] != asked[1]


def test_passkeys_of_others_are_out_of_reach(cast, guest):
    key = Authenticator.objects.create(
        user=cast.bob,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "Bob's", "credential": {}},
    )
    sign_in(guest, "alice@example.org")
    for act in ("edit", "remove"):
        url = f"/user/two-step/webauthn/keys/{key.pk}/{act}/"
        assert guest.get(url).status_code == 404
        assert guest.post(url, {"name": "Mine"}).status_code == 404
    key.refresh_from_db()
    assert key.data["name"] == "Bob's"


def test_removing_one_is_told(cast, guest):
    key = Authenticator.objects.create(
        user=cast.alice,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "<b>Laptop</b>", "credential": {}},
    )
    client = browser()
    client.force_login(cast.alice)
    page = client.get("/user/security/").content.decode()
    assert "&lt;b&gt;Laptop&lt;/b&gt;" in page
    url = f"/user/two-step/webauthn/keys/{key.pk}/remove/"
    away = client.get(url).headers["Location"]
    client.post(away, {"password": "correct horse battery staple"})
    client.post(url)
    assert subjects() == ["A passkey was removed"]
    assert not Authenticator.objects.filter(pk=key.pk).exists()
