"""Telegram channels, through the one bot of this installation.

There is no sign-in: a person shows the bot a code, then makes it an administrator of a
channel. Both come as updates from Telegram, and who did the second is matched with who
did the first, so nobody connects a channel by its name alone.

Texts go out without any markup mode: what a person typed is what readers see, and the
platform finds links, mentions and hashtags by itself.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace

from core.http import browser_url
from platforms.adapter import Adapter, Facts
from platforms.errors import (
    AuthExpired,
    PermissionMissing,
    Rejected,
    Unsupported,
)
from platforms.limits import Pace
from platforms.telegram import api
from platforms.telegram.errors import GONE, POST_RIGHT, RIGHTS, Migrated
from platforms.telegram.limits import ALBUM, BOT_PACE, CHANNEL_PACE, LIMITS
from platforms.telegram.updates import (
    Event,
    claim_of,
    events_of,
    rights_of,
    roles_of,
)
from platforms.types import (
    Awaiting,
    Draft,
    Job,
    Journal,
    Link,
    Method,
    Permission,
    PostKind,
    Prepared,
    Profile,
    Published,
    Token,
    Updates,
    Visit,
)

CODE_BYTES = 24
# Videos in large channels are put on Telegram's own schedule and have no id till then.
NO_ID_YET = "0"
# By the operator's settings: PLATFORM_TELEGRAM_PER_SECOND and so on.
PACES = {
    "TELEGRAM_PER_SECOND": BOT_PACE,
    "TELEGRAM_CHANNEL_PER_MINUTE": CHANNEL_PACE,
}

Sender = Callable[[api.Bot, str, Draft], list[api.Message]]


class Telegram(Adapter):
    key = "telegram"
    name = "Telegram"
    icon = "telegram"
    facts = Facts(
        accounts="Public and private channels.",
        role="The bot must be an administrator of the channel who may post messages.",
        token_life="Until the bot is removed from the channel.",  # noqa: S106
        quirks=(
            "A caption under media takes 1,024 characters, a text alone 4,096.",
            "Links to posts of a private channel open for its members only.",
            "Telegram never tells whether an unconfirmed post went out: you decide.",
            "Posts appear in the channel's name, not the bot's.",
        ),
        cannot=(
            "Alt text: Telegram has no field for it.",
            "Numbers of views: Telegram doesn't give them to bots.",
            "Groups and private chats: only channels are published to.",
        ),
    )
    methods = (
        Method(
            "bot",
            "Telegram bot",
            "bot",
            credentials=("TELEGRAM_BOT_TOKEN", "TELEGRAM_BOT_NAME"),
            help="You add our bot to your channel as an administrator.",
        ),
    )
    kinds = (
        PostKind("text", "Text", needs_text=True),
        PostKind("photo", "Photo", 1, 1, ("image",)),
        PostKind("video", "Video", 1, 1, ("video",)),
        PostKind("album", "Album", *ALBUM, ("image", "video")),
    )
    limits = LIMITS
    longest_send_s = 600.0

    def permissions(self, method: str) -> tuple[Permission, ...]:
        return (
            Permission(
                POST_RIGHT,
                "To publish your posts in the channel; the bot needs no other right.",
                "publish",
                "Post messages",
            ),
        )

    def paces(self) -> tuple[Pace, ...]:
        """The operator's numbers, for a bot that may send more; 0: unbounded by us."""
        return tuple(
            replace(pace, messages=most)
            for name, pace in PACES.items()
            if (most := _number(self.credentials.get(name), pace.messages)) > 0
        )

    def messages(self, draft: Draft) -> int:
        return max(1, len(draft.media))

    # Connecting

    def begin(self, visit: Visit) -> Awaiting:
        """Deep links: https://core.telegram.org/api/links (2026-11-21)."""
        bot = self.credentials.get("TELEGRAM_BOT_NAME").removeprefix("@")
        code = secrets.token_urlsafe(CODE_BYTES)
        start = f"https://t.me/{bot}?start={code}"
        add = f"https://t.me/{bot}?startchannel&admin=post_messages"
        return Awaiting(
            code,
            steps=(
                f"Open the chat with @{bot} and press Start, so that we know you.",
                f"Add @{bot} to your channel as an administrator who may post messages.",
                f"Is it there already? Post “/connect {code}” in the channel instead.",
            ),
            links=(
                Link(f"Open @{bot}", browser_url(start)),
                Link("Add it to a channel", browser_url(add)),
            ),
        )

    def updates(self, cursor: str) -> Updates:
        """News since the cursor, which is the id of the next update to read."""
        events: list[Event] = []
        for number, update in api.get_updates(self._bot(), cursor):
            events += self.events_of(update)
            cursor = str(number + 1)
        return Updates(tuple(events), cursor)

    def events_of(self, update: object) -> tuple[Event, ...]:
        """One update's events, for polling and for a webhook alike."""
        claim = claim_of(update)
        if claim is None:
            return events_of(update)
        bot = self._bot()
        try:
            members = api.get_chat_administrators(bot, claim.identity.external_id)
        except (AuthExpired, PermissionMissing, Rejected):
            return ()  # not ours to read (any more); the next update must not wait
        return roles_of(claim.identity, members, bot.id)

    def revoke(self, token: Token, profile: Profile) -> None:
        """The bot leaves the channel; being out of it already is as good."""
        try:
            api.leave_chat(self._bot(), profile.external_id)
        except AuthExpired:
            pass

    # Publishing

    def prepare(self, job: Job, journal: Journal) -> Prepared:
        """Only the right is checked (R-F1): Telegram has no upload ahead of sending."""
        bot = self._bot()
        member = api.get_chat_member(bot, job.profile.external_id, bot.id)
        if member.status in ("left", "kicked"):
            raise AuthExpired(GONE, code=member.status)
        if POST_RIGHT not in rights_of(member):
            raise PermissionMissing(RIGHTS, (POST_RIGHT,), code=member.status)
        return Prepared({"chat_id": job.profile.external_id})

    def send(self, job: Job, prepared: Prepared) -> Published:
        sender = SENDERS.get(job.draft.kind)
        if sender is None:
            raise Unsupported(f"Telegram has no posts of kind {job.draft.kind}.")
        bot = self._bot()
        try:
            messages = sender(bot, prepared.data["chat_id"], job.draft)
        except Migrated as moved:  # refused, so a second call can't double
            messages = sender(bot, moved.chat_id, job.draft)
        first = messages[0]
        ids = ",".join(str(message.id) for message in messages)
        return Published(ids, permalink(first.chat_id, first.username, ids))

    def permalink(self, job: Job, remote_id: str) -> str:
        username = str(job.profile.data.get("username") or "")
        return permalink(job.profile.external_id, username, remote_id)

    def _bot(self) -> api.Bot:
        return api.Bot(self.http, self.credentials.get("TELEGRAM_BOT_TOKEN"))


def _number(told: str, otherwise: int) -> int:
    return int(told) if told.isdecimal() else otherwise


def permalink(chat_id: str, username: str, remote_id: str) -> str:
    """The first message's address; one of a private channel serves its members."""
    first = remote_id.partition(",")[0]
    if first in ("", NO_ID_YET):
        return ""
    if username:
        return f"https://t.me/{username}/{first}"
    return f"https://t.me/c/{chat_id.removeprefix('-100')}/{first}"


def _text(bot: api.Bot, chat_id: str, draft: Draft) -> list[api.Message]:
    return [api.send_message(bot, chat_id, draft.text)]


def _photo(bot: api.Bot, chat_id: str, draft: Draft) -> list[api.Message]:
    return [api.send_photo(bot, chat_id, draft.media[0], draft.text)]


def _video(bot: api.Bot, chat_id: str, draft: Draft) -> list[api.Message]:
    return [api.send_video(bot, chat_id, draft.media[0], draft.text)]


def _album(bot: api.Bot, chat_id: str, draft: Draft) -> list[api.Message]:
    return api.send_media_group(bot, chat_id, draft.media, draft.text)


SENDERS: dict[str, Sender] = {
    "text": _text,
    "photo": _photo,
    "video": _video,
    "album": _album,
}
