"""The double against the official server: the same calls get the same answers.

A double written from notes can be wrong in the same way as the code it tests;
this file is what keeps it honest. Needs Node (mark `pds`).
"""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import jwt
import pytest
import requests
from PIL import Image

from tests.sandbox.bluesky.atproto import CALLBACK, POST, WHEN, Client, Key, record
from tests.support.plugin_pds import PDS_MARKS

pytestmark = PDS_MARKS
KEY, NEXT = "3n2u5hgbu222b", "3n2u5hgbu232b"
GONE = "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy"
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
APPLY = "com.atproto.repo.applyWrites"
TIMEOUT = 30
TOKENLESS = {"none": "", "garbage": "abc"}


class Side:
    """One of the two servers with a person signed in by app password."""

    def __init__(self, base: str, did: str, session: dict[str, str]) -> None:
        self.base, self.did = base, did
        self.access, self.refresh = session["accessJwt"], session["refreshJwt"]

    def call(self, method: str, nsid: str, token: str | None = None, **how: Any):
        headers = dict(how.pop("headers", {}))
        used = self.access if token is None else token
        headers |= {"Authorization": f"Bearer {used}"} if used else {}
        url = f"{self.base}/xrpc/{nsid}"
        return requests.request(method, url, headers=headers, timeout=TIMEOUT, **how)

    def write(self, verb: str, **body: Any):
        place = {"repo": self.did, "collection": POST}
        return self.call("POST", f"com.atproto.repo.{verb}", json=place | body)

    def blob(self, data: bytes, mime: str = "image/png") -> dict[str, Any]:
        nsid, headers = "com.atproto.repo.uploadBlob", {"Content-Type": mime}
        answer = self.call("POST", nsid, data=data, headers=headers)
        return dict(answer.json()["blob"])

    def seen(self, answer: requests.Response) -> tuple[Any, ...]:
        """What must be alike: status, error, words without names, keys."""
        if not answer.content:
            return (answer.status_code,)
        body = answer.json()
        words = str(body.get("message") or "").replace(self.did, "DID")
        words = re.sub(r"baf[a-z2-7]{50,}", "CID", words)
        # Whether a session brings the DID document is the operator's choice.
        keys = sorted(set(body) - {"didDoc"})
        return answer.status_code, body.get("error"), words, keys


@pytest.fixture(scope="module")
def real(pds) -> Side:
    person = pds.account("ada")
    body = {"identifier": person.handle, "password": pds.app_password(person)}
    url = f"{pds.url}/xrpc/com.atproto.server.createSession"
    session = requests.post(url, json=body, timeout=TIMEOUT).json()
    return Side(pds.url, person.did, session)


@pytest.fixture
def played(sandbox) -> Side:
    # The official server at hand still has the older limit for pictures.
    sandbox.set(**{"bluesky.image_bytes": 1_000_000})
    session = sandbox.token("bluesky", "maya.bsky.social", how="app_password")
    host = session["pds"].removeprefix("https://")
    return Side(f"{sandbox.url}/{host}", session["did"], session)


def png(extra: int = 0) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(out, "PNG")
    return out.getvalue() + b"\0" * extra


def alike(real: Side, played: Side, act: Callable[[Side], requests.Response]) -> None:
    assert played.seen(act(played)) == real.seen(act(real))


RECORDS: dict[str, dict[str, Any]] = {
    "plain": record("hi"),
    "301 graphemes": record("x" * 301),
    "too many bytes": record(FAMILY * 300),
    "300 accents": record("é" * 300),
    "no date": {"$type": POST, "text": "x"},
    "bad date": {**record(), "createdAt": "yesterday"},
    "no type": {"text": "x", "createdAt": WHEN},
    "another type": {**record(), "$type": "app.bsky.feed.like"},
    "text is a number": {**record(), "text": 5},
    "four languages": record(langs=["en", "de", "fr", "it"]),
    "no language": record(langs=["not a lang!"]),
    "nine tags": record(tags=["a"] * 9),
    "unknown field": record(foo=1),
    "float": record(foo=1.5),
    "facet without index": record(facets=[{"features": []}]),
    "embed without type": record(embed={"x": 1}),
    "unknown embed": record(embed={"$type": "app.bsky.embed.nope", "x": 1}),
    "reply to nothing": record(reply={"root": {"uri": "at://x", "cid": "y"}}),
    "card without description": record(
        embed={
            "$type": "app.bsky.embed.external",
            "external": {"uri": "https://x.org", "title": "t"},
        }
    ),
    "eleven labels": record(
        labels={
            "$type": "com.atproto.label.defs#selfLabels",
            "values": [{"val": "porn"}] * 11,
        }
    ),
}


@pytest.mark.parametrize("name", RECORDS)
def test_records_are_judged_alike(real, played, name):
    alike(real, played, lambda side: side.write("createRecord", record=RECORDS[name]))


@pytest.mark.parametrize(
    "feature",
    [
        {"$type": "app.bsky.richtext.facet#link", "uri": "nope"},
        {"$type": "app.bsky.richtext.facet#mention", "did": "nope"},
        {"$type": "app.bsky.richtext.facet#link", "uri": "https://x.org"},
    ],
)
def test_facets_are_judged_alike(real, played, feature):
    facet = {"index": {"byteStart": 100, "byteEnd": 900}, "features": [feature]}
    body = record(facets=[facet])
    alike(real, played, lambda side: side.write("createRecord", record=body))


@pytest.mark.parametrize("key", ["a b", "..", "hello", KEY])
def test_keys_are_judged_alike(real, played, key):
    body = {"record": record(), "rkey": key}
    alike(real, played, lambda side: side.write("createRecord", **body))
    # The second time the key is used: both answer 500.
    alike(real, played, lambda side: side.write("createRecord", **body))


def test_a_cid_is_the_same_on_both(real, played):
    cids = {
        side.write("createRecord", record=record("same")).json()["cid"]
        for side in (real, played)
    }
    assert len(cids) == 1


@pytest.mark.parametrize("validate", [None, True, False])
def test_unknown_lexicons_alike(real, played, validate):
    body = {"$type": "org.example.thing", "a": 1}
    wish: dict[str, Any] = {"collection": "org.example.thing", "record": body}
    wish |= {} if validate is None else {"validate": validate}
    alike(real, played, lambda side: side.write("createRecord", **wish))


def pictures(*items: dict[str, Any]) -> dict[str, Any]:
    return record(embed={"$type": "app.bsky.embed.images", "images": list(items)})


IMAGES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "good": lambda blob: pictures({"image": blob, "alt": "a"}),
    "no alt": lambda blob: pictures({"image": blob}),
    "five": lambda blob: pictures(*[{"image": blob, "alt": ""}] * 5),
    "claimed size": lambda blob: pictures(
        {"image": {**blob, "size": 3_000_000}, "alt": ""}
    ),
    "claimed type": lambda blob: pictures(
        {"image": {**blob, "mimeType": "video/mp4"}, "alt": ""}
    ),
    "never uploaded": lambda blob: pictures(
        {"image": {**blob, "ref": {"$link": GONE}}, "alt": ""}
    ),
    "no cid": lambda blob: pictures(
        {"image": {**blob, "ref": {"$link": "bafkreifake"}}, "alt": ""}
    ),
    "flat": lambda blob: pictures(
        {"image": blob, "alt": "", "aspectRatio": {"width": 0, "height": 2}}
    ),
    "as video": lambda blob: record(
        embed={"$type": "app.bsky.embed.video", "video": blob}
    ),
}


@pytest.mark.parametrize("name", IMAGES)
def test_pictures_are_judged_alike(real, played, name):
    def act(side):
        return side.write("createRecord", record=IMAGES[name](side.blob(png())))

    alike(real, played, act)


def test_uploads_alike(real, played):
    def upload(data, mime):
        headers = {"Content-Type": mime} if mime else {}
        nsid = "com.atproto.repo.uploadBlob"
        return lambda side: side.call("POST", nsid, data=data, headers=headers)

    for data, mime in ((png(), "image/jpeg"), (b"hello", "text/plain"), (png(), "")):
        alike(real, played, upload(data, mime))
    blobs = [side.blob(png(), "image/jpeg") for side in (real, played)]
    assert blobs[0] == blobs[1]


def test_put_record_alike(real, played):
    for body in (
        {"record": record("put"), "swapRecord": None},
        {"record": record("put"), "swapRecord": None},
        {"record": record("other"), "swapRecord": None},
        {"record": record("other")},
        {"record": record("third"), "swapRecord": GONE.replace("bafkrei", "bafyrei")},
    ):
        alike(real, played, partial(Side.write, verb="putRecord", rkey=NEXT, **body))


def test_reading_and_deleting_alike(real, played):
    key = "3n2u5hgbu252b"

    def get(**query):
        place = {"collection": POST, "rkey": key}
        nsid = "com.atproto.repo.getRecord"
        return lambda side: side.call(
            "GET", nsid, "", params={"repo": side.did, **place, **query}
        )

    alike(real, played, lambda s: s.write("createRecord", rkey=key, record=record()))
    alike(real, played, get())
    alike(real, played, get(rkey="3n2u5hgbu2zzz"))
    alike(real, played, get(repo="did:plc:abc123abc123abc123abc123"))
    alike(real, played, lambda side: side.write("deleteRecord", rkey=key))
    alike(real, played, lambda side: side.write("deleteRecord", rkey=key))
    alike(real, played, get())


def test_apply_writes_alike(real, played):
    def act(*values):
        def do(side):
            kind = {"$type": f"{APPLY}#create", "collection": POST}
            writes = [{**kind, "rkey": key, "value": one} for key, one in values]
            body = {"repo": side.did, "writes": writes}
            return side.call("POST", APPLY, json=body)

        return do

    good = [("3n2u5hgbu262b", record("a")), ("3n2u5hgbu272b", record("b"))]
    bad = [("3n2u5hgbu2a2b", record("c")), ("3n2u5hgbu2b2b", record("x" * 301))]
    for values in (good, good, bad):
        alike(real, played, act(*values))


@pytest.mark.parametrize(
    ("method", "name", "which"),
    [
        ("GET", "getSession", "access"),
        ("GET", "getSession", "refresh"),
        ("GET", "getSession", "none"),
        ("GET", "getSession", "garbage"),
        ("POST", "refreshSession", "access"),
        ("POST", "deleteSession", "access"),
    ],
)
def test_tokens_are_judged_alike(real, played, method, name, which):
    def act(side):
        token = TOKENLESS.get(which, getattr(side, which, ""))
        return side.call(method, f"com.atproto.server.{name}", token)

    alike(real, played, act)


@pytest.mark.parametrize(
    "body",
    [
        {"identifier": "nobody.test", "password": "x"},
        {"identifier": "nobody.test"},
        {"password": "x"},
    ],
)
def test_sign_ins_are_refused_alike(real, played, body):
    nsid = "com.atproto.server.createSession"
    alike(real, played, lambda side: side.call("POST", nsid, "", json=body))


def test_bodies_without_a_part_alike(real, played):
    def act(side):
        nsid = "com.atproto.repo.createRecord"
        return side.call("POST", nsid, json={"repo": side.did})

    alike(real, played, act)
    alike(real, played, lambda side: side.call("GET", "com.atproto.nope.nope"))


def test_anothers_repository_alike(real, played):
    other = {"repo": "did:plc:abc123abc123abc123abc123", "record": record()}
    alike(real, played, lambda side: side.write("createRecord", **other))


class RealClient(Client):
    """The same OAuth client, sent to the official server."""

    def __init__(self, pds, sandbox) -> None:
        super().__init__(sandbox, host=pds.url.removeprefix("http://"))
        self.scheme, self.base = "http", pds.url

    def url(self, host: str, path: str) -> str:
        return self.base + path


@pytest.fixture
def both(pds, sandbox):
    return RealClient(pds, sandbox), Client(sandbox)


PUSHED: tuple[dict[str, Any], ...] = (
    {},
    {"response_type": "token"},
    {"code_challenge_method": "plain"},
    {"code_challenge": None},
    {"redirect_uri": "http://127.0.0.1:9/other"},
    {"redirect_uri": CALLBACK.replace("8999", "9999")},
    {"scope": "transition:generic"},
    {"scope": "atproto foo:bar"},
    {"state": None},
)


def oauth_seen(answer: requests.Response) -> tuple[Any, ...]:
    body = answer.json()
    return (
        answer.status_code,
        body.get("error"),
        body.get("error_description"),
        sorted(body),
        "DPoP-Nonce" in answer.headers,
    )


@pytest.mark.parametrize("number", range(len(PUSHED)))
def test_pushed_requests_are_judged_alike(both, number):
    real, played = (oauth_seen(client.par(**PUSHED[number])) for client in both)
    assert played == real


@pytest.mark.parametrize(
    "changes",
    [
        {"htm": "GET"},
        {"htu": "https://bsky.social/other"},
        {"iat": 1000},
        {"jti": None},
        {"iat": None},
        {"headers": {"typ": "JWT"}},
    ],
)
def test_proofs_are_judged_alike(both, changes):
    answers = []
    for client in both:
        client.par()
        answers.append(oauth_seen(client.par(send={"changes": changes})))
    assert answers[1] == answers[0]


def test_replayed_garbled_and_missing_proofs_alike(both):
    seen = []
    for client in both:
        client.par()
        scheme = getattr(client, "scheme", "https")
        address = f"{scheme}://{client.host}/oauth/par"
        nonce = client.nonces[client.host]
        good = client.key.proof("POST", address, nonce)
        liar = Key()
        liar.jwk = client.key.jwk
        forged = liar.proof("POST", address, nonce)
        stale = client.key.proof("POST", address, "x")
        proofs = (good, good, forged, stale, "abc", "")
        answers = (client.par(send={"proof": p, "retry": False}) for p in proofs)
        seen.append([oauth_seen(answer) for answer in answers])
    assert seen[1] == seen[0]


def test_grants_that_do_not_exist_alike(both):
    seen = []
    for client in both:
        form = {
            "grant_type": "refresh_token",
            "refresh_token": "ref-" + "0" * 64,
            "client_id": client.client_id,
        }
        send = {"data": form}
        unknown = client.send("POST", client.host, "/oauth/token", **send)
        bare = client.send("POST", client.host, "/oauth/token", proof="", **send)
        revoked = client.revoke("ref-x")
        seen.append([oauth_seen(one) for one in (unknown, bare, revoked)])
    assert seen[1] == seen[0]


def test_sessions_have_the_same_parts(real, played):
    def refreshed(side):
        nsid = "com.atproto.server.refreshSession"
        return side.call("POST", nsid, side.refresh)

    alike(real, played, refreshed)
    for token in ("access", "refresh"):
        claims = [
            jwt.decode(getattr(side, token), options={"verify_signature": False})
            for side in (real, played)
        ]
        assert sorted(claims[0]) == sorted(claims[1])
        lives = [one["exp"] - one["iat"] for one in claims]
        assert lives[0] == lives[1]
        assert claims[0]["scope"] == claims[1]["scope"]


def test_service_tokens_alike(real, played):
    def ask(**query):
        nsid = "com.atproto.server.getServiceAuth"
        wanted = {"aud": "did:web:x.example", "lxm": f"{APPLY}", **query}
        return lambda side: side.call("GET", nsid, params=wanted)

    now = int(time.time())
    for expires in (now + 1800, now + 4000, now - 10):
        alike(real, played, ask(exp=expires))
