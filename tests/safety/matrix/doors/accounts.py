"""Invitations and the users of an account: its owner's alone (R-A6)."""

from __future__ import annotations

from tests.safety.matrix.act import Door, Need, also, form, get
from tests.safety.matrix.world import Side

_PERSON = "settings/users/<uuid:user_id>/"
_INVITATION = "settings/invitations/<uuid:invitation_id>/"
# Without an invitation in the session its page is gone.
_OVER = also(410)


def _forged(side: Side) -> dict[str, str]:
    return {"key": "forged"}


DOORS: dict[str, Door] = {
    "user/invitation/": (
        get(Need.NOTHING, statuses=_OVER),
        form(Need.NOTHING, statuses=_OVER, idle=True),
    ),
    # Any text is taken for a token and judged on the next page.
    "user/invitation/<str:token>/": (get(Need.NOTHING),),
    "user/name/": (
        get(Need.SIGNED_IN),
        form(Need.SIGNED_IN, lambda side: {"name": "Another name"}),
    ),
    # A link that was not asked for by this person says so.
    "user/email/<str:key>/": (
        get(Need.SIGNED_IN, statuses=_OVER, at=_forged),
        form(Need.SIGNED_IN, statuses=_OVER, idle=True, at=_forged),
    ),
    # Sessions that are over are tidied up on the way.
    "user/security/": (get(Need.SIGNED_IN, varied=True),),
    # Those who needn't are led home.
    "user/security/two-step-needed/": (get(Need.SIGNED_IN),),
    "user/security/sessions/<int:session_id>/end/": (form(Need.SELF, hushed=True),),
    "user/security/sessions/end-others/": (form(Need.SIGNED_IN, varied=True),),
    "settings/users/": (get(Need.OWNER),),
    "settings/users/two-step/": (
        form(Need.OWNER, lambda side: {"required": "on"}, varied=True),
    ),
    "settings/users/invite/": (
        get(Need.OWNER),
        form(
            Need.OWNER,
            lambda side: {
                "email": "new@example.net",
                "role": "viewer",
                "groups": [side["group_id"]],
            },
        ),
    ),
    _PERSON: (
        get(Need.OWNER),
        form(Need.OWNER, lambda side: {f"role-{side['group_id']}": "member"}),
    ),
    f"{_PERSON}remove/": (form(Need.OWNER),),
    f"{_INVITATION}resend/": (form(Need.OWNER),),
    f"{_INVITATION}revoke/": (form(Need.OWNER),),
    f"{_INVITATION}address/": (
        get(Need.OWNER),
        form(Need.OWNER, lambda side: {"email": "other@example.net"}),
    ),
}
