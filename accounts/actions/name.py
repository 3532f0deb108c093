"""What a person is called, as they say themselves."""

from __future__ import annotations

from accounts.models import User
from core import names

MISSING = "Write your name."


def name_of(text: str) -> str:
    """Raises DomainError beside the field "name"."""
    return names.checked(text, missing=MISSING)


def set_name(*, person: User, name: str) -> None:
    person.name = name_of(name)
    person.save(update_fields=["name"])
