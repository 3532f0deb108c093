"""Posts, the calendar, the stop switch, what is on hold; pages and API alike."""

from __future__ import annotations

from typing import Any

from accounts.rights import Right
from tests.safety.matrix.act import Door, Need, api, form, get
from tests.safety.matrix.world import Side

_G = "g/<uuid:group_id>/"
_POST = f"{_G}posts/<uuid:pk>/"
_TARGET = f"{_POST}targets/<uuid:target_id>/"
_STOPS = f"{_G}settings/stops/"
_API = "api/v1/groups/<uuid:group_id>/"
_API_POST = f"{_API}posts/<uuid:pk>/"
_API_TARGET = f"{_API_POST}targets/<uuid:target_id>/"
_API_STOPS = f"{_API}stops/"
_NOW = {"plan": "now"}


def _held(side: Side) -> dict[str, str]:
    return {"pk": side["held_pk"], "target_id": side["held_target"]}


def _unsure(side: Side) -> dict[str, str]:
    return {"pk": side["unsure_pk"], "target_id": side["unsure_target"]}


def _reminded(side: Side) -> dict[str, str]:
    return {"pk": side["reminder_pk"], "target_id": side["reminder_target"]}


def _written(side: Side) -> dict[str, Any]:
    profile = side["profile_id"]
    date, _, time = side["wall"].partition("T")
    return {
        "text": "Hello",
        "profiles": [profile],
        "media": [side["used_id"]],
        f"own-{profile}": "1",
        f"text-{profile}": "Hello there",
        "mode": "schedule",
        "date": date,
        "time": time,
        "version": "1",
    }


def _sent(side: Side) -> dict[str, Any]:
    return {
        "text": "Hello",
        "variations": [{"profile_id": side["profile_id"], "text": "Hello there"}],
        "media": [side["used_id"]],
        "mode": "schedule",
        "wall_at": side["wall"],
    }


def _moved(side: Side) -> dict[str, str]:
    return {"wall_at": side["wall"]}


def _of_profile(side: Side) -> dict[str, str]:
    return {"reach": side["profile_id"], "reason": "Rest", "plan": "hold"}


def _of_account(side: Side) -> dict[str, str]:
    return {"reach": "account", "reason": "Rest", "plan": "hold"}


def _range(side: Side) -> dict[str, str]:
    return {"start": "2026-03-01", "end": "2026-03-08", "profile": side["profile_id"]}


DOORS: dict[str, Door] = {
    f"{_G}calendar/": (
        get(
            Need.ROLE,
            query=lambda side: {"profile": side["profile_id"], "set": side["home_id"]},
        ),
    ),
    f"{_G}calendar/posts/": (get(Need.ROLE, query=_range),),
    f"{_G}posts/new/": (get(Right.SCHEDULE), form(Right.SCHEDULE, _written)),
    # It only says what platforms would object to.
    f"{_G}posts/check/": (form(Need.ROLE, _written, idle=True),),
    f"{_G}posts/held/": (get(Need.ROLE),),
    f"{_G}posts/held/<uuid:profile_id>/": (form(Right.SCHEDULE, lambda side: _NOW),),
    _STOPS: (
        get(Need.ROLE),
        form(Right.SCHEDULE, _of_profile),
        form(Need.OWNER, _of_account, in_group=True),
    ),
    f"{_STOPS}<uuid:stop_id>/lift/": (
        get(Right.SCHEDULE),
        form(Right.SCHEDULE, lambda side: {"plan": "hold"}),
    ),
    _POST: (get(Need.ROLE),),
    f"{_POST}edit/": (get(Right.SCHEDULE), form(Right.SCHEDULE, _written)),
    f"{_POST}story/": (get(Need.ROLE),),
    f"{_POST}peek/": (get(Need.ROLE),),
    f"{_POST}reschedule/": (form(Right.SCHEDULE, _moved),),
    f"{_POST}delete/": (form(Right.SCHEDULE),),
    f"{_POST}duplicate/": (form(Right.SCHEDULE),),
    f"{_TARGET}resume/": (form(Right.SCHEDULE, lambda side: _NOW, at=_held),),
    f"{_TARGET}settle/": (
        form(Right.SCHEDULE, lambda side: {"verdict": "out"}, at=_unsure),
    ),
    f"{_TARGET}posted/": (form(Right.SCHEDULE, at=_reminded),),
    f"{_API_TARGET}posted/": (api("POST", Right.SCHEDULE, at=_reminded),),
    f"{_API}posts/": (get(Need.ROLE), api("POST", Right.SCHEDULE, _sent)),
    _API_POST: (
        get(Need.ROLE),
        api("PATCH", Right.SCHEDULE, lambda side: {**_sent(side), "version": 1}),
        api("DELETE", Right.SCHEDULE),
    ),
    f"{_API_POST}reschedule/": (api("POST", Right.SCHEDULE, _moved),),
    f"{_API_TARGET}resume/": (
        api("POST", Right.SCHEDULE, lambda side: _NOW, at=_held),
    ),
    f"{_API_TARGET}settle/": (
        api("POST", Right.SCHEDULE, lambda side: {"verdict": "out"}, at=_unsure),
    ),
    _API_STOPS: (
        get(Need.ROLE),
        api(
            "POST",
            Right.SCHEDULE,
            lambda side: {
                "reach": "profile",
                "profile_id": side["profile_id"],
                "reason": "Rest",
            },
        ),
        api("POST", Need.OWNER, _of_account, in_group=True),
    ),
    f"{_API_STOPS}<uuid:stop_id>/lift/": (
        api("POST", Right.SCHEDULE, lambda side: {"plan": "hold"}),
    ),
    f"{_API}profiles/<uuid:profile_id>/resume/": (
        api("POST", Right.SCHEDULE, lambda side: _NOW),
    ),
}
