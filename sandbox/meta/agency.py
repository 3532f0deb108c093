"""A person with many sorts of Pages: for choosing among them."""

from __future__ import annotations

from typing import Any

from sandbox.meta import people
from sandbox.state import State

NORA = {"handle": "nora.quist", "name": "Nora Quist"}
CONTENT = ["PROFILE_PLUS_CREATE_CONTENT", "PROFILE_PLUS_ANALYZE"]
# Name, tasks, what else is known. Two of one name; one that nobody sees; one on which
# she may only read.
PAGES: tuple[tuple[str, list[str], dict[str, Any]], ...] = (
    ("Corner Bakery", people.ALL_TASKS, {"category": "Bakery", "followers": 1820}),
    ("Corner Bakery", CONTENT, {"category": "Wholesale supplier", "followers": 214}),
    ("Fjord Yoga", CONTENT, {"category": "Yoga studio", "followers": 5127}),
    ("Fjord Yoga Retreats", CONTENT, {"category": "Travel", "published": False}),
    ("Old Town Books", ["ANALYZE"], {"category": "Bookshop", "followers": 940}),
)


def seed(state: State) -> None:
    nora = state.add_identity(people.new_person(state, NORA))
    for number, (name, tasks, shown) in enumerate(PAGES):
        handle = name.lower().replace(" ", "") + (str(number) if number == 1 else "")
        extra = {"tasks": {nora.id: tasks}, "instagram": "", **shown}
        wish = {"name": name, "handle": handle, "extra": extra}
        state.add_identity(people.new_page(state, wish))
