"""What customers see of support looking after them; the admin is in staff.py."""

from __future__ import annotations

from tests.safety.matrix.act import Door, Need, form, get
from tests.safety.matrix.world import Side


def _question(side: Side) -> dict[str, str]:
    """From a post's page, whose story goes along."""
    page = f"/g/{side['group_id']}/posts/{side['pk']}/"
    return {
        "text": "It doesn't go out.",
        "page": page,
        "attach": "on",
        "email": "somebody@example.net",
    }


DOORS: dict[str, Door] = {
    # Nobody here looks as anybody.
    "support/look/end/": (form(Need.SIGNED_IN, idle=True),),
    "settings/support/": (get(Need.SIGNED_IN),),
    "help/": (get(Need.NOTHING, query=_question), form(Need.NOTHING, _question)),
    "help/sent/": (get(Need.NOTHING),),
    "help/<uuid:request_id>/": (
        get(Need.SELF),
        form(Need.SELF, lambda side: {"text": "Still not."}),
    ),
}
