"""Registrations of ours at servers that know no app of the operator's.

What is kept is the adapter's own: texts by name, `client_id` among them. The product
keeps them sealed, one for each server; an adapter by itself keeps nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

Registration = Mapping[str, str]


class Registrations(Protocol):
    """`terms` are what a registration was made for; other terms need another one."""

    def kept(self, server: str, terms: str) -> Registration | None: ...

    def renew(
        self,
        server: str,
        terms: str,
        make: Callable[[], Registration],
        *,
        stale: str = "",
    ) -> Registration:
        """The result of `make`, or of who was quicker; never the `stale` client id's.

        Raises Unavailable when somebody else is still at it.
        """
        ...


class NothingKept:
    """Registers anew each time."""

    def kept(self, server: str, terms: str) -> Registration | None:
        return None

    def renew(
        self,
        server: str,
        terms: str,
        make: Callable[[], Registration],
        *,
        stale: str = "",
    ) -> Registration:
        return make()
