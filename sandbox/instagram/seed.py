"""The people, Pages and accounts a fresh sandbox has."""

from __future__ import annotations

from typing import Any

from sandbox.meta import agency, people
from sandbox.state import State

ACCOUNTS: tuple[dict[str, Any], ...] = (
    {
        "handle": "lena.studio",
        "name": "Lena Studio",
        "kind": "business",
        "extra": {"followers": 8124, "biography": "Ceramics, made slowly."},
    },
    {
        "handle": "miro.cooks",
        "name": "Miro Okafor",
        "kind": "creator",
        "extra": {"followers": 23410, "biography": "Weeknight food."},
    },
    {
        "handle": "northtrail.gear",
        "name": "Northtrail Gear",
        "kind": "business",
        "extra": {"followers": 51873, "website": "https://northtrail.example/"},
    },
    {
        "handle": "ada.paints",
        "name": "Ada Lind",
        "kind": "creator",
        "extra": {"followers": 64},
    },
    {
        "handle": "harbor.coffee",
        "name": "Harbor Coffee",
        "kind": "business",
        "extra": {"followers": 2950},
    },
    {
        "handle": "juno.diary",
        "name": "Juno Reyes",
        "kind": "personal",
        "extra": {"followers": 312},
    },
)
PERSONS: tuple[dict[str, Any], ...] = (
    {"handle": "lena.martins", "name": "Lena Martins"},
    {"handle": "miro.okafor", "name": "Miro Okafor"},
)
LENA, MIRO = "lena.martins", "miro.okafor"
# Page, who has which tasks, linked account. The last three are the odd ones:
# no account linked, a personal account linked, no right to create content.
PAGES: tuple[tuple[str, dict[str, list[str]], str], ...] = (
    ("Lena Studio", {LENA: people.ALL_TASKS}, "lena.studio"),
    ("Northtrail Gear", {LENA: ["CREATE_CONTENT", "ANALYZE"]}, "northtrail.gear"),
    ("Miro Cooks", {MIRO: people.ALL_TASKS}, "miro.cooks"),
    ("Lena's Old Page", {LENA: people.ALL_TASKS}, ""),
    ("Juno's Diary", {MIRO: people.ALL_TASKS}, "juno.diary"),
    ("Harbor Coffee", {LENA: ["MODERATE", "ANALYZE"]}, "harbor.coffee"),
)


def seed(state: State) -> None:
    for account in ACCOUNTS:
        state.add_identity(people.new_account(state, account))
    for person in PERSONS:
        state.add_identity(people.new_person(state, person))
    for title, tasks, linked in PAGES:
        extra = {"tasks": tasks, "instagram": linked}
        state.add_identity(people.new_page(state, {"name": title, "extra": extra}))
    agency.seed(state)
