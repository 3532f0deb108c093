"""The platforms the sandbox knows: dotted paths, one line each."""

from __future__ import annotations

from importlib import import_module

from sandbox.double import Double

DOUBLES: tuple[str, ...] = (
    "sandbox.meta.facebook.Facebook",
    "sandbox.instagram.double.Instagram",
    "sandbox.telegram.double.Telegram",
    "sandbox.bluesky.double.Bluesky",
    "sandbox.tiktok.double.TikTok",
    "sandbox.mastodon.double.Mastodon",
    "sandbox.google_business.double.GoogleBusiness",
    "sandbox.linkedin.double.LinkedIn",
)


def load(paths: tuple[str, ...] = DOUBLES) -> list[type[Double]]:
    """The classes behind the paths, in order."""
    found = []
    for path in paths:
        module, _, name = path.rpartition(".")
        found.append(getattr(import_module(module), name))
    return found
