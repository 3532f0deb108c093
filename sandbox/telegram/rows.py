"""Rows the Telegram double keeps; all values are plain JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

# In the order Telegram lists an administrator's rights in a channel.
CHANNEL_RIGHTS = (
    "can_manage_chat",
    "can_change_info",
    "can_post_messages",
    "can_edit_messages",
    "can_delete_messages",
    "can_invite_users",
    "can_restrict_members",
    "can_promote_members",
    "can_manage_video_chats",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_manage_direct_messages",
)
# What a person may hand out in the app's dialog; the others follow.
GRANTABLE = (
    "can_change_info",
    "can_post_messages",
    "can_edit_messages",
    "can_delete_messages",
    "can_invite_users",
    "can_manage_direct_messages",
)


@dataclass(slots=True)
class Member:
    """Somebody's standing in a chat; a private chat has the bot as its member."""

    chat: str
    user: str
    status: str
    rights: dict[str, bool] = field(default_factory=dict)

    def may(self, right: str) -> bool:
        return self.status == "creator" or bool(self.rights.get(right))


@dataclass(slots=True)
class Message:
    """`content` is the part of the answer that depends on what was sent.

    A `scheduled` message has no address yet: it is answered with id 0.
    """

    chat: str
    id: int
    date: int
    author: str
    content: dict[str, Any]
    scheduled: bool = False


@dataclass(slots=True)
class StoredFile:
    """One uploaded file; `facts` as in the ledger, never the bytes.

    A smaller size of a photo names its `original`.
    """

    file_id: str
    unique_id: str
    kind: str
    name: str
    facts: dict[str, Any] = field(default_factory=dict)
    original: str = ""


@dataclass(slots=True)
class Update:
    id: int
    bot: str
    kind: str
    payload: dict[str, Any]
    created_at: float
    failures: int = 0


@dataclass(slots=True)
class Inbox:
    """How a bot gets its updates: by webhook, or by asking."""

    bot: str
    url: str = ""
    secret: str = ""
    max_connections: int = 0
    allowed: list[str] = field(default_factory=list)
    last_error_date: int = 0
    last_error: str = ""
