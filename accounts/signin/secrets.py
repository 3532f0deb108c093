"""Secrets of second steps, sealed for the person they belong to (R-D2).

allauth keeps them in a JSON column and hands its hooks the text alone: whose it is, is
who asks. A text that was copied to somebody else's row doesn't open.
"""

from __future__ import annotations

from typing import Any

from allauth.account.internal.stagekit import unstash_login
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings

from accounts.models import User
from accounts.signin.required import SECOND_STEPS, is_asked
from core.crypto import Tampered
from core.rotation import Sealed


def aad_of(user_id: object) -> str:
    return f"mfa.authenticator:{user_id}"


def seal(text: str, user_id: object) -> str:
    return str(settings.TOKEN_KEYS.seal(text, aad_of(user_id)))


def unseal(sealed: str, user_id: object) -> str:
    """Raises core.crypto.Tampered."""
    return str(settings.TOKEN_KEYS.unseal(sealed, aad_of(user_id)))


def row_aad(row: Any) -> str:
    return aad_of(row.user_id)


COLUMNS = (
    Sealed(Authenticator, "data", row_aad, key="secret", needs=("user_id",)),
    Sealed(Authenticator, "data", row_aad, key="seed", needs=("user_id",)),
)


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "That code isn't right. Each one works once.",
        "unverified_email": "Confirm your e-mail addresses first.",
        "cannot_delete_authenticator": (
            "Two-step sign-in is required for you. Add another way first."
        ),
        "unreadable": (
            "Codes can't be checked at the moment. Use a passkey, or write to support."
        ),
    }

    def encrypt(self, text: str) -> str:
        return seal(text, whose())

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text, whose())

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one of somebody who must have one."""
        user = authenticator.user
        others = Authenticator.objects.filter(user=user, type__in=SECOND_STEPS)
        return others.exclude(pk=authenticator.pk).exists() or not is_asked(user)

    def get_totp_issuer(self) -> str:
        return "Later"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """By our own address, whatever the request says it came to."""
        return {"id": settings.BASE_HOST, "name": "Later"}

    def generate_authenticator_name(self, user: User, type: str) -> str:
        count = Authenticator.objects.filter(user=user, type=type).count()
        return f"Passkey {count + 1}" if count else "Passkey"


def whose() -> object:
    """Id of who is signed in, or halfway in."""
    request = context.request
    if request.user.is_authenticated:
        return request.user.pk
    login = unstash_login(request, peek=True)
    if login is None or login.user is None:
        raise Tampered("nobody is here whose secret it could be")
    return login.user.pk
