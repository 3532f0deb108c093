"""Writing a post: counting, variations, and nothing that is ever lost."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from core import clock
from scheduling.actions.edit import edit_post
from scheduling.content import Content, Mode, When
from scheduling.models import Post
from tests.journeys.writing import (
    BERLIN,
    FAR_AWAY,
    choose,
    middle_of_a_coming_month,
    planned,
    press,
    profiles,
    ready,
    saved_post,
    set_time,
    text,
    tiles,
    upload,
)
from tests.support import files
from tests.support.plugin_browser import SIZES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FAMILY = "👨‍👩‍👧‍👦"
BLUESKY, INSTAGRAM = "@lena.example on Bluesky", "@lena on Instagram"
TAB = "@lena.example"


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, **SIZES["desktop"], **FAR_AWAY}


@pytest.fixture
def at():
    return middle_of_a_coming_month()


@pytest.fixture
def composer(enter, cast):
    profiles(cast)
    return enter(cast.alice, f"/g/{cast.group.pk}/posts/new/")


def counter(page, platform):
    return page.locator(f".counter[aria-label^='{platform}']")


def test_counting_is_the_platforms_own(composer):
    """R-E2: a family is one character for one platform and seven for another."""
    choose(composer, BLUESKY, INSTAGRAM)
    text(composer).fill(FAMILY)
    expect(counter(composer, "Bluesky")).to_have_text("299")
    expect(counter(composer, "Instagram")).to_have_text("2,193")


def test_typing_never_waits_for_the_server(composer):
    """ui.md: the counter follows even when nothing answers."""
    composer.context.set_offline(True)
    choose(composer, BLUESKY)
    text(composer).fill("x" * 305)
    expect(counter(composer, "Bluesky")).to_have_text("-5")
    expect(counter(composer, "Bluesky")).to_have_attribute("data-level", "over")


def test_problems_are_the_servers_words_with_the_fix(composer):
    """R-E2, R-E3: told while writing, in the words that submitting would use."""
    choose(composer, BLUESKY, INSTAGRAM)
    text(composer).fill("x" * 301)
    problems = composer.locator("[data-problems]")
    expect(problems).to_contain_text(
        "Bluesky takes 300 characters; this is 1 too many."
    )
    expect(problems).to_contain_text("add a photo or a video")


def test_variation_has_a_dot_and_a_way_back(composer, at):
    """R-E2: one caption, a text of its own for one profile."""
    choose(composer, BLUESKY, INSTAGRAM)
    text(composer).fill("For everyone")
    tab = composer.get_by_role("tab", name=TAB)
    tab.click()
    own = composer.get_by_role("textbox", name=f"Text for {BLUESKY}")
    expect(own).to_have_value("For everyone")
    own.fill("For Bluesky")
    expect(tab.locator("[data-dot]")).to_be_visible()
    press(composer, "Save draft")
    post = saved_post(composer)
    texts = {t.profile.platform: t.own_text for t in post.targets.all()}
    assert texts == {"bluesky": "For Bluesky", "instagram": "For everyone"}


def test_variation_can_be_given_up(composer):
    choose(composer, BLUESKY, INSTAGRAM)
    text(composer).fill("For everyone")
    composer.get_by_role("tab", name=TAB).click()
    own = composer.get_by_role("textbox", name=f"Text for {BLUESKY}")
    own.fill("Changed")
    press(composer, "Use everyone's text")
    expect(own).to_have_value("For everyone")
    expect(composer.get_by_role("tab", name=TAB).locator("[data-dot]")).to_be_hidden()


def test_kinds_that_fit_are_offered(composer, tmp_path):
    """R-E2: a photo can be a post or a story; two can't be a story."""
    choose(composer, INSTAGRAM)
    upload(composer, files.photo(tmp_path / "one.jpg", (1080, 1080)))
    ready(composer, 1)
    choice = composer.get_by_role(
        "group", name=re.compile("Kind of post on.*Instagram")
    )
    expect(choice.get_by_role("button")).to_have_text(["Photo", "Story"])
    choice.get_by_role("button", name="Story").click()
    text(composer).fill("")
    press(composer, "Save draft")
    assert saved_post(composer).targets.get().kind == "story"


def test_preview_follows_the_text_and_the_files(composer, tmp_path):
    """R-E2: live, for each platform."""
    choose(composer, BLUESKY)
    text(composer).fill("Look: https://example.org #hills")
    upload(composer, files.photo(tmp_path / "hill.jpg"))
    ready(composer, 1)
    preview = composer.locator("[data-preview]:visible")
    expect(preview.locator("[data-preview-text]")).to_have_text(
        "Look: https://example.org #hills"
    )
    expect(preview.locator(".preview__mark")).to_have_count(2)
    expect(preview.locator("[data-preview-files] img")).to_be_visible()


def test_refusal_stands_at_its_field_and_nothing_is_lost(composer):
    """R-E2: no profile, a time in the past; the text is still there."""
    text(composer).fill("Still here")
    set_time(composer, clock.now().astimezone(BERLIN) - timedelta(days=2))
    press(composer, "Schedule")
    expect(composer.locator("[data-errors=wall_at]")).to_contain_text("has passed")
    expect(composer.locator("[data-errors=profiles]")).to_have_text(
        "Choose at least one profile."
    )
    expect(text(composer)).to_have_value("Still here")


def test_late_answer_of_the_check_does_not_wipe_a_refusal(composer):
    """The check of the last keys comes back after the form was refused."""
    text(composer).fill("x" * 301)
    held = []
    composer.route("**/posts/check/", lambda route: held.append(route))
    with composer.expect_request("**/posts/check/"):
        choose(composer, BLUESKY)
    press(composer, "Schedule")
    error = composer.locator("[data-errors=text]")
    expect(error).to_contain_text("1 too many")
    with composer.expect_response("**/posts/check/"):
        held[0].continue_()
    expect(error).to_contain_text("1 too many")
    composer.unroute("**/posts/check/")
    text(composer).fill("x" * 300)
    expect(error).to_be_hidden()


def test_text_survives_a_crash(composer, tmp_path):
    """ui.md: autosave with a `Saved` mark; text, profiles and files come back."""
    choose(composer, BLUESKY)
    upload(composer, files.photo(tmp_path / "kept.jpg"))
    ready(composer, 1)
    text(composer).fill("Half a thought")
    expect(composer.get_by_text("Saved")).to_be_visible()
    composer.reload()
    expect(text(composer)).to_have_value("Half a thought")
    box = composer.get_by_role("checkbox", name=BLUESKY, exact=True)
    expect(box).to_be_checked()
    expect(tiles(composer)).to_have_count(1)
    press(composer, "Start over")
    expect(text(composer)).to_have_value("")
    expect(tiles(composer)).to_have_count(0)


def test_text_survives_a_sign_out(composer, cast, enter):
    """ui.md: never loses text, also after a sign-out."""
    text(composer).fill("Before the session ended")
    address = composer.url
    composer.context.clear_cookies(name="sessionid")
    press(composer, "Save draft")
    notice = composer.get_by_role("alert")
    expect(notice).to_contain_text("You are signed out.")
    expect(text(composer)).to_have_value("Before the session ended")
    page = enter(cast.alice, address.split(composer.url.split("/g/")[0])[1])
    expect(text(page)).to_have_value("Before the session ended")
    press(page, "Save draft")
    assert saved_post(page).text == "Before the session ended"


def test_lost_connection_loses_nothing_and_doubles_nothing(composer):
    """R-F3: sent, answer lost, sent again: one post."""

    def lose_the_answer(route):
        route.fetch()
        route.abort()

    text(composer).fill("Once only")
    composer.route("**/posts/new/", lose_the_answer, times=1)
    press(composer, "Save draft")
    expect(composer.get_by_role("alert")).to_contain_text("No connection.")
    press(composer, "Save draft")
    assert saved_post(composer).text == "Once only"


def test_publish_now_is_asked_once(composer):
    """R-E3: what is out can't be taken back from here."""
    choose(composer, BLUESKY)
    text(composer).fill("Right now")
    press(composer, "Publish now")
    dialog = composer.get_by_role("dialog", name="Publish now?")
    expect(dialog).to_contain_text("@lena.example")
    dialog.get_by_role("button", name="Not yet").click()
    assert not Post.objects.exists()
    press(composer, "Publish now")
    dialog.get_by_role("button", name="Publish now").click()
    assert saved_post(composer).targets.get().state == "scheduled"


def test_somebody_else_was_quicker(cast, enter, at):
    """Two people edit: told who was first, keeps the text, then decides."""
    bluesky, _ = profiles(cast)
    post = planned(cast, bluesky, at, "As it was")
    page = enter(cast.alice, f"/g/{cast.group.pk}/posts/{post.pk}/edit/")
    text(page).fill("Mine")
    edit_post(
        actor=cast.bob,
        post=post,
        version=1,
        content=Content("Bob's"),
        when=When(Mode.DRAFT, "", "Europe/Berlin"),
    )
    press(page, "Save changes")
    expect(page.get_by_role("alert")).to_contain_text("Bob changed this post")
    expect(text(page)).to_have_value("Mine")
    press(page, "Save changes")
    page.wait_for_url(re.compile(rf"/posts/{post.pk}/$"))
    post.refresh_from_db()
    assert post.text == "Mine"


def test_clock_change_is_told_while_choosing(composer):
    """R-E1: a time that doesn't exist."""
    set_time(composer, clock.now())
    year = clock.now().year + 1
    day = last_sunday_of_march(year)
    composer.locator("#composer-date").fill(day)
    composer.locator("#composer-time").fill("02:30")
    expect(composer.locator("[data-time-note]")).to_contain_text(
        "02:30 doesn't exist: it goes out at 03:30."
    )


def last_sunday_of_march(year):
    last = clock.now().replace(year=year, month=3, day=31)
    return f"{last - timedelta(days=(last.weekday() + 1) % 7):%Y-%m-%d}"


def test_all_of_it_stands_the_bars(composer, tmp_path, shoot):
    """WCAG 2.2 AA, light and dark, both sizes: axe finds nothing."""
    choose(composer, BLUESKY, INSTAGRAM)
    text(composer).fill("x" * 301)
    upload(composer, files.photo(tmp_path / "a.jpg"), files.photo(tmp_path / "b.jpg"))
    ready(composer, 2)
    expect(composer.locator("[data-problems]")).to_be_visible()
    press(composer, "Schedule")
    expect(composer.locator("[data-errors=text]")).to_be_visible()
    shoot(composer, "composer")


class TestWithoutScripts:
    @pytest.fixture
    def browser_context_args(self, browser_context_args):
        return {**browser_context_args, "java_script_enabled": False}

    def test_plain_form_schedules(self, composer, at):
        """Works with JavaScript off: text, time and profiles."""
        choose(composer, BLUESKY)
        composer.get_by_label("Text", exact=True).fill("By hand")
        set_time(composer, at)
        press(composer, "Schedule")
        assert saved_post(composer).scheduled_at == at

    def test_plain_form_keeps_what_was_typed(self, composer):
        composer.get_by_label("Text", exact=True).fill("Kept by the server")
        press(composer, "Schedule")
        expect(composer.get_by_text("Choose at least one profile.")).to_be_visible()
        expect(composer.get_by_label("Text", exact=True)).to_have_value(
            "Kept by the server"
        )
