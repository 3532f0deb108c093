"""Granted permissions against needed ones, in words (R-C4)."""

from __future__ import annotations

from collections.abc import Iterable

from platforms.adapter import Adapter
from platforms.types import Permission
from profiles.models import Connection
from profiles.states import USABLE, ConnectionState

# What stands still without a permission of that feature.
WITHOUT: dict[str, str] = {
    "connect": "The profile can't be read or kept connected.",
    "publish": "Posts can't be published.",
    "analytics": "No figures are collected.",
    "comments": "Comments can't be read, written or answered.",
}
# Without these there is nothing to schedule for.
VITAL = frozenset({"connect", "publish"})


def declared(adapter: Adapter, method: str) -> tuple[Permission, ...]:
    """None for a way of signing in that the adapter no longer has."""
    known = any(each.key == method for each in adapter.methods)
    return adapter.permissions(method) if known else ()


def missing_of(adapter: Adapter, method: str, granted: Iterable[str]) -> list[str]:
    """Names of the needed permissions that were not given, in the declared order."""
    given = set(granted)
    return [p.name for p in declared(adapter, method) if p.name not in given]


def lacking(
    adapter: Adapter, connection: Connection, feature: str
) -> tuple[Permission, ...]:
    """The permissions of one feature that this sign-in doesn't have.

    Also those that nobody asked for yet when it was made.
    """
    given, missing = set(connection.granted), set(connection.missing)
    return tuple(
        p
        for p in declared(adapter, connection.method)
        if p.feature == feature
        and (p.name in missing or (given and p.name not in given))
    )


def described(
    adapter: Adapter, method: str, names: Iterable[str]
) -> tuple[Permission, ...]:
    """The declared permissions of these names; an undeclared one keeps its name."""
    known = {p.name: p for p in declared(adapter, method)}
    return tuple(known.get(name) or Permission(name, "", "publish") for name in names)


def without(permission: Permission) -> str:
    """What will not work, as a sentence."""
    return WITHOUT.get(permission.feature, "Some things will not work.")


def may_publish(adapter: Adapter, connection: Connection) -> bool:
    """Whether a post can go out: a missing permission for figures is no reason not."""
    if not adapter.publishes:
        return False
    if connection.state in USABLE:
        return True
    if connection.state != ConnectionState.PERMISSIONS_MISSING:
        return False
    absent = described(adapter, connection.method, connection.missing)
    return not any(p.feature in VITAL for p in absent)
