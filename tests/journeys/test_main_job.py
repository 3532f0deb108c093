"""The main job, as somebody new does it: nothing is prepared but an empty installation.

Real browser, web server, Celery worker with beat, PostgreSQL, Redis, files by real
encoders; the platforms are the sandbox, or a real Bluesky server.
"""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from accounts.models import AccessGroup
from core import clock
from scheduling.models import Target
from tests.support import files
from tests.support.pds_pages import allow as authorize
from tests.support.pds_pages import sign_in
from tests.support.plugin_pds import PDS_MARKS
from tests.support.worker import Worker

pytestmark = [
    pytest.mark.browser,
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
]

PASSWORD = "seven quiet harbours"
LIVE_WITHIN_MS = 120_000


@pytest.fixture(autouse=True)
def _mailbox(settings) -> None:
    """As in the demo: mail lies at /mail/."""
    settings.EMAIL_BACKEND = "notifications.mailbox.EmailBackend"


def sign_up(page: Page, url: str) -> AccessGroup:
    """R-A1: name, address, password; the mail's link; in."""
    page.goto(f"{url}/user/signup/")
    page.get_by_label("Your name").fill("Lena Martins")
    page.get_by_label("E-mail").fill("lena@example.org")
    page.locator("input[name=password1]").fill(PASSWORD)
    page.get_by_role("button", name=re.compile("sign up|create", re.I)).click()
    expect(page.get_by_text("lena@example.org").first).to_be_visible()
    page.goto(f"{url}/mail/")
    page.locator("main a[href^='/mail/']").first.click()
    page.get_by_role("link", name="/user/confirm-email/").click()
    page.get_by_role("button", name=re.compile("confirm", re.I)).click()
    page.wait_for_url(re.compile("/calendar/"))
    return AccessGroup.objects.get(account__owner__email="lena@example.org")


def settings_of(page: Page, url: str, group: AccessGroup) -> None:
    page.goto(f"{url}/g/{group.pk}/settings/profiles/")


def connect_instagram(page: Page) -> None:
    """R-C2, R-C3, R-C9."""
    page.get_by_role("link", name="Connect Instagram").click()
    page.get_by_role("button", name="Continue to Instagram").click()
    page.get_by_role("radio", name=re.compile("lena.studio")).check()
    page.get_by_role("button", name="Allow").click()
    page.get_by_role("button", name=re.compile("Enable Auto Publish")).click()
    expect(page.get_by_text("go out by themselves")).to_be_visible()


def connect_bluesky(page: Page, sandbox) -> None:
    page.get_by_role("link", name="Connect Bluesky").click()
    page.get_by_label("Handle or server").fill(
        sandbox.identities("bluesky")[0]["handle"]
    )
    page.get_by_role("button", name="Continue to Bluesky").click()
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_text("go out by themselves")).to_be_visible()


def compose(page: Page, url: str, group: AccessGroup, text: str) -> None:
    page.goto(f"{url}/g/{group.pk}/posts/new/")
    for box in page.locator("input[name=profiles]").all():
        box.check(force=True)
    page.locator("#composer-text").fill(text)


def attach(page: Page, *paths: Path) -> None:
    """Through the file chooser; each is uploaded and inspected at once."""
    page.locator("input[type=file][data-files]").set_input_files(list(paths))
    expect(page.locator("[data-strip] input[name=media]")).to_have_count(len(paths))
    for place in range(len(paths)):
        field = page.locator("[data-strip] input[name=media]").nth(place)
        expect(field).to_have_value(re.compile(r"[0-9a-f-]{36}"))


def schedule_ahead(page: Page, group: AccessGroup, *, minutes: int) -> None:
    """In the group's own zone, whatever the browser's is."""
    at = clock.now() + timedelta(minutes=minutes, seconds=20)
    wall = at.astimezone(ZoneInfo(group.timezone))
    page.locator("#composer-date").fill(f"{wall:%Y-%m-%d}")
    page.locator("#composer-time").fill(f"{wall:%H:%M}")
    page.get_by_role("button", name="Schedule", exact=True).click()
    page.wait_for_url(re.compile(r"/(posts/[0-9a-f-]{36}|calendar)/"))


def open_post(page: Page, url: str, group: AccessGroup) -> None:
    post = Target.objects.filter(post__group=group).latest("post__created_at").post
    page.goto(f"{url}/g/{group.pk}/posts/{post.pk}/")


def see_it_live(page: Page, count: int) -> None:
    """The page changes by itself while the worker works."""
    links = page.get_by_role("link", name=re.compile("^View on"))
    expect(links).to_have_count(count, timeout=LIVE_WITHIN_MS)


def test_sign_up_connect_schedule_and_see_it_published(
    page, installation, tmp_path, shoot
):
    """R-A1, R-C2, R-C9, R-E1, R-E2, R-F1, R-F4, R-F11: the whole job."""
    url, sandbox = installation.url, installation.sandbox
    group = sign_up(page, url)
    settings_of(page, url, group)
    connect_instagram(page)
    settings_of(page, url, group)
    connect_bluesky(page, sandbox)
    photo = files.photo(tmp_path / "hills.jpg", (1080, 1350))
    with Worker(PLATFORM_GATEWAY=sandbox.url):
        compose(page, url, group, "First light over the harbour")
        attach(page, photo)
        schedule_ahead(page, group, minutes=1)
        open_post(page, url, group)
        assert sandbox.ledger() == [], "nothing goes out before its time"
        see_it_live(page, 2)
    shoot(page, "main-job-post")
    posted = {row["platform"]: row for row in sandbox.ledger()}
    assert set(posted) == {"instagram", "bluesky"}
    assert all(row["text"] == "First light over the harbour" for row in posted.values())
    assert posted["instagram"]["media"][0]["width"] == 1080
    for target in Target.objects.all():
        assert (
            timedelta(0) <= target.published_at - target.due_at < timedelta(minutes=1)
        )
    page.goto(f"{url}/g/{group.pk}/calendar/")
    expect(page.get_by_text("First light over the harbour").first).to_be_visible()


def test_telegram_by_its_bot_ends_in_the_channel(page, installation, tmp_path):
    """R-C2, R-C6: proven by the platform, then an album with a video goes out."""
    url, sandbox = installation.url, installation.sandbox
    group = sign_up(page, url)
    settings_of(page, url, group)
    still = files.photo(tmp_path / "cup.png", (900, 900))
    film = files.video(tmp_path / "steam.mp4", size=(720, 1280), seconds=3)
    with Worker(PLATFORM_GATEWAY=sandbox.url):
        connect_telegram(page)
        compose(page, url, group, "Two ways to look at a cup <of tea> & more")
        attach(page, still, film)
        page.get_by_role("button", name="Publish now").click()
        confirm_if_asked(page)
        page.wait_for_url(re.compile(r"/(posts/[0-9a-f-]{36}|calendar)/"))
        open_post(page, url, group)
        see_it_live(page, 1)
    [row] = sandbox.ledger("telegram")
    assert row["text"] == "Two ways to look at a cup <of tea> & more"
    assert [item["kind"] for item in row["media"]] == ["image", "video"]


def confirm_if_asked(page: Page) -> None:
    sure = page.locator("dialog[open]").get_by_role("button", name="Publish now")
    if sure.count():
        sure.click()


def connect_telegram(page: Page) -> None:
    """Two acts in the platform's own app; the worker pulls the news of them."""
    page.get_by_role("link", name="Connect Telegram").click()
    page.get_by_role("button", name="Show me the steps").click()
    with page.expect_popup() as opened:
        page.get_by_role("link", name=re.compile("^Open @")).click()
    chat = opened.value
    chat.get_by_text("Maya Lindqvist", exact=True).click()
    chat.get_by_role("button", name="Start").click()
    expect(page.get_by_text("We know you as Maya")).to_be_visible(timeout=30_000)
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Add it to a channel").click()
    dialog = opened.value
    dialog.get_by_role("radio", name="Maya Lindqvist").check()
    dialog.get_by_text("Maya Cooks", exact=True).click()
    dialog.get_by_role("button", name="Add as administrator").click()
    expect(page.get_by_text("Maya Cooks is ready.")).to_be_visible(timeout=30_000)
    page.get_by_role("link", name="Choose and connect").click()
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_text("go out by themselves")).to_be_visible()


class TestRealBluesky:
    pytestmark = PDS_MARKS

    def test_text_with_everything_arrives_as_it_was_written(
        self, page, cast, enter, installation, at_the_real_server, tmp_path
    ):
        """R-C2, R-F4: OAuth with PAR, PKCE and DPoP; facets and alt text at the PDS."""
        pds = at_the_real_server
        author, friend = pds.account("lena"), pds.account("ada")
        desk = enter(cast.alice, f"/g/{cast.group.pk}/settings/profiles/")
        self.connect(desk, author)
        pictures = [files.photo(tmp_path / f"{n}.jpg", (800, 600)) for n in (1, 2)]
        text = f"Hi 👋 @{friend.handle} see https://example.org #fête"
        with Worker(PLATFORM_GATEWAY="", **pds.environment):
            compose(desk, installation.url, cast.group, text)
            attach(desk, *pictures)
            desk.get_by_role("button", name="Publish now").click()
            confirm_if_asked(desk)
            desk.wait_for_url(re.compile(r"/(posts/[0-9a-f-]{36}|calendar)/"))
            open_post(desk, installation.url, cast.group)
            see_it_live(desk, 1)
        [record] = pds.posts(author)
        self.judge(record["value"], text, friend)

    def connect(self, desk: Page, author) -> None:
        desk.get_by_role("link", name="Connect Bluesky").click()
        desk.get_by_label("Handle or server").fill(author.handle)
        desk.get_by_role("button", name="Continue to Bluesky").click()
        sign_in(desk, author)
        authorize(desk)
        expect(desk.get_by_text("go out by themselves")).to_be_visible()

    def judge(self, value, text: str, friend) -> None:
        assert value["text"] == text
        assert len(value["embed"]["images"]) == 2
        raw = text.encode()
        spans = {
            facet["features"][0]["$type"].split("#")[1]: raw[
                facet["index"]["byteStart"] : facet["index"]["byteEnd"]
            ].decode()
            for facet in value["facets"]
        }
        assert spans == {
            "mention": f"@{friend.handle}",
            "link": "https://example.org",
            "tag": "#fête",
        }
