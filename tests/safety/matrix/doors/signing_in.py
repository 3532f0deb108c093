"""allauth's pages: nobody's ids, only one's own session (attacked in their own tests)."""

from __future__ import annotations

from typing import Any

from tests.safety.matrix.act import Act, Door, Need, also, form, get
from tests.safety.matrix.world import Side

_KEY = {"key": "forged", "uidb36": "1"}


def _open(**more: Any) -> tuple[Act, ...]:
    return (get(Need.NOTHING, **more), form(Need.NOTHING, idle=True, **more))


def _own(**more: Any) -> tuple[Act, ...]:
    return (get(Need.SIGNED_IN, **more), form(Need.SIGNED_IN, idle=True, **more))


_TWO_STEP = "user/two-step/"
_KEYS = f"{_TWO_STEP}webauthn/keys/<int:pk>/"
# Not there where the second step it is about isn't set up.
_UNSET = also(400, 403, 404)


def _step(**more: Any) -> tuple[Act, ...]:
    return tuple(
        make(Need.SIGNED_IN, varied=True, statuses=_UNSET, **more)
        for make in (get, form)
    )


def _passkey(side: Side) -> dict[str, str]:
    return {"pk": side["passkey"]}


DOORS: dict[str, Door] = {
    # It leads on to one's own security page, which asks.
    _TWO_STEP: (get(Need.NOTHING),),
    f"{_TWO_STEP}authenticate/": _open(),
    f"{_TWO_STEP}reauthenticate/": _step(),
    f"{_TWO_STEP}recovery-codes/": (get(Need.SIGNED_IN, varied=True, statuses=_UNSET),),
    f"{_TWO_STEP}recovery-codes/download/": (
        get(Need.SIGNED_IN, varied=True, statuses=_UNSET),
    ),
    f"{_TWO_STEP}recovery-codes/generate/": _step(),
    f"{_TWO_STEP}totp/activate/": _step(),
    f"{_TWO_STEP}totp/deactivate/": _step(),
    f"{_TWO_STEP}webauthn/": (get(Need.NOTHING),),
    f"{_TWO_STEP}webauthn/add/": _step(),
    f"{_KEYS}edit/": (
        get(Need.SELF, at=_passkey),
        form(Need.SELF, lambda side: {"name": "Blue key"}, at=_passkey),
    ),
    f"{_KEYS}remove/": (get(Need.SELF, at=_passkey), form(Need.SELF, at=_passkey)),
    f"{_TWO_STEP}webauthn/login/": _open(statuses=also(400)),
    f"{_TWO_STEP}webauthn/reauthenticate/": _step(),
    "user/reset_password/": _open(),
    "user/login/": _open(),
    "user/logout/": _open(),
    "user/inactive/": (get(Need.NOTHING),),
    "user/signup/": _open(),
    "user/reauthenticate/": _own(),
    "user/email/": _own(),
    "user/confirm-email/": (get(Need.NOTHING),),
    "user/password/change/": _own(),
    "user/password/set/": _own(),
    "user/password/reset/": _open(),
    "user/login/code/confirm/": _open(),
    r"user/^confirm-email/(?P<key>[-:\w]+)/$": _open(
        at=lambda side: _KEY, statuses=also(404)
    ),
    "user/password/reset/key/done/": (get(Need.NOTHING),),
    r"user/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": _open(
        at=lambda side: _KEY
    ),
    "user/password/reset/done/": (get(Need.NOTHING),),
}
