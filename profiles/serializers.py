"""A profile as JSON. Named fields only, so that no secret can slip in (R-D2)."""

from __future__ import annotations

from typing import Any

from profiles.hooks import Needs
from profiles.models import ConnectionEvent
from profiles.moving import Outlook
from profiles.slots import Slot


def as_json(slot: Slot) -> dict[str, Any]:
    profile, connection = slot.profile, slot.connection
    assert profile is not None, "an empty slot is not a profile"
    assert connection is not None, "a profile comes with its connection"
    return {
        "id": str(profile.pk),
        "platform": profile.platform,
        "name": profile.name,
        "handle": profile.handle,
        "kind": profile.kind,
        "role": profile.role,
        "social_set": {"id": str(slot.social_set.pk), "name": slot.social_set.name},
        "state": connection.state,
        "state_label": slot.look.word,
        "cause": connection.cause,
        "next_action": slot.look.act,
        "can_publish": slot.usable,
        "connect_only": bool(slot.connect_only),
        "missing_permissions": [
            {"name": gap.permission.name, "label": gap.name, "effect": gap.consequence}
            for gap in slot.gaps
        ],
        "ends_at": connection.ends_at,
        "connected_at": connection.connected_at,
        "last_published_at": profile.last_published_at,
    }


def event_json(event: ConnectionEvent) -> dict[str, Any]:
    return {
        "at": event.at,
        "before": event.before,
        "after": event.after,
        "cause": event.cause,
        "by": event.actor.get_full_name() if event.actor else "",
    }


def needs_json(needs: Needs) -> dict[str, Any]:
    return {
        "count": needs.count,
        "shown": [vars(blocker) for blocker in needs.shown],
        "wait": needs.wait,
        "ways": [
            {
                "key": way.key,
                "label": way.label,
                "help": way.help,
                "heirs": [{"id": pk, "label": label} for pk, label in way.heirs],
            }
            for way in needs.ways
        ],
    }


def outlook_json(outlook: Outlook) -> dict[str, Any]:
    return {"effects": list(outlook.lines), "wait": outlook.wait}
