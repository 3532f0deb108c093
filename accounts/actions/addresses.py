"""Another e-mail address for a person: nothing is kept of it before it is proven.

The link goes to the new address and counts for the person who asked, signed in: a
mistyped address gets nobody in, and nobody else's address can be held by naming it.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.core import signing
from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.people import with_address
from core.errors import DomainError

SALT = "accounts.address"
LIFETIME = timedelta(days=1)
OVER = DomainError(
    "address_link_over",
    "This link ran out, was used before, or belongs to another sign-in.",
)
TAKEN = DomainError(
    "address_taken",
    "This address belongs to another sign-in at Later. Forgot password opens that one.",
)


def key_for(person: User, address: str) -> str:
    """For the link that is mailed; void once the password is another one."""
    asked = {"person": str(person.pk), "address": address, "mark": _mark(person)}
    return signing.dumps(asked, salt=SALT)


def address_in(key: str, person: User) -> str:
    """What the link is about. Raises OVER for anybody but who asked for it."""
    try:
        asked = signing.loads(key, salt=SALT, max_age=LIFETIME)
    except signing.BadSignature:
        raise OVER from None
    if asked["person"] != str(person.pk) or asked["mark"] != _mark(person):
        raise OVER
    return str(asked["address"])


def add_address(*, person: User, key: str) -> str:
    """The proven address; it opens a forgotten password from here on."""
    address = address_in(key, person)
    try:
        with transaction.atomic():
            _add(person, address)
    except IntegrityError:
        # Somebody else proved it in this very moment.
        raise TAKEN from None
    return address


def _add(person: User, address: str) -> None:
    locked = User.objects.select_for_update().get(pk=person.pk)
    holder = with_address(address)
    if holder is not None and holder != locked:
        raise TAKEN
    rows = EmailAddress.objects.filter(user=locked)
    if rows.filter(email=address, verified=True).exists():
        raise OVER
    first = not rows.filter(primary=True).exists()
    EmailAddress.objects.update_or_create(
        user=locked,
        email=address,
        defaults={"verified": True},
        create_defaults={"verified": True, "primary": first},
    )


def _mark(person: User) -> str:
    """Another one with each password, and telling nothing of it."""
    return hashlib.sha256(person.get_session_auth_hash().encode()).hexdigest()[:16]
