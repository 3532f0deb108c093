"""Somebody doesn't know what to do, asks, and is answered (R-G9)."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from support.actions.help import answer
from support.help_request import HelpRequest
from support.rights import Kind
from tests.factories import PostFactory, ProfileFactory, TargetFactory
from tests.staff.conftest import make_staff

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def post(cast):
    found = PostFactory(group=cast.group, author=cast.alice, text="Summer sale")
    profile = ProfileFactory(group=cast.group, social_set=cast.social_set)
    TargetFactory(post=found, profile=profile, state="held", reason="It isn't known.")
    return found


def test_from_a_post_to_the_answer(enter, installation, cast, post, shoot):
    """R-G9: with the page, the browser, and what was tried with the post."""
    page = enter(cast.alice, f"/g/{cast.group.pk}/posts/{post.pk}/")
    page.get_by_role("link", name="Get Help").click()
    dialog = page.get_by_role("dialog", name="Get Help")
    dialog.get_by_label("What were you doing").fill("It is on hold. Why?")
    dialog.get_by_text("What was tried with this post", exact=True).click()
    expect(dialog.get_by_text("On hold", exact=False).first).to_be_visible()
    shoot(page, "help-dialog")
    dialog.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Sent. We answer by e-mail.")).to_be_visible()
    found = HelpRequest.objects.get()
    assert found.story
    assert "Chrom" in found.browser
    answer(request=found, staff=make_staff("Sam", Kind.SUPPORT), text="Press Refresh.")
    page.reload()
    expect(page.get_by_text("Press Refresh.")).to_be_visible()
    page.get_by_label("Reply").fill("Thank you!")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Thank you!")).to_be_visible()
    shoot(page, "help-request")
    page.get_by_role("link", name="All your requests").click()
    expect(page.get_by_text("Waits for an answer")).to_be_visible()
    shoot(page, "help-page")


def test_somebody_who_can_t_sign_in_asks(page, installation, db, shoot):
    """R-G9: from the sign-in page."""
    page.goto(f"{installation.url}/user/login/")
    page.get_by_role("link", name="Get Help").click()
    page.get_by_label("Your e-mail address").fill("lost@example.org")
    page.get_by_label("What were you doing").fill("The mail with the link never came.")
    shoot(page, "help-stranger")
    page.get_by_role("button", name="Send").click()
    expect(
        page.get_by_role("heading", name="Your message is on its way")
    ).to_be_visible()
    assert HelpRequest.objects.get().email == "lost@example.org"
