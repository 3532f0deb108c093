"""Combinations of settings that must not go live."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register


def register_all() -> None:
    register(deploy=True)(production)


def production(**_: Any) -> list[CheckMessage]:
    """Run by `manage.py check --deploy`."""
    found: list[CheckMessage] = []
    if settings.PLATFORM_GATEWAY:
        found.append(
            Error(
                "PLATFORM_GATEWAY is set: posts would go to a sandbox.",
                hint="Unset it in production.",
                id="later.E001",
            )
        )
    if settings.SQLITE:
        found.append(
            Warning(
                "The database is SQLite.",
                hint="Set DATABASE_URL to PostgreSQL for more than trying it out.",
                id="later.W001",
            )
        )
    if settings.DEMO:
        found.append(
            Error(
                "DEMO is on: the mailbox page shows everybody's mail.",
                id="later.E002",
            )
        )
    if settings.HTTPS and not settings.TRUSTED_PROXIES:
        found.append(
            Warning(
                "TRUSTED_PROXIES is empty: behind a proxy all people would have its "
                "address, and share the tries that one network has at sign-in.",
                hint="Name the proxy that speaks HTTPS, such as 127.0.0.1.",
                id="later.W002",
            )
        )
    return found
