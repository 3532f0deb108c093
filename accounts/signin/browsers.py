"""Browsers in plain words: "Firefox on Windows"."""

from __future__ import annotations

# The first that fits: most browsers name several others, too.
NAMES = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
HANDHELD = {"iPhone", "iPad", "Android"}


def in_words(agent: str) -> str:
    name, system = _first(NAMES, agent), system_of(agent)
    if name and system:
        return f"{name} on {system}"
    return name or system or "An unknown browser"


def system_of(agent: str) -> str:
    return _first(SYSTEMS, agent)


def is_handheld(agent: str) -> bool:
    return system_of(agent) in HANDHELD


def _first(table: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((word for sign, word in table if sign in agent), "")
