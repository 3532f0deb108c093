"""Typed readers of the environment that stop the boot on nonsense."""

from __future__ import annotations

import os
from collections.abc import Collection
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"", "0", "false", "no", "off"}


def text(name: str, default: str | None = None) -> str:
    """The value, or that of the file named by NAME_FILE (for mounted secrets)."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        return _read(name, Path(path))
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(
            f"{name} is not set. It is required; see .env.example for what it means."
        )
    return value


def _read(name: str, path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"{name}_FILE names a file that can't be read: {error.strerror}."
        ) from None


def flag(name: str, *, default: bool = False) -> bool:
    value = os.environ.get(name, "1" if default else "").strip().lower()
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def number(name: str, default: int, *, low: int, high: int) -> int:
    value = os.environ.get(name, str(default))
    if not value.lstrip("-").isdigit() or not low <= int(value) <= high:
        raise ImproperlyConfigured(
            f"{name} must be a whole number from {low} to {high}, not {value!r}."
        )
    return int(value)


def choice(name: str, default: str, options: Collection[str]) -> str:
    value = os.environ.get(name, default).strip()
    if value not in options:
        raise ImproperlyConfigured(
            f"{name} must be one of {', '.join(options)}, not {value!r}."
        )
    return value


def words(name: str, default: str = "") -> list[str]:
    """A comma list without empty items."""
    value = os.environ.get(name, default)
    return [item.strip() for item in value.split(",") if item.strip()]


def networks(name: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """A comma list of addresses and networks: `10.0.0.7, 172.16.0.0/12`."""
    try:
        return tuple(ip_network(text, strict=False) for text in words(name))
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}.") from None


def is_address(host: str) -> bool:
    """Whether a host is a number, not a name."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def file(name: str) -> str:
    """The path of a file that is there and can be read; "" if it isn't set."""
    path = os.environ.get(name, "")
    if path and not os.access(path, os.R_OK):
        raise ImproperlyConfigured(f"{name} names a file that can't be read.")
    return path


def url(name: str, default: str | None = None, *, schemes: tuple[str, ...]) -> str:
    value = text(name, default)
    if value and value.split("://", 1)[0] not in schemes:
        wanted = " or ".join(f"{scheme}://" for scheme in schemes)
        raise ImproperlyConfigured(f"{name} must begin with {wanted}.")
    return value.rstrip("/")
