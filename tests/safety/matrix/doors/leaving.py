"""One's own data: taken along, deleted; the receipt for whoever has its code (R-I3)."""

from __future__ import annotations

from tests.safety.matrix.act import Door, Need, also, form, get
from tests.safety.matrix.world import Side

_EXPORT = "settings/export/<uuid:export_id>/"


def _leaves(side: Side) -> dict[str, str]:
    """The owner hands the account over; from others it isn't asked."""
    return {"sure": "on", f"account-{side['account_id']}": side["user_id"]}


DOORS: dict[str, Door] = {
    "user/data/": (get(Need.SIGNED_IN),),
    # Staff is let go by others.
    "user/data/delete/": (
        get(Need.SIGNED_IN),
        form(Need.SIGNED_IN, _leaves, across=True, statuses=also(422)),
    ),
    "settings/account/delete/": (
        get(Need.OWNER),
        form(Need.OWNER, lambda side: {"sure": "on"}),
    ),
    "settings/export/": (form(Need.OWNER),),
    _EXPORT: (get(Need.OWNER),),
    f"{_EXPORT}cancel/": (form(Need.OWNER),),
    f"{_EXPORT}file/": (get(Need.OWNER),),
    "data-deletion/<str:code>/": (get(Need.NOTHING),),
}
