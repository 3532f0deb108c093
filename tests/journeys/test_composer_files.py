"""Files in the composer: brought, put in order, refused, tried again."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.writing import (
    FAR_AWAY,
    choose,
    middle_of_a_coming_month,
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

BLUESKY, INSTAGRAM = "@lena.example on Bluesky", "@lena on Instagram"


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


def test_two_photos_in_order_with_alt_text_for_two_profiles(composer, tmp_path, at):
    """R-E2, R-E4: dropped in, described, put in order, scheduled."""
    upload(composer, *(files.photo(tmp_path / name) for name in ("a.jpg", "b.png")))
    ready(composer, 2)
    composer.get_by_role("button", name="Alt text of b.png").click()
    composer.get_by_label("Alt text").last.fill("Hills in the first light")
    press(composer, "Save")
    expect(composer.locator("#composer-file")).to_be_hidden()
    tiles(composer).nth(1).focus()
    composer.keyboard.press("ArrowLeft")
    expect(composer.locator("[data-strip-said]")).to_contain_text("b.png, 1 of 2")
    choose(composer, BLUESKY, INSTAGRAM)
    text(composer).fill("Two hills")
    set_time(composer, at)
    press(composer, "Schedule")
    post = saved_post(composer)
    items = [row.item for row in post.attachments.all()]
    assert [item.name for item in items] == ["b.png", "a.jpg"]
    assert items[0].alt_text == "Hills in the first light"
    assert {target.kind for target in post.targets.all()} >= {"carousel"}
    assert post.scheduled_at == at


def test_files_are_put_in_order_by_hand(composer, tmp_path):
    """R-E2: dragged to their place."""
    upload(composer, *(files.photo(tmp_path / f"{name}.jpg") for name in "abc"))
    ready(composer, 3)
    tiles(composer).nth(2).drag_to(tiles(composer).nth(0))
    names = [tile.get_attribute("data-name") for tile in tiles(composer).all()]
    assert names == ["c.jpg", "a.jpg", "b.jpg"]


def test_bad_files_are_refused_by_name_and_the_good_one_stays(composer, tmp_path):
    """R-E4: real type, size and content; the reason stands beside the files."""
    fake = tmp_path / "notes.jpg"
    fake.write_text("this is a text")
    empty = tmp_path / "empty.png"
    empty.write_bytes(b"")
    good = files.photo(tmp_path / "good.jpg")
    upload(composer, fake, good, empty)
    ready(composer, 1)
    errors = composer.locator("[data-errors=media]")
    expect(errors).to_contain_text("notes.jpg: ")
    expect(errors).to_contain_text("empty.png: ")


def test_progress_is_shown_and_a_broken_upload_can_be_tried_again(composer, tmp_path):
    """R-E4: per file; what broke on the way is not a bad file."""
    composer.route("**/media/upload/", lambda route: route.abort())
    upload(composer, files.photo(tmp_path / "far.jpg"))
    errors = composer.locator("[data-errors=media]")
    expect(errors).to_contain_text("far.jpg: The connection broke.")
    composer.unroute("**/media/upload/")
    errors.get_by_role("button", name="Try again").click()
    ready(composer, 1)
    expect(errors).to_be_hidden()


def test_picture_is_pasted(composer, tmp_path):
    """ui.md: paste an image."""
    data = list(files.photo(tmp_path / "clip.png", (400, 400)).read_bytes())
    composer.evaluate(PASTE, data)
    ready(composer, 1)


PASTE = """data => {
  const carried = new DataTransfer();
  carried.items.add(new File([new Uint8Array(data)], "clip.png", { type: "image/png" }));
  const paste = new ClipboardEvent("paste", { clipboardData: carried, bubbles: true });
  document.querySelector("#composer-text").dispatchEvent(paste);
}"""


def test_file_is_dropped_anywhere(composer, tmp_path):
    """ui.md: drop files anywhere."""
    data = list(files.photo(tmp_path / "drop.png", (400, 400)).read_bytes())
    composer.evaluate(DROP, data)
    ready(composer, 1)


DROP = """data => {
  const dataTransfer = new DataTransfer();
  const file = new File([new Uint8Array(data)], "drop.png", { type: "image/png" });
  dataTransfer.items.add(file);
  const place = document.querySelector(".composer__foot");
  for (const name of ["dragover", "drop"]) {
    place.dispatchEvent(new DragEvent(name, { dataTransfer, bubbles: true }));
  }
}"""
