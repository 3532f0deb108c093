"""One's own notices; the demo's mailbox."""

from __future__ import annotations

from tests.safety.matrix.act import Door, Need, form, get
from tests.safety.matrix.world import Side


def _own(side: Side) -> dict[str, str]:
    return {"pk": side["notice"]}


DOORS: dict[str, Door] = {
    "notices/": (get(Need.SIGNED_IN),),
    "notices/zone/": (form(Need.SIGNED_IN, lambda side: {"timezone": "Europe/Oslo"}),),
    "notices/read/": (form(Need.SIGNED_IN, writes=True),),
    "notices/<int:pk>/": (get(Need.SELF, at=_own, writes=True),),
    # Exists in the demo only, which `check --deploy` refuses in production.
    "mail/": (get(Need.NOTHING, shows_all=True),),
    "mail/<int:pk>/": (
        get(Need.NOTHING, shows_all=True, at=lambda side: {"pk": side["mail"]}),
    ),
}
