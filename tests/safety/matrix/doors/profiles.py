"""Social Sets, profiles, connecting; and where platforms call."""

from __future__ import annotations

from accounts.rights import Right
from tests.safety.matrix.act import Door, Need, also, api, form, get
from tests.safety.matrix.world import Side

_SETTINGS = "g/<uuid:group_id>/settings/"
_SET = f"{_SETTINGS}sets/<uuid:set_id>/"
_PROFILE = f"{_SETTINGS}profiles/<uuid:profile_id>/"
_CONNECT = "g/<uuid:group_id>/connect/<slug:platform>/"
_JOURNEY = f"{_CONNECT}<uuid:journey_id>/"
_API = "api/v1/groups/<uuid:group_id>/profiles/"
_API_PROFILE = f"{_API}<uuid:profile_id>/"


def _telegram(side: Side) -> dict[str, str]:
    """A sign-in that begins without asking anybody."""
    return {"platform": "telegram"}


def _slot(side: Side) -> dict[str, str]:
    return {"set": side["set_id"], "method": "bot"}


def _renewed(side: Side) -> dict[str, str]:
    return {"profile": side["profile_id"]}


def _drafts(side: Side) -> dict[str, str]:
    return {"way": "draft"}


def _heir(side: Side) -> dict[str, str]:
    return {"way": "move", "heir": side["heir_id"]}


def _place(side: Side) -> dict[str, object]:
    return {"to": side["set_id"], "confirmed": True}


DOORS: dict[str, Door] = {
    "settings/groups/new/": (
        get(Need.OWNER),
        form(Need.OWNER, lambda side: {"name": "New", "timezone": "UTC"}),
    ),
    f"{_SETTINGS}profiles/": (get(Need.ROLE),),
    f"{_SETTINGS}sets/new/": (
        get(Need.ROLE),
        form(Right.CONNECT, lambda side: {"name": "New"}),
    ),
    _SET: (get(Need.ROLE), form(Right.CONNECT, lambda side: {"name": "Renamed"})),
    f"{_SET}delete/": (form(Right.CONNECT),),
    _PROFILE: (get(Need.ROLE),),
    f"{_PROFILE}move/": (
        get(Need.ROLE),
        form(Right.CONNECT, _place, across=True),
    ),
    # It is on already.
    f"{_PROFILE}enable/": (form(Right.CONNECT, idle=True),),
    f"{_PROFILE}disconnect/": (
        get(Need.ROLE),
        form(Right.CONNECT, _drafts),
        form(Right.CONNECT, _heir),
    ),
    _CONNECT: (
        get(Need.ROLE, query=_slot, at=_telegram),
        get(Need.ROLE, query=_renewed),
        form(Right.CONNECT, query=_slot, at=_telegram),
    ),
    f"{_JOURNEY}wait/": (get(Need.SELF, at=_telegram),),
    f"{_JOURNEY}check/": (form(Need.SELF, at=_telegram, idle=True),),
    f"{_JOURNEY}pick/": (
        get(Need.SELF, at=_telegram),
        form(
            Need.SELF,
            lambda side: {
                "choice": side["channel"],
                f"place:{side['channel']}": side["set_id"],
            },
            at=_telegram,
        ),
    ),
    f"{_JOURNEY}done/": (get(Need.SELF, at=_telegram),),
    # Without a state of ours nothing is connected, whoever asks.
    "connect/<slug:platform>/callback/": (get(Need.NOTHING, statuses=also(409)),),
    # The platform's signature is the proof; there is none here.
    "hooks/<slug:platform>/<slug:name>/": (
        form(
            Need.NOTHING,
            at=lambda side: {"platform": "facebook", "name": "data-deletion"},
            statuses=also(400),
            idle=True,
        ),
    ),
    "data-deletion/<slug:code>/": (get(Need.NOTHING),),
    # There with an address that speaks HTTPS.
    "oauth/<slug:platform>/<path:name>": (
        get(
            Need.NOTHING,
            at=lambda side: {"name": "client-metadata.json"},
            statuses=also(404),
        ),
    ),
    _API: (get(Need.ROLE),),
    f"{_API_PROFILE}history/": (get(Need.ROLE),),
    f"{_API_PROFILE}disconnect/": (
        get(Need.ROLE),
        api("POST", Right.CONNECT, _drafts),
        api("POST", Right.CONNECT, _heir),
    ),
    f"{_API_PROFILE}move/": (api("POST", Right.CONNECT, _place, across=True),),
}
