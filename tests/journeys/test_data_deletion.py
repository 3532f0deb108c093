"""The public page of a request to be forgotten, in a browser (R-I3)."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from core import clock
from profiles.erasure import Erasure

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("profiles", [0, 3])
def test_it_tells_what_was_deleted_to_whoever_has_the_code(
    installation, page, shoot, profiles
):
    now = clock.now()
    row = Erasure.objects.create(
        platform="facebook",
        digest="0" * 64,
        asked_at=now,
        done_at=now,
        profiles=profiles,
        tokens=profiles,
    )
    page.goto(f"{installation.url}/data-deletion/{row.code}/")
    expect(page.get_by_role("heading", name="Your data is deleted")).to_be_visible()
    expect(page.get_by_text(row.code)).to_be_visible()
    said = "Deleted for 3 profiles" if profiles else "There was nothing to delete"
    expect(page.get_by_text(said)).to_be_visible()
    shoot(page, f"data-deletion-{profiles}")
