"""Records: keys, swaps, atomic writes, reading back."""

from __future__ import annotations

import pytest
import requests

from tests.sandbox.bluesky.atproto import (
    NOAH,
    POST,
    Account,
    Client,
    good,
    record,
    trouble,
)

KEY = "3n2u5hgbu222b"
NEXT = "3n2u5hgbu232b"
GATE = "app.bsky.feed.threadgate"
CREATE = "com.atproto.repo.applyWrites#create"
SERVER_ERROR = "500 InternalServerError: Internal Server Error"


def get(account, rkey=KEY, **params):
    place = {"repo": account.did, "collection": POST, "rkey": rkey}
    return account.get("com.atproto.repo.getRecord", **{**place, **params})


def test_a_post_is_accepted_with_uri_cid_and_commit(maya, sandbox):
    answer = good(maya.create("hi", KEY))
    assert answer["uri"] == f"at://{maya.did}/{POST}/{KEY}"
    assert answer["cid"] == (
        "bafyreieqnpxxnl4wgohq25h2dyt26vqo6ji7g7gylxx3rqow4eom7ibaa4"
    )
    assert answer["validationStatus"] == "valid"
    assert set(answer["commit"]) == {"cid", "rev"}
    (row,) = sandbox.ledger("bluesky", profile=maya.did)
    assert (row["text"], row["remote_id"]) == ("hi", answer["uri"])
    assert row["permalink"] == f"https://bsky.app/profile/{maya.did}/post/{KEY}"


def test_a_key_is_chosen_if_none_is_given(maya):
    first, second = (good(maya.create())["uri"][-13:] for _ in range(2))
    assert first < second


def test_a_used_key_answers_500(maya):
    """The official server does; look the record up before calling it an outage."""
    good(maya.create("one", KEY))
    assert trouble(maya.create("one", KEY)) == SERVER_ERROR
    assert good(get(maya))["value"]["text"] == "one"


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("a b", 'Invalid record key (got "a b") at $.rkey'),
        ("..", 'Invalid record key (got "..") at $.rkey'),
        (
            "hello",
            f'Invalid record key for {POST}: Invalid TID string (got "hello") at $',
        ),
    ],
)
def test_keys_that_cannot_be(maya, key, words):
    assert trouble(maya.create("x", key)) == f"400 InvalidRequest: {words}"


def test_another_ones_repository(maya, sandbox):
    noah = Account(sandbox, NOAH)
    answer = maya.write("createRecord", repo=noah.did, record=record())
    assert trouble(answer) == "403 AccountNotFound: Account not found"


@pytest.mark.parametrize("name", ["repo", "collection", "record"])
def test_missing_parts_are_named(maya, name):
    body = {"repo": maya.did, "collection": POST, "record": record()}
    del body[name]
    answer = maya.post("com.atproto.repo.createRecord", body)
    assert trouble(answer).endswith(f'Missing required key "{name}" at $')


def test_put_with_swap_null_can_be_repeated(maya, sandbox):
    """Case 3, way A: the same bytes again change nothing; other bytes are refused."""
    body = {"rkey": KEY, "record": record("put"), "swapRecord": None}
    first, again = (good(maya.write("putRecord", **body)) for _ in range(2))
    assert "commit" in first
    assert "commit" not in again
    assert first["uri"] == again["uri"]
    body["record"] = record("other")
    words = f"400 InvalidSwap: Record was at {first['cid']}"
    assert trouble(maya.write("putRecord", **body)) == words
    assert [row["text"] for row in sandbox.ledger("bluesky")] == ["put"]


def test_put_without_swap_overwrites(maya):
    good(maya.create("one", KEY))
    good(maya.write("putRecord", rkey=KEY, record=record("two")))
    assert good(get(maya))["value"]["text"] == "two"


def test_put_with_a_cid_wants_that_record(maya):
    old = good(maya.create("one", KEY))
    absent = {"rkey": NEXT, "record": record(), "swapRecord": old["cid"]}
    words = "400 InvalidSwap: Record was at null"
    assert trouble(maya.write("putRecord", **absent)) == words
    body = {"rkey": KEY, "record": record("two"), "swapRecord": old["cid"]}
    good(maya.write("putRecord", **body))


def test_a_post_that_hung_after_the_commit_is_found(maya, sandbox):
    """Way B: the answer is lost, getRecord knows."""
    sandbox.fault("cut_after", platform="bluesky", step="createRecord")
    with pytest.raises(requests.ConnectionError):
        maya.create("lost", KEY)
    assert good(get(maya))["value"]["text"] == "lost"
    assert len(sandbox.ledger("bluesky")) == 1


def test_what_is_not_there(maya):
    words = trouble(get(maya, NEXT))
    place = f"at://{maya.did}/{POST}/{NEXT}"
    assert words == f"400 RecordNotFound: Could not locate record: {place}"
    nobody = get(maya, repo="did:plc:" + "a" * 24)
    assert trouble(nobody) == "400 InvalidRequest: Could not locate record"


def test_reading_needs_no_token_and_takes_the_handle(maya):
    made = good(maya.create("open", KEY))
    maya.token = ""
    seen = good(get(maya, repo="maya.bsky.social"))
    assert seen == {"uri": made["uri"], "cid": made["cid"], "value": record("open")}
    assert "RecordNotFound" in trouble(get(maya, cid="bafyother"))


def test_lists_run_from_the_newest_with_a_cursor(maya):
    keys = [f"3n2u5hgbu2{n}2b" for n in (2, 3, 4)]
    for key in keys:
        good(maya.create(key, key))
    nsid, place = "com.atproto.repo.listRecords", {"repo": maya.did, "collection": POST}
    page = good(maya.get(nsid, **place, limit=2))
    texts = [row["value"]["text"] for row in page["records"]]
    assert texts == keys[:0:-1]
    rest = good(maya.get(nsid, **place, cursor=page["cursor"]))["records"]
    assert [row["value"]["text"] for row in rest] == keys[:1]
    backwards = good(maya.get(nsid, **place, reverse="true"))["records"]
    assert [row["value"]["text"] for row in backwards] == keys
    unknown = maya.get(nsid, repo="did:plc:x", collection=POST)
    assert "Could not find repo" in trouble(unknown)


def test_deleting_twice_is_fine(maya):
    good(maya.create("x", KEY))
    assert set(good(maya.write("deleteRecord", rkey=KEY))) == {"commit"}
    assert good(maya.write("deleteRecord", rkey=KEY)) == {}
    assert "RecordNotFound" in trouble(get(maya))


def writes(maya, *items):
    body = {"repo": maya.did, "writes": list(items)}
    return maya.post("com.atproto.repo.applyWrites", body)


def item(value, collection=POST, rkey=KEY, kind=CREATE):
    return {"$type": kind, "collection": collection, "rkey": rkey, "value": value}


def gate(maya, **more):
    place = f"at://{maya.did}/{POST}/{KEY}"
    made = {"$type": GATE, "post": place, "createdAt": "2026-11-21T22:26:40.000Z"}
    return {**made, "allow": [], **more}


def test_a_post_and_its_gate_go_in_one_write(maya, sandbox):
    """Case 11: nobody may reply."""
    both = (item(record("quiet")), item(gate(maya), GATE))
    answer = good(writes(maya, *both))
    kinds = {result["$type"] for result in answer["results"]}
    assert kinds == {"com.atproto.repo.applyWrites#createResult"}
    assert answer["results"][1]["uri"].endswith(f"{GATE}/{KEY}")
    assert [row["text"] for row in sandbox.ledger("bluesky")] == ["quiet"]
    assert trouble(writes(maya, *both)) == SERVER_ERROR


def test_apply_writes_is_all_or_nothing(maya, sandbox):
    good_one, bad_one = item(record("a")), item(record("x" * 301), rkey=NEXT)
    words = trouble(writes(maya, good_one, bad_one))
    assert "maximum 300, got 301) at $.writes[1].record.text" in words
    assert "RecordNotFound" in trouble(get(maya))
    assert sandbox.ledger("bluesky") == []
    used = good(maya.create("used", NEXT))
    assert used
    assert trouble(writes(maya, good_one, item(record("b"), rkey=NEXT))) == SERVER_ERROR
    assert "RecordNotFound" in trouble(get(maya))


def test_apply_writes_updates_and_deletes(maya):
    good(maya.create("one", KEY))
    good(maya.create("two", NEXT))
    update = item(record("new"), kind="com.atproto.repo.applyWrites#update")
    delete = item(None, rkey=NEXT, kind="com.atproto.repo.applyWrites#delete")
    good(writes(maya, update, delete))
    assert good(get(maya))["value"]["text"] == "new"
    assert "RecordNotFound" in trouble(get(maya, NEXT))


@pytest.mark.parametrize(
    "write",
    [
        {"$type": "nothing"},
        {"$type": CREATE, "collection": POST},
        {"$type": "com.atproto.repo.applyWrites#delete", "collection": POST},
    ],
)
def test_writes_that_are_none(maya, write):
    assert trouble(writes(maya, write)).startswith("400 InvalidRequest")


def test_a_call_may_hold_200_writes(maya):
    words = trouble(writes(maya, *[item(record())] * 201))
    assert words == "400 InvalidRequest: Too many writes. Max: 200"


def test_swap_commit_guards_the_whole_repository(maya):
    head = good(maya.create("one", KEY))["commit"]["cid"]
    good(maya.write("createRecord", record=record("two"), swapCommit=head))
    late = maya.write("createRecord", record=record("three"), swapCommit=head)
    assert trouble(late).startswith("400 InvalidSwap: Commit was at bafyrei")


def test_describe_repo_lists_the_collections(maya):
    good(writes(maya, item(record()), item(gate(maya), GATE)))
    about = good(maya.get("com.atproto.repo.describeRepo", repo=maya.did))
    assert about["collections"] == [POST, GATE]


@pytest.mark.parametrize(
    ("scope", "verb", "missing"),
    [
        ("atproto", "createRecord", f"repo:{POST}?action=create"),
        (
            f"atproto repo:{POST}?action=create",
            "putRecord",
            f"repo:{POST}?action=update",
        ),
        (
            f"atproto repo:{POST}?action=create&action=update",
            "deleteRecord",
            f"repo:{POST}?action=delete",
        ),
    ],
)
def test_a_missing_scope_is_named(maya, sandbox, scope, verb, missing):
    client = Client(sandbox, scope)
    token = client.sign_in(maya.did)["access_token"]
    body = {"repo": maya.did, "collection": POST, "rkey": KEY, "record": record()}
    path = f"/xrpc/com.atproto.repo.{verb}"
    answer = client.send("POST", maya.host, path, token=token, json=body)
    words = f'403 ScopeMissingError: Missing required scope "{missing}"'
    assert trouble(answer) == words


@pytest.mark.parametrize(
    "scope",
    [
        f"repo:{POST}?action=create",
        "repo:*?action=create",
        "repo?collection=app.bsky.feed.post&action=create",
        "include:app.bsky.authCreatePosts?aud=did:web:api.bsky.app%23bsky_appview",
    ],
)
def test_granular_scopes_let_a_post_through(maya, sandbox, scope):
    """Case 12: without update, way B."""
    client = Client(sandbox, f"atproto {scope}")
    token = client.sign_in(maya.did)["access_token"]
    body = {"repo": maya.did, "collection": POST, "rkey": KEY, "record": record()}
    path = "/xrpc/com.atproto.repo.createRecord"
    good(client.send("POST", maya.host, path, token=token, json=body))


def test_bodies_that_are_no_object(maya):
    nsid = "com.atproto.repo.createRecord"
    for body in ([], None):
        assert "Expected object" in trouble(maya.post(nsid, body))
    answer = maya.write("createRecord", record="text")
    assert trouble(answer).endswith("Expected object value type at $.record")
    answer = maya.post("com.atproto.repo.applyWrites", {"repo": maya.did, "writes": 1})
    assert "Expected array" in trouble(answer)


def test_one_key_twice_in_one_write(maya):
    answer = writes(maya, item(record("a")), item(record("b")))
    assert trouble(answer) == SERVER_ERROR
