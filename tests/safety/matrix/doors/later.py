"""Home, the switcher's list, health, metrics, and the pages of the demo."""

from __future__ import annotations

from tests.safety.matrix.act import Door, Need, also, form, get

# What isn't well says so; metrics need a token, which no test process has.
_HEALTH = get(Need.NOTHING, statuses=also(503), idle=True)

DOORS: dict[str, Door] = {
    "": (get(Need.NOTHING),),
    "groups/": (get(Need.SIGNED_IN),),
    # Only who is in no account gets one.
    "start/": (form(Need.SIGNED_IN, varied=True),),
    "health/live": (_HEALTH,),
    "health/ready": (_HEALTH,),
    "health/worker": (_HEALTH,),
    "metrics": (get(Need.NOTHING, statuses=also(404)),),
    "ui/": (get(Need.NOTHING),),
}
