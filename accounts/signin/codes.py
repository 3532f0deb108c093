"""Codes of an authenticator app (RFC 6238) and recovery codes: each works once."""

from __future__ import annotations

import hmac
from collections.abc import Iterator

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.db import transaction

from accounts.models import User
from accounts.signin.secrets import unseal
from core import clock

STEP_S = 30
# Clocks of phones are off; a code lives for a minute and a half.
DRIFT_STEPS = 1
LAST = "last_step"


def use(user: User, code: str) -> Authenticator | None:
    """What the code belongs to, used up by this. Raises Tampered."""
    typed = "".join(code.split()).replace("-", "")
    rows = Authenticator.objects.filter(user=user)
    for row in rows.filter(type=Authenticator.Type.TOTP):
        if _use_totp(row, typed):
            return row
    for row in rows.filter(type=Authenticator.Type.RECOVERY_CODES):
        if _use_recovery(row, typed):
            return row
    return None


def matching_step(secret: str, code: str) -> int | None:
    """The number of the half minute that a code belongs to, if it is about now."""
    for step in _steps():
        expected = format_hotp_value(hotp_value(secret, step))
        if hmac.compare_digest(expected.encode(), code.encode()):
            return step
    return None


def code_at(secret: str, step: int) -> str:
    return str(format_hotp_value(hotp_value(secret, step)))


def step_now() -> int:
    return int(clock.now().timestamp()) // STEP_S


@transaction.atomic
def _use_totp(found: Authenticator, code: str) -> bool:
    """The step is kept in the row: a code and those before it are over (RFC 6238, 5.2)."""
    row = Authenticator.objects.select_for_update().get(pk=found.pk)
    step = matching_step(unseal(row.data["secret"], row.user_id), code)
    if step is None or step <= row.data.get(LAST, -1):
        return False
    row.data[LAST] = step
    row.save(update_fields=["data"])
    return True


@transaction.atomic
def _use_recovery(found: Authenticator, code: str) -> bool:
    """The row is held: of two who show the same code at once the second finds it used."""
    row = Authenticator.objects.select_for_update().get(pk=found.pk)
    return bool(RecoveryCodes(row).validate_code(code))


def _steps() -> Iterator[int]:
    now = step_now()
    yield from range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1)
