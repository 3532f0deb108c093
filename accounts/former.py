"""What is left of a person who is gone: a row without a name, for what they wrote."""

from __future__ import annotations

import uuid

from django.utils.crypto import get_random_string

from accounts.models import User

NAME = "Former member"
# No mail leaves for it (RFC 2606), and the address they had is free again (R-A5).
DOMAIN = "deleted.invalid"


def nobody() -> User:
    """A row that can't sign in, for what must belong to somebody until it is gone."""
    key = uuid.uuid4()
    person = User(pk=key, email=_address(key), name=NAME, is_active=False)
    person.set_unusable_password()
    person.save(force_insert=True)
    return person


def forget(person: User) -> None:
    """Name, address, password and rights; sessions end with the password's hash."""
    person.email, person.name, person.timezone = _address(person.pk), NAME, ""
    person.is_active = person.is_staff = person.is_superuser = False
    person.last_login = None
    # Another one each time, so that no session's hash fits any more.
    person.password = f"!{get_random_string(40)}"
    person.save()
    person.groups.clear()
    person.user_permissions.clear()


def _address(key: uuid.UUID) -> str:
    return f"former-{key.hex}@{DOMAIN}"
