"""What the frame around every page needs: `shell` in each template."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from accounts.models import AccessGroup, User
from accounts.rights import Right, roles_with
from notifications.queries import unread

THEMES = ("light", "dark")
TINTS = 6
# More groups than that come when the switcher opens, not with every page.
LISTED = 50

# key, label, icon, URL name: an item whose page is not there is not shown.
SECTIONS = (
    ("calendar", "Calendar", "calendar4-week", "scheduling:calendar"),
    ("media", "Media", "images", "media:library"),
    ("analytics", "Analytics", "bar-chart", "analytics:overview"),
    ("conversations", "Conversations", "chat-dots", "conversations:inbox"),
    ("campaigns", "Campaigns", "megaphone", "talent:campaigns"),
    ("roster", "Roster", "people", "talent:roster"),
    ("settings", "Settings", "gear", "profiles:settings"),
)
# Pages across all groups of a person: shown to those who have several.
ACROSS = {"roster"}
COMPOSE = "scheduling:compose"
# Path segments that belong to a section without bearing its name.
SECTION_OF = {"posts": "calendar", "compose": "calendar", "connect": "settings"}

NO_GROUP = UUID(int=0)
# Id, name, the account's owner, the person's own role.
Row: TypeAlias = tuple[UUID, str, UUID, str]


@dataclass(frozen=True)
class NavItem:
    key: str
    label: str
    icon: str
    url: str
    current: bool


@dataclass(frozen=True)
class GroupLink:
    id: UUID
    name: str
    url: str
    tint: int
    current: bool
    owned: bool = False
    # Whether the person may write posts there.
    writes: bool = False


@dataclass(frozen=True)
class Shell:
    theme: str
    rail: str
    demo: bool
    nav: list[NavItem]
    groups: list[GroupLink]
    group: GroupLink | None
    # Where the switcher gets all of them, "" when `groups` are all.
    groups_url: str
    compose_url: str
    support_email: str
    # Browsers keep passkeys for names only, and only where nobody listens in.
    passkeys: bool

    @property
    def owner(self) -> bool:
        """Whether one of the groups is in an account of this person's own."""
        return any(group.owned for group in self.groups)

    @property
    def tabs(self) -> list[NavItem]:
        """The phone's bar: two sections, then compose and the account sheet."""
        return self.nav[:2]

    @property
    def more(self) -> list[NavItem]:
        return self.nav[2:]


def shell(request: HttpRequest) -> dict[str, object]:
    """Lazy, so that a fragment that has no frame costs no query."""
    return {
        "shell": SimpleLazyObject(lambda: _shell(request)),
        # Templates call it; the bell asks at most once a page.
        "unread_notices": cache(lambda: _unread(request)),
    }


def _unread(request: HttpRequest) -> int:
    user = getattr(request, "user", None)
    return unread(user) if isinstance(user, User) else 0


def _shell(request: HttpRequest) -> Shell:
    section = _section(request.path)
    groups = _groups(request, section)
    group = next((link for link in groups if link.current), None)
    theme = request.COOKIES.get("theme", "")
    return Shell(
        theme=theme if theme in THEMES else "",
        rail="open" if request.COOKIES.get("rail") == "open" else "closed",
        demo=settings.DEMO,
        nav=_nav(group, section, several=len(groups) > 1),
        groups=groups,
        group=group,
        groups_url=_groups_url(section) if len(groups) > LISTED else "",
        compose_url=_url(COMPOSE, group.id) if group and group.writes else "",
        support_email=settings.SUPPORT_EMAIL,
        passkeys=settings.PASSKEYS,
    )


def _section(path: str) -> str:
    """`media` of /g/<id>/media/…; outside a group only a page across groups."""
    parts = path.split("/")
    if parts[1] in ACROSS:
        return parts[1]
    segment = parts[3] if len(parts) > 3 and parts[1] == "g" else ""
    return SECTION_OF.get(segment, segment)


def _nav(group: GroupLink | None, section: str, *, several: bool) -> list[NavItem]:
    if group is None:
        return []
    items = (
        NavItem(key, label, icon, _url(name, _of(key, group)), key == section)
        for key, label, icon, name in SECTIONS
        if several or key not in ACROSS
    )
    return [item for item in items if item.url]


def _groups(request: HttpRequest, section: str) -> list[GroupLink]:
    """The person's first groups by name, and the one in hand wherever it stands."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    visible = _rows(user)
    rows = list(visible[: LISTED + 1])
    last = _last(request)
    if len(rows) > LISTED and str(last) not in {str(row[0]) for row in rows}:
        rows += visible.filter(pk=last) if last else ()
    current = _current(last, [row[0] for row in rows])
    return _links(rows, section, current, user)


def every_group(user: User, section: str) -> list[GroupLink]:
    """All of them, for the switcher of somebody who has hundreds (R-B4)."""
    return _links(_rows(user), section, None, user)


def _rows(user: User) -> QuerySet[AccessGroup, Row]:
    visible = AccessGroup.objects.visible_to(user)
    return visible.values_list("id", "name", "account__owner", "memberships__role")


def _links(
    rows: Iterable[Row], section: str, current: UUID | None, user: User
) -> list[GroupLink]:
    names = {key: name for key, _, _, name in SECTIONS}
    writers = roles_with(Right.SCHEDULE)
    page = names["calendar" if section in ACROSS or section not in names else section]
    # Resolving the address anew for each of thousands would take most of the time.
    before, after = _url(page, NO_GROUP).split(str(NO_GROUP))
    return [
        GroupLink(
            id=pk,
            name=name,
            url=f"{before}{pk}{after}",
            tint=pk.int % TINTS,
            current=pk == current,
            owned=owner == user.pk,
            writes=role in writers,
        )
        for pk, name, owner, role in rows
    ]


def _last(request: HttpRequest) -> UUID | None:
    """From the URL; elsewhere the group last looked at, as its cookie says."""
    match = request.resolver_match
    wanted = match.kwargs.get("group_id") if match else None
    try:
        return UUID(str(wanted or request.COOKIES.get("group", "")))
    except ValueError:
        return None


def _current(last: UUID | None, ids: list[UUID]) -> UUID | None:
    return last if last in ids else ids[0] if ids else None


def _groups_url(section: str) -> str:
    return f"{reverse('groups')}?{urlencode({'section': section})}"


def _of(key: str, group: GroupLink) -> UUID | None:
    return None if key in ACROSS else group.id


def _url(name: str, group_id: UUID | None) -> str:
    try:
        return reverse(name, kwargs={"group_id": group_id} if group_id else None)
    except NoReverseMatch:
        return ""
