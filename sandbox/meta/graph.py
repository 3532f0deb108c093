"""The Graph API's manners: envelope, usage headers, field lists, paging."""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from sandbox.double import Call, Refusal
from sandbox.faults import Fault
from sandbox.meta import errors
from sandbox.meta.errors import GraphFault

FieldTree = dict[str, Any]
Node = dict[str, Any]

_FIELD_WORD = re.compile(r"[A-Za-z0-9_]+|\.[a-z]+\([^)]*\)|[{},]")
PAGE_SIZE = 25


class GraphError(Refusal):
    """A refusal in Meta's envelope; HTTP 400 even for trouble of their own."""

    def __init__(self, fault: GraphFault, message: str = "", status: int = 400) -> None:
        super().__init__(message or fault.message)
        self.fault = replace(fault, message=message or fault.message)
        self.status = status

    def response(self) -> web.Response:
        return web.json_response(envelope(self.fault), status=self.status)


def envelope(fault: GraphFault) -> dict[str, Any]:
    error: dict[str, Any] = {
        "message": fault.message,
        "type": "OAuthException",
        "code": fault.code,
        "is_transient": fault.transient,
        "fbtrace_id": "A" + secrets.token_urlsafe(16),
    }
    if fault.subcode:
        error["error_subcode"] = fault.subcode
        error["error_user_title"] = fault.title or "Something went wrong"
        error["error_user_msg"] = fault.message
    return {"error": error}


def invalid(text: str) -> GraphError:
    """Code 100 with its reason."""
    return GraphError(errors.BAD_PARAMETER, f"(#100) {text}")


def fault_response(rule: Fault) -> web.Response:
    """An `error` rule in Meta's envelope; `detail` may name code, subcode, message."""
    usual = errors.TEMPORARY if rule.status >= 500 else errors.UNKNOWN
    fault = GraphFault(
        code=int(rule.detail.get("code", usual.code)),
        subcode=int(rule.detail.get("subcode", 0)),
        message=str(rule.detail.get("message", usual.message)),
        transient=bool(rule.detail.get("transient", rule.status >= 500)),
    )
    return web.json_response(envelope(fault), status=rule.status)


def limited_response(rule: Fault, call: Call) -> web.Response:
    """Throttled: HTTP 400 with the usage headers at 100 percent, no Retry-After.

    `retry_after` seconds become the header's minutes. `detail.code` picks another
    code than the business-use-case one.
    """
    code = int(rule.detail.get("code", errors.ACCOUNT_LIMIT.code))
    known = errors.APP_LIMIT if code == errors.APP_LIMIT.code else errors.ACCOUNT_LIMIT
    fault = replace(known, code=code, subcode=int(rule.detail.get("subcode", 0)))
    minutes = -(-rule.retry_after // 60)
    headers = usage_headers(call.profile, 100, minutes)
    return web.json_response(envelope(fault), status=400, headers=headers)


def usage_headers(profile: str, percent: int, minutes: int = 0) -> dict[str, str]:
    """X-App-Usage, and for a known profile X-Business-Use-Case-Usage."""
    app = {"call_count": percent, "total_time": percent, "total_cputime": percent}
    headers = {"X-App-Usage": json.dumps(app)}
    if profile:
        usage = {
            "type": "instagram",
            "call_count": percent,
            "total_cputime": percent,
            "total_time": percent,
            "estimated_time_to_regain_access": minutes,
        }
        headers["X-Business-Use-Case-Usage"] = json.dumps({profile: [usage]})
    return headers


def parse_fields(text: str) -> FieldTree:
    """`id,owner{id,name}` → {"id": {}, "owner": {"id": {}, "name": {}}}."""
    root: FieldTree = {}
    open_trees = [root]
    last = ""
    for word in _FIELD_WORD.findall(text):
        if word == "{":
            open_trees.append(open_trees[-1].setdefault(last, {}))
        elif word == "}" and len(open_trees) > 1:
            open_trees.pop()
        elif word not in ("}", ",") and not word.startswith("."):
            last = word
            open_trees[-1].setdefault(word, {})
    return root


def select(node: Node, fields: FieldTree, kind: str) -> Node:
    """The asked fields and the id; one unknown name fails the whole call.

    A value of None means the field exists and is empty: it is left out.
    """
    answer: Node = {}
    for name, inner in fields.items():
        if name not in node:
            raise invalid(f"Tried accessing nonexisting field ({name}) on {kind}")
        value = _selected(node[name], inner, name)
        if value is not None:
            answer[name] = value
    if "id" in node:
        answer["id"] = node["id"]
    return answer


def _selected(value: Any, inner: FieldTree, kind: str) -> Any:
    if isinstance(value, dict) and isinstance(value.get("data"), dict):
        return {"data": select(value["data"], inner, kind) if inner else value["data"]}
    if isinstance(value, dict) and "data" in value:
        rows = [_selected(row, inner, kind) for row in value["data"]]
        return {**value, "data": rows}
    if isinstance(value, dict) and inner:
        return select(value, inner, kind)
    return value


def page_of(rows: list[Node], asked: dict[str, Any], address: str) -> dict[str, Any]:
    """One page of a list with cursors; `next` is absent on the last.

    `address` is the edge's absolute address; rows need an id.
    """
    limit = as_int(asked.get("limit"), PAGE_SIZE)
    start = _start(rows, str(asked.get("after", "")))
    shown = rows[start : start + limit]
    answer: dict[str, Any] = {"data": shown}
    if not shown:
        return answer
    cursors = {"before": shown[0]["id"], "after": shown[-1]["id"]}
    answer["paging"] = {"cursors": cursors}
    if start + limit < len(rows):
        query = {**asked, "after": cursors["after"], "limit": str(limit)}
        answer["paging"]["next"] = f"{address}?{urlencode(query)}"
    return answer


def _start(rows: list[Node], after: str) -> int:
    if not after:
        return 0
    for index, row in enumerate(rows):
        if row["id"] == after:
            return index + 1
    raise invalid("The cursor is not valid")


def as_int(value: Any, default: int) -> int:
    if value in (None, ""):
        return default
    try:
        return int(value)
    except (TypeError, ValueError) as error:
        raise invalid(f"{value!r} is not a number") from error


def as_bool(value: Any) -> bool:
    return str(value).lower() in ("true", "1")


def as_json(value: Any, name: str) -> Any:
    """JSON text of a form value, or the value itself from a JSON body."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise invalid(f"{name} must be valid JSON") from error


def timestamp(seconds: float) -> str:
    """Meta's way of writing times, to the second in UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
