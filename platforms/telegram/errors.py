"""Telegram's refusals as ours.

Its error codes say little (400 stands for a dozen things) and the description is the
only discriminator, so this table holds lower-cased pieces of descriptions, as found in
the source of Telegram's own server (github.com/tdlib/telegram-bot-api, 2026-11-21).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from core.http import BadReply, Reply
from core.redact import redact
from platforms import clock
from platforms.client import bounded, lost, retry_at
from platforms.errors import (
    AuthExpired,
    OperatorTrouble,
    OutcomeUnknown,
    PermissionMissing,
    PlatformError,
    RateLimited,
    Rejected,
    Unavailable,
)
from platforms.telegram.limits import PAUSE_S

NAME = "Telegram"
POST_RIGHT = "can_post_messages"

Class = Literal["gone", "rights", "rejected", "partial"]


@dataclass(frozen=True)
class Row:
    fragment: str
    kind: Class
    words: str
    field: str = ""


GONE = "The bot is no longer in this channel. Add it again as administrator."
RIGHTS = (
    "The bot may not post in this channel. Give it the right “Post messages” "
    "in the channel's list of administrators."
)
PARTLY = (
    "Telegram took only a part of this album. Look in the channel before you send it "
    "again: the files that went through are visible there."
)
UNREADABLE = "Telegram couldn't read this file. Export it again and try once more."

# The first fragment found decides; those of albums quote other descriptions.
ROWS: tuple[Row, ...] = (
    Row("failed to send message #", "partial", PARTLY),
    Row("group send failed", "partial", PARTLY),
    Row("bot was kicked", "gone", GONE),
    Row("bot is not a member", "gone", GONE),
    Row("chat not found", "gone", GONE),
    Row("need administrator rights", "rights", RIGHTS),
    Row("not enough rights", "rights", RIGHTS),
    Row("chat_write_forbidden", "rights", RIGHTS),
    Row("chat_admin_required", "rights", RIGHTS),
    Row(
        "message is too long", "rejected", "The text is too long for Telegram.", "text"
    ),
    Row(
        "caption is too long", "rejected", "The text is too long for Telegram.", "text"
    ),
    Row("text is empty", "rejected", "Telegram needs a text for this post.", "text"),
    Row(
        "photo_invalid_dimensions",
        "rejected",
        "This photo is too large or too narrow for Telegram.",
        "media",
    ),
    Row("image_process_failed", "rejected", UNREADABLE, "media"),
    Row("photo_ext_invalid", "rejected", UNREADABLE, "media"),
    Row("wrong file identifier", "rejected", UNREADABLE, "media"),
    Row(
        "too many messages to send as an album",
        "rejected",
        "A Telegram album takes 2 to 10 files.",
        "media",
    ),
    Row(
        "can't be mixed",
        "rejected",
        "Telegram can't put these files into one album.",
        "media",
    ),
)

# Trouble between this installation and Telegram that no channel's owner can mend.
OPERATOR: dict[int, str] = {
    401: "Telegram doesn't know this installation's bot token. Its operator must renew it.",
    404: "Telegram doesn't know this installation's bot token. Its operator must renew it.",
    409: "Another program reads this bot's messages. The operator must stop one of the two.",
    421: "Telegram sent this installation elsewhere. Its operator must look into it.",
}
TOO_LARGE = "This file is too large for Telegram."


class Migrated(Rejected):
    """The chat lives on under another id; nothing was sent to the old one."""

    def __init__(self, chat_id: str) -> None:
        super().__init__("This chat has a new address at Telegram. Connect it again.")
        self.chat_id = chat_id


def result_of(reply: Reply, *, mutating: bool) -> Any:
    """The `result` of a good answer; raises the error that the answer means."""
    body = _object(reply)
    if body.get("ok") is True and reply.ok and "result" in body:
        return body["result"]
    code = body.get("error_code") if body.get("ok") is False else None
    status = code if isinstance(code, int) else reply.status
    raise _error(status, body, reply, mutating)


def _object(reply: Reply) -> dict[str, Any]:
    try:
        body = reply.json()
    except BadReply:
        return {}
    return body if isinstance(body, dict) else {}


def _error(
    status: int, body: dict[str, Any], reply: Reply, mutating: bool
) -> PlatformError:
    description = redact(str(body.get("description") or ""), limit=500)
    parameters = body.get("parameters")
    facts = parameters if isinstance(parameters, dict) else {}
    row = _row(description)
    if row is not None and 400 <= status < 500:
        return _known(row, status, description)
    if "migrate_to_chat_id" in facts:
        return Migrated(str(facts["migrate_to_chat_id"]))
    if status == 429:
        return _too_fast(facts, reply, description)
    return _by_status(status, description, mutating)


def _row(description: str) -> Row | None:
    lowered = description.lower()
    return next((row for row in ROWS if row.fragment in lowered), None)


def _known(row: Row, status: int, description: str) -> PlatformError:
    facts: dict[str, Any] = {
        "status": status,
        "code": row.fragment,
        "details": description,
    }
    if row.kind == "gone":
        return AuthExpired(row.words, **facts)
    if row.kind == "rights":
        return PermissionMissing(row.words, (POST_RIGHT,), **facts)
    if row.kind == "partial":
        return OutcomeUnknown(row.words, **facts)
    return Rejected(row.words, row.field, **facts)


def _too_fast(facts: dict[str, Any], reply: Reply, description: str) -> RateLimited:
    told = facts.get("retry_after")
    if isinstance(told, int) and told < 10**6:
        until = bounded(clock.after(told))
    else:
        until = retry_at(reply, otherwise_s=PAUSE_S)
    return RateLimited(
        "Telegram asks us to slow down in this channel.",
        until,
        status=429,
        details=description,
    )


def _by_status(status: int, description: str, mutating: bool) -> PlatformError:
    facts: dict[str, Any] = {"status": status, "details": description}
    if status in OPERATOR:
        return OperatorTrouble(OPERATOR[status], code="operator", **facts)
    if status == 403:
        return _forbidden(description, facts)
    if status == 413:
        return Rejected(TOO_LARGE, "media", **facts)
    if status == 400:
        said = f": “{description}”" if description else "."
        return Rejected(f"Telegram refused this post{said}", **facts)
    # Its server ends requests under way with 500 as well, so nothing is certain then.
    return lost(NAME, mutating, description or f"HTTP {status}", status)


def _forbidden(description: str, facts: dict[str, Any]) -> PlatformError:
    if description:
        return AuthExpired(GONE, **facts)
    # Not Telegram's server but something on the way to it.
    return Unavailable("Telegram can't be reached right now.", **facts)
