"""Pages with coordinates, which posts may name as their location."""

from __future__ import annotations

from sandbox.meta.graph import Node

PLACES = (
    ("7640348500", "Blue Door Cafe", "Lisbon"),
    ("7640348501", "Harbor Market", "Hamburg"),
    ("7640348502", "North Ridge Trailhead", "Innsbruck"),
    ("7640348503", "Blue Door Bakery", "Porto"),
)


def search(words: str) -> list[Node]:
    """Places whose name contains the words."""
    return [_node(*place) for place in PLACES if words.lower() in place[1].lower()]


def _node(ident: str, name: str, city: str) -> Node:
    location = {"city": city, "latitude": 1.0, "longitude": 1.0}
    link = f"https://www.facebook.com/{ident}"
    return {"id": ident, "name": name, "location": location, "link": link}
