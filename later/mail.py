"""Read EMAIL_URL: smtp://user:password@host:587, smtps://…, mailbox:// (demo)."""

from __future__ import annotations

from typing import TypedDict
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

BACKENDS = {
    "smtp": "django.core.mail.backends.smtp.EmailBackend",
    "smtps": "django.core.mail.backends.smtp.EmailBackend",
    "mailbox": "notifications.mailbox.EmailBackend",
    "console": "django.core.mail.backends.console.EmailBackend",
}


class Mail(TypedDict):
    host: str
    port: int
    user: str
    password: str
    tls: bool
    ssl: bool


def settings_of(url: str) -> tuple[str, Mail]:
    """The backend's dotted path and its settings; ImproperlyConfigured on nonsense."""
    parts = urlsplit(url)
    if parts.scheme not in BACKENDS:
        raise ImproperlyConfigured(
            "EMAIL_URL must begin with smtp://, smtps://, mailbox:// or console://."
        )
    ssl = parts.scheme == "smtps"
    mail = Mail(
        host=parts.hostname or "localhost",
        port=parts.port or (465 if ssl else 587),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=parts.scheme == "smtp" and bool(parts.username),
        ssl=ssl,
    )
    return BACKENDS[parts.scheme], mail
