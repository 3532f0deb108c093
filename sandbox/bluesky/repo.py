"""com.atproto.repo: the calls that read and write records."""

from __future__ import annotations

from typing import Any

from sandbox.bluesky.accounts import Accounts, did_document, pds_of
from sandbox.bluesky.auth import Auth, Caller
from sandbox.bluesky.blobs import Blobs
from sandbox.bluesky.errors import XrpcError, internal_error, invalid_request
from sandbox.bluesky.limits import Limits
from sandbox.bluesky.records import Records
from sandbox.bluesky.rows import Record
from sandbox.bluesky.scopes import check_repo
from sandbox.bluesky.writes import Write, Writer, check_key
from sandbox.double import Call
from sandbox.state import Identity

APPLY = "com.atproto.repo.applyWrites"
MAX_WRITES = 200
MAX_LIST = 100
DEFAULT_LIST = 50


class Repo:
    def __init__(
        self,
        accounts: Accounts,
        auth: Auth,
        limits: Limits,
        records: Records,
        blobs: Blobs,
    ) -> None:
        self.accounts, self.auth, self.limits = accounts, auth, limits
        self.records, self.blobs = records, blobs
        self.writer = Writer(auth.world, records, blobs)

    async def create(self, call: Call) -> Answer:
        caller = self.auth.caller(call)
        body = await self._body(call, caller, "collection", "record")
        write = Write(
            "create", body["collection"], str(body.get("rkey") or ""), body["record"]
        )
        self._check_scope(caller, write.collection, "create")
        self.writer.prepare(write, body.get("validate"))
        self._check_head(caller.account, body)
        return self._write(caller, write)

    def _write(self, caller: Caller, write: Write) -> Answer:
        headers = self.limits.write(caller.account.id, [write.action])
        commit, results = self.writer.apply(caller.account, [write], caller.app)
        record = results[0]
        assert record is not None
        answer = written(record, write) | ({"commit": commit} if commit else {})
        return Answer(answer, headers)

    async def put(self, call: Call) -> Answer:
        """`swapRecord: null` = only if absent; the same content again is no change."""
        caller = self.auth.caller(call)
        body = await self._body(call, caller, "collection", "rkey", "record")
        collection, rkey = str(body["collection"]), str(body["rkey"])
        for action in ("create", "update"):
            self._check_scope(caller, collection, action)
        there = self.records.get(caller.account.id, collection, rkey)
        action = "update" if there else "create"
        write = Write(action, collection, rkey, body["record"])
        self.writer.prepare(write, body.get("validate"))
        if there is not None and there.value == write.value:
            return Answer(written(there, write), {})
        self._check_head(caller.account, body)
        check_swap(body, there)
        return self._write(caller, write)

    async def delete(self, call: Call) -> Answer:
        caller = self.auth.caller(call)
        body = await self._body(call, caller, "collection", "rkey")
        collection, rkey = str(body["collection"]), str(body["rkey"])
        self._check_scope(caller, collection, "delete")
        there = self.records.get(caller.account.id, collection, rkey)
        if there is None:
            return Answer({}, {})
        check_swap(body, there)
        headers = self.limits.write(caller.account.id, ["delete"])
        write = Write("delete", collection, rkey, {})
        commit, _ = self.writer.apply(caller.account, [write], caller.app)
        return Answer({"commit": commit}, headers)

    async def apply(self, call: Call) -> Answer:
        """All writes or none."""
        caller = self.auth.caller(call)
        body = await self._body(call, caller, "writes")
        writes = read_writes(body["writes"])
        for write in writes:
            self._check_scope(caller, write.collection, write.action)
        for write in writes:
            self.writer.prepare(write, body.get("validate"))
        self._check_head(caller.account, body)
        self._check_double(writes)
        headers = self.limits.write(caller.account.id, [w.action for w in writes])
        commit, records = self.writer.apply(caller.account, writes, caller.app)
        pairs = zip(writes, records, strict=True)
        results = [result_of(write, record) for write, record in pairs]
        return Answer({"commit": commit, "results": results}, headers)

    def _check_double(self, writes: list[Write]) -> None:
        places = [(write.collection, write.rkey) for write in writes]
        if len(set(places)) < len(places):
            raise internal_error()

    async def _body(self, call: Call, caller: Caller, *names: str) -> dict[str, Any]:
        body = await call.json()
        if not isinstance(body, dict):
            raise invalid_request("Expected object value type (got undefined) at $")
        for name in ("repo", *names):
            if name not in body:
                raise invalid_request(f'Missing required key "{name}" at $')
        if "record" in names and not isinstance(body["record"], dict):
            raise invalid_request("Expected object value type at $.record")
        if body.get("rkey"):
            check_key("", str(body["rkey"]))
        if self.accounts.find(str(body["repo"])) is not caller.account:
            raise XrpcError(403, "AccountNotFound", "Account not found")
        return body

    def _check_scope(self, caller: Caller, collection: str, action: str) -> None:
        if caller.scopes is not None:
            check_repo(caller.scopes, collection, action)

    def _check_head(self, account: Identity, body: dict[str, Any]) -> None:
        wanted, head = body.get("swapCommit"), account.extra.get("head")
        if wanted and wanted != head:
            raise XrpcError(400, "InvalidSwap", f"Commit was at {head}")

    async def get(self, call: Call) -> Answer:
        """Open to all. RecordNotFound is what "not there" looks like."""
        query = call.request.query
        repo, collection, rkey = (
            query.get(name, "") for name in ("repo", "collection", "rkey")
        )
        account = self._hosted(call, repo, "Could not locate record")
        record = self.records.get(account.id, collection, rkey)
        if record is None or query.get("cid", record.cid) != record.cid:
            place = f"at://{repo}/{collection}/{rkey}"
            raise XrpcError(400, "RecordNotFound", f"Could not locate record: {place}")
        return Answer(seen(record), {})

    async def list(self, call: Call) -> Answer:
        query = call.request.query
        account = self._hosted(
            call, query.get("repo", ""), f"Could not find repo: {query.get('repo')}"
        )
        found = self.records.of(account.id, query.get("collection", ""))
        cursor = query.get("cursor", "")
        if query.get("reverse") == "true":
            found = [record for record in found[::-1] if record.rkey > cursor]
        elif cursor:
            found = [record for record in found if record.rkey < cursor]
        limit = min(max(int(query.get("limit") or DEFAULT_LIST), 1), MAX_LIST)
        shown = found[:limit]
        answer: dict[str, Any] = {"records": [seen(record) for record in shown]}
        return Answer(answer | ({"cursor": shown[-1].rkey} if shown else {}), {})

    async def describe(self, call: Call) -> Answer:
        repo = call.request.query.get("repo", "")
        account = self._hosted(call, repo, f"Could not find user: {repo}")
        about = {
            "handle": account.handle,
            "did": account.id,
            "didDoc": did_document(account),
            "collections": self.records.collections(account.id),
            "handleIsCorrect": True,
        }
        return Answer(about, {})

    def _hosted(self, call: Call, repo: str, problem: str) -> Identity:
        account = self.accounts.find(repo)
        if account is None or pds_of(account) != call.host:
            raise invalid_request(problem)
        return account

    async def upload(self, call: Call) -> Answer:
        caller = self.auth.caller(call)
        headers = self.limits.upload(caller.account.id)
        return Answer(await self.blobs.upload(call, caller), headers)


class Answer:
    """A JSON body and the headers of the limits that were counted."""

    __slots__ = ("body", "headers")

    def __init__(self, body: dict[str, Any], headers: dict[str, str]) -> None:
        self.body, self.headers = body, headers


def seen(record: Record) -> dict[str, Any]:
    return {"uri": record.uri, "cid": record.cid, "value": record.value}


def written(record: Record, write: Write) -> dict[str, Any]:
    status = {"validationStatus": write.status} if write.status else {}
    return {"uri": record.uri, "cid": record.cid, **status}


def result_of(write: Write, record: Record | None) -> dict[str, Any]:
    kind = {"$type": f"{APPLY}#{write.action}Result"}
    return kind | (written(record, write) if record else {})


def check_swap(body: dict[str, Any], there: Record | None) -> None:
    """A key that is left out swaps with anything."""
    now = there.cid if there else None
    if "swapRecord" in body and body["swapRecord"] != now:
        raise XrpcError(400, "InvalidSwap", f"Record was at {now or 'null'}")


def read_writes(raw: Any) -> list[Write]:
    if not isinstance(raw, list):
        raise invalid_request("Expected array value type at $.writes")
    if len(raw) > MAX_WRITES:
        raise invalid_request(f"Too many writes. Max: {MAX_WRITES}")
    return [_read_write(item, number) for number, item in enumerate(raw)]


def _read_write(item: Any, number: int) -> Write:
    kind = str(item.get("$type", "")) if isinstance(item, dict) else ""
    action = kind.removeprefix(f"{APPLY}#")
    if action not in ("create", "update", "delete"):
        raise invalid_request(f"Invalid write operation at $.writes[{number}]")
    needed = {"create": ("collection", "value"), "delete": ("collection", "rkey")}
    for name in needed.get(action, ("collection", "rkey", "value")):
        if name not in item:
            raise invalid_request(
                f'Missing required key "{name}" at $.writes[{number}]'
            )
    return Write(
        action,
        str(item["collection"]),
        str(item.get("rkey") or ""),
        dict(item.get("value") or {}),
        path=f"$.writes[{number}].record",
    )
