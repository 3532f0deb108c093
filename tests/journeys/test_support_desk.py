"""A support person finds a post's story and looks as the customer, in Chromium (R-I1)."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator

import pytest
from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY as WHOSE,
)
from allauth.account.internal.flows.login import (
    AUTHENTICATION_METHODS_SESSION_KEY as METHODS,
)
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import ConsoleMessage, Page, expect

from accounts.audit import AuditEntry
from accounts.models import User
from support.acting import Acting
from support.actions.act import begin
from support.rights import Kind
from tests.factories import PostFactory, ProfileFactory, TargetFactory
from tests.people import Cast
from tests.staff.conftest import attempt, make_staff
from tests.support.plugin_browser import ours

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("redis_cache"),
]
Shoot = Callable[[Page, str], None]
WHY = "Request 12: his post of this morning failed"


@pytest.fixture
def console(page: Page) -> Iterator[list[str]]:
    """What the browser complained of; a page that breaks the policy says so here.

    Without an address it was axe, which the test itself puts into the page.
    """
    said: list[str] = []

    def heard(line: ConsoleMessage) -> None:
        if line.location["url"]:
            said.append(f"{line.text} {line.location}")

    page.on("console", heard)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield said
    assert ours(said) == []


@pytest.fixture
def desk(enter: Callable[[User, str], Page]) -> Callable[..., Page]:
    """`desk(Kind.SUPPORT)`: at the admin, having shown who it is a moment ago."""

    def _desk(*kinds: Kind, name: str = "Hanna") -> Page:
        person = make_staff(name, *kinds)
        page = enter(person, "/health/live")
        prove(page, person)
        page.goto(page.url.replace("/health/live", "/admin/"))
        return page

    return _desk


def prove(page: Page, person: User) -> None:
    cookies = {each["name"]: each["value"] for each in page.context.cookies()}
    session = SessionStore(cookies[settings.SESSION_COOKIE_NAME])
    session[METHODS] = [{"method": "password", "at": time.time()}]
    session[WHOSE] = str(person.pk)
    session.save()


@pytest.fixture
def failed(cast: Cast) -> str:
    """A post of Bob's that the platform refused; its address in the product."""
    profile = ProfileFactory(group=cast.group, social_set=cast.social_set)
    post = PostFactory(group=cast.group, author=cast.bob, text="A walk in the hills")
    attempt(TargetFactory(post=post, profile=profile, state="failed"))
    return f"/g/{cast.group.pk}/posts/{post.pk}/"


def test_support_finds_a_posts_story_and_looks_as_its_author(
    desk: Callable[..., Page],
    cast: Cast,
    failed: str,
    shoot: Shoot,
    console: list[str],
) -> None:
    """R-F11, R-I1, R-I2: from a mail's address to the customer's own page and back."""
    page = desk(Kind.SUPPORT)
    shoot(page, "staff-desk")
    page.get_by_role("main").get_by_role("link", name="Posts").click()
    expect(page.get_by_text("Look for something above.")).to_be_visible()
    shoot(page, "staff-list-empty")
    page.get_by_role("textbox", name="Search").fill("bob@example.org")
    page.get_by_role("button", name="Search").click()
    shoot(page, "staff-list")
    page.get_by_role("link", name="A walk in the hills").click()
    expect(page.get_by_text("InvalidRequest: too many graphemes")).to_be_visible()
    shoot(page, "staff-post")

    page.get_by_role("link", name="Bob").click()
    page.get_by_role("link", name="Look as this person").click()
    shoot(page, "staff-begin-look")
    page.get_by_label("Reason").fill(WHY)
    page.get_by_role("button", name="Look as Bob").click()
    banner = page.get_by_role("region", name="Looking as a customer")
    expect(banner).to_contain_text("You are looking as Bob")
    bar = page.get_by_role("navigation", name="Sections")
    expect(bar.get_by_role("link", name="Media")).to_have_attribute(
        "href", f"/g/{cast.group.pk}/media/"
    )
    for name in ("New post", "Get Help"):
        closed = page.locator("a", has_text=name).first
        expect(closed).to_have_attribute("aria-disabled", "true")
        expect(closed).not_to_have_attribute("href", re.compile("."))
    shoot(page, "acting-calendar")

    page.goto(page.url.split("/g/")[0] + failed)
    expect(page.get_by_text("refused the post")).to_be_visible()
    expect(banner).to_be_visible()
    expect(page.get_by_role("button", name="Try again").first).to_be_disabled()
    expect(banner.get_by_role("button", name="End")).to_be_enabled()
    shoot(page, "acting-post")
    page.goto(page.url.split("/g/")[0] + "/user/password/change/")
    expect(page.get_by_role("heading", name="Not while looking")).to_be_visible()
    shoot(page, "acting-refused")
    page.get_by_role("button", name="End").click()
    expect(page).to_have_url(re.compile(f"/admin/accounts/user/{cast.bob.pk}/"))
    assert not Acting.objects.going_on().exists()
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"staff.searched", "staff.viewed", "acting.begun", "acting.looked"} <= verbs
    assert {"acting.refused", "acting.ended"} <= verbs


def test_the_customer_reads_who_looked_and_why(
    enter: Callable[[User, str], Page], cast: Cast, shoot: Shoot
) -> None:
    """R-I1: transparency is the customer's."""
    hanna = make_staff("Hanna", Kind.SUPPORT)
    begin(staff=hanna, customer=cast.bob, reason=WHY, minutes=10)
    page = enter(cast.bob, "/notices/")
    page.get_by_role("link", name="Hanna from support is looking").click()
    expect(page.get_by_role("cell", name=WHY)).to_be_visible()
    shoot(page, "looks-of-support")


def test_operations_ask_the_doctor(
    desk: Callable[..., Page], shoot: Shoot, console: list[str]
) -> None:
    """R-J5: a page that is there at once and fills itself."""
    page = desk(Kind.OPERATIONS)
    page.get_by_role("main").get_by_role("link", name="Ask the doctor").click()
    publisher = page.get_by_role("region", name="Publisher")
    expect(publisher.get_by_text("Start one")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("Not asked yet.")).to_have_count(0, timeout=40_000)
    shoot(page, "staff-doctor")


def test_an_auditor_reads_and_exports_the_trail(
    desk: Callable[..., Page], cast: Cast, shoot: Shoot, console: list[str]
) -> None:
    page = desk(Kind.AUDITOR)
    page.get_by_role("main").get_by_role("link", name="Audit trail").click()
    expect(page.get_by_role("cell", name="staff.listed").first).to_be_visible()
    shoot(page, "staff-audit")
    day = AuditEntry.objects.latest("id").at.date().isoformat()
    page.get_by_label("From").fill(day)
    page.get_by_label("To", exact=True).fill(day)
    with page.expect_download() as got:
        page.get_by_role("button", name="Export").click()
    assert got.value.suggested_filename == f"audit-{day}-{day}.csv"
    table = page.get_by_role("main").get_by_role("table")
    table.get_by_role("rowheader").get_by_role("link").first.click()
    expect(page.get_by_text("Request id")).to_be_visible()
    shoot(page, "staff-audit-entry")
