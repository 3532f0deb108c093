"""Somebody takes everything along and has it deleted (R-I3, R-J6)."""

from __future__ import annotations

import zipfile

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Account, User
from leaving.actions import erase
from leaving.actions.gather import gather
from leaving.models import Deletion, Export
from tests.factories import PostFactory, ProfileFactory, TargetFactory
from tests.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def post(cast):
    found = PostFactory(group=cast.group, author=cast.alice, text="Summer sale")
    profile = ProfileFactory(group=cast.group, social_set=cast.social_set)
    TargetFactory(post=found, profile=profile)
    return found


def prove(page: Page) -> None:
    """Who is there, once more."""
    expect(page.get_by_role("heading", name="Confirm it is you")).to_be_visible()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()


def test_everything_is_taken_along(enter, installation, cast, post, shoot, tmp_path):
    """R-J6: asked for, watched, and downloaded once it is known who is there."""
    page = enter(cast.alice, "/user/data/")
    page.get_by_role("button", name="Prepare an export").click()
    expect(page.get_by_text("Waiting for its turn")).to_be_visible()
    shoot(page, "data-waiting")
    gather(Export.objects.get().pk)
    expect(page.get_by_text("Ready,")).to_be_visible(timeout=10_000)
    shoot(page, "data-ready")
    page.get_by_role("link", name="Download").click()
    prove(page)
    with page.expect_download() as coming:
        page.get_by_role("link", name="Download").click()
    path = tmp_path / "export.zip"
    coming.value.save_as(path)
    with zipfile.ZipFile(path) as archive:
        assert "Summer sale" in archive.read("posts.csv").decode()


def test_an_account_is_deleted_for_everybody(enter, installation, cast, post, shoot):
    """R-I3: told beforehand, asked once more, with a receipt."""
    page = enter(cast.alice, "/user/data/")
    page.get_by_role("link", name="Delete this account").click()
    prove(page)
    expect(page.get_by_text("1 post is still to go out: it will not")).to_be_visible()
    shoot(page, "delete-account")
    page.get_by_label("I understand that this can't be undone").check()
    page.get_by_role("button", name="Delete the account").click()
    expect(
        page.get_by_role("heading", name="Your data is being deleted")
    ).to_be_visible()
    shoot(page, "receipt-open")
    deletion = Deletion.objects.get()
    erase.erase(deletion.pk)
    assert not Account.objects.filter(owner=cast.alice).exists()
    page.reload()
    expect(page.get_by_text("1 post", exact=True)).to_be_visible()
    page.goto(installation.url)
    expect(page.get_by_role("heading", name="You are in no account")).to_be_visible()
    shoot(page, "nowhere")
    page.get_by_role("button", name="Open an account of my own").click()
    expect(page.get_by_role("heading", name="Calendar").first).to_be_visible()


def test_a_person_hands_over_and_leaves(enter, installation, cast, post, shoot):
    """R-I3, R-A5: the account goes on with somebody else."""
    page = enter(cast.alice, "/user/data/")
    page.get_by_role("link", name="Delete my account").click()
    prove(page)
    page.get_by_label("What becomes of Alice Studio").select_option(
        label="Hand it over to Bob"
    )
    shoot(page, "delete-person")
    page.get_by_label("I understand that this can't be undone").check()
    page.get_by_role("button", name="Delete my account").click()
    expect(page.get_by_role("heading", name="Your data is deleted")).to_be_visible()
    shoot(page, "receipt-person")
    assert Account.objects.get(pk=cast.group.account_id).owner == cast.bob
    assert not User.objects.filter(email="alice@example.org").exists()
    page.goto(f"{installation.url}/user/data/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
