"""The picker in a browser, when a sign-in manages hundreds (R-C5)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from platforms.types import Identity, Token
from profiles.models import Journey, SocialProfile, SocialSet
from profiles.offers import Offer, offers_of, seal_offers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MANY = 200


def store(number: int) -> Offer:
    identity = Identity(
        external_id=f"store-{number}",
        name="Corner Bakery" if number % 5 else f"Old Town Books {number}",
        kind="page",
        role="Admin",
        address=f"{number} High Street",
        refused="" if number % 50 else "You aren't an admin of this Page.",
    )
    granted = ("pages_show_list", "pages_manage_posts", "pages_read_engagement")
    return Offer(identity, Token("token-of-a-store"), granted)


@pytest.fixture
def many(desk: Page, cast) -> Page:
    """Facebook's picker, as for somebody with hundreds of Pages and a hundred sets."""
    SocialSet.objects.bulk_create(
        SocialSet(group=cast.group, name=f"City {number}") for number in range(50)
    )
    desk.get_by_role("link", name="Connect Facebook").first.click()
    desk.get_by_role("button", name="Continue to Facebook").click()
    desk.get_by_role("radio", name=re.compile("nora.quist")).check()
    desk.get_by_role("button", name="Allow").click()
    expect(desk.get_by_role("heading", name="Choose profiles")).to_be_visible()
    journey = Journey.objects.get()
    first = offers_of(journey)[0]
    seal_offers(journey, [first, *(store(number) for number in range(1, MANY))])
    journey.save()
    desk.reload()
    return desk


def test_one_is_found_by_its_address_and_sent_to_a_set(many, cast, shoot):
    shoot(many, "pick-many")
    search = many.get_by_role("searchbox")
    search.fill("corner 123 high")
    boxes = many.get_by_role("checkbox")
    expect(boxes).to_have_count(1)
    search.press("Enter")
    expect(many.get_by_role("heading", name="Choose profiles")).to_be_visible()
    boxes.check()
    expect(many.get_by_text("1 ticked")).to_be_visible()
    places = many.get_by_role("combobox", name="Social Set for Corner Bakery")
    places.focus()
    places.select_option("City 42")
    many.get_by_role("button", name="Connect", exact=True).click()
    expect(many.get_by_role("heading", name="Corner Bakery")).to_be_visible()
    profile = SocialProfile.objects.get()
    assert profile.address == "123 High Street"
    assert profile.social_set.name == "City 42"


def test_all_that_were_found_are_ticked_and_no_other(many, shoot):
    many.get_by_role("searchbox").fill("old town")
    many.get_by_role("button", name="Tick all").click()
    expect(many.get_by_text("36 ticked")).to_be_visible()
    expect(many.get_by_role("button", name="Untick all")).to_be_visible()
    many.get_by_role("searchbox").fill("nothing of the kind")
    expect(many.get_by_text("No profile has that name.")).to_be_visible()
    expect(many.get_by_text("36 ticked")).to_be_visible()
    many.get_by_role("button", name="Connect", exact=True).click()
    expect(many.get_by_role("heading", name="36 profiles are connected")).to_be_visible(
        timeout=30_000
    )
    shoot(many, "done-many")
    assert SocialProfile.objects.count() == 36


def test_those_that_can_not_be_chosen_say_why(many):
    """R-C6"""
    many.get_by_role("searchbox").fill("50 high street")
    box = many.get_by_role("checkbox", name=re.compile(" 50 High Street")).first
    expect(box).to_be_disabled()
    expect(box).to_have_accessible_description("You aren't an admin of this Page.")
