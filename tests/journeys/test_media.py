"""The media library in Chromium: files in, told apart, described, found again."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from playwright.sync_api import Browser, Locator, Page, Route, expect

from accounts.models import User
from media.actions.upload import add_file
from media.models import MediaItem
from tests.factories import PostFactory, PostMediaFactory
from tests.people import Cast
from tests.support import files
from tests.support.plugin_browser import SIZES, ours, overflow

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("redis_cache"),
]
Enter = Callable[[User, str], Page]
Shoot = Callable[[Page, str], None]
INPUT = "#media-files"
# A file for a drop or a paste, which need one that the page itself made.
GIVE = """([type, name, bytes]) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], name, { type: "image/jpeg" }));
  const options = { bubbles: true, cancelable: true };
  const event = type === "paste"
    ? new ClipboardEvent(type, { ...options, clipboardData: data })
    : new DragEvent(type, { ...options, dataTransfer: data });
  document.body.dispatchEvent(event);
}"""


@pytest.fixture
def library(enter: Enter, cast: Cast) -> Page:
    return enter(cast.alice, f"/g/{cast.group.pk}/media/")


def never_answered(route: Route) -> None:
    """The request stays on its way until the page gives it up."""


def stored(cast: Cast, path: Path) -> MediaItem:
    return add_file(group=cast.group, actor=cast.alice, path=path, name=path.name)


def tile(page: Page, name: str) -> Locator:
    return page.locator("#media-grid").get_by_role("link", name=re.compile(name))


def test_photo_and_video_arrive_and_a_bad_file_is_refused_beside_its_name(
    library: Page, tmp_path: Path, shoot: Shoot
) -> None:
    """R-E4: upload by choosing; checked, refused with the reason."""
    said: list[str] = []
    library.on("console", lambda message: said.append(message.text))
    bad = tmp_path / "letter.jpg"
    bad.write_text("Dear photo, you are none.")
    photo = files.photo(tmp_path / "hills.jpg")
    clip = files.video(tmp_path / "clip.mp4", size=(360, 640), seconds=2)
    library.locator(INPUT).set_input_files([photo, clip, bad])
    expect(tile(library, "hills.jpg")).to_be_visible(timeout=20_000)
    expect(tile(library, "clip.mp4")).to_contain_text("0:02", timeout=20_000)
    row = library.get_by_role("listitem").filter(has_text="letter.jpg")
    expect(row).to_contain_text("This isn't a photo or video we can read.")
    expect(library.get_by_role("status").first).to_have_text("2 files")
    shoot(library, "media-refused")
    row.get_by_role("button", name="Dismiss letter.jpg").click()
    expect(library.get_by_role("region", name="Uploads")).to_be_hidden()
    assert ours(said) == []


def test_progress_is_shown_and_an_upload_can_be_cancelled(
    library: Page, tmp_path: Path
) -> None:
    """R-E4: upload with progress per file."""
    library.route("**/media/upload/", never_answered)
    library.locator(INPUT).set_input_files(files.photo(tmp_path / "slow.jpg"))
    bar = library.get_by_role("progressbar", name="Upload of slow.jpg")
    expect(bar).to_be_visible()
    library.get_by_role("button", name="Cancel the upload of slow.jpg").click()
    expect(bar).to_be_hidden()
    library.unroute("**/media/upload/")
    assert MediaItem.objects.count() == 0


def test_what_broke_on_the_way_is_tried_again(library: Page, tmp_path: Path) -> None:
    library.route("**/media/upload/", lambda route: route.abort())
    library.locator(INPUT).set_input_files(files.photo(tmp_path / "hills.jpg"))
    uploads = library.get_by_role("region", name="Uploads")
    expect(uploads).to_contain_text("The connection broke.")
    library.unroute("**/media/upload/")
    uploads.get_by_role("button", name="Try again").click()
    expect(tile(library, "hills.jpg")).to_be_visible(timeout=20_000)


@pytest.mark.parametrize("way", ["drop", "paste"])
def test_a_file_dropped_anywhere_or_pasted_is_taken(library: Page, way: str) -> None:
    """R-E4."""
    library.evaluate(GIVE, [way, "given.jpg", list(files.small_jpeg())])
    expect(tile(library, "given.jpg")).to_be_visible(timeout=20_000)


def test_too_large_a_file_is_refused_before_it_is_sent(
    library: Page, tmp_path: Path, settings: LazySettings
) -> None:
    settings.UPLOAD_MAX_MB = 0
    library.reload()
    sent: list[str] = []
    library.on("request", lambda request: sent.append(request.url))
    library.locator(INPUT).set_input_files(files.photo(tmp_path / "huge.jpg"))
    uploads = library.get_by_role("region", name="Uploads")
    expect(uploads).to_contain_text("the most we take is 0 MB")
    assert [url for url in sent if "upload" in url] == []


def test_alt_text_is_written_in_the_dialog_and_found_by_the_search(
    cast: Cast, enter: Enter, tmp_path: Path, shoot: Shoot
) -> None:
    """R-E4: search, alt text; the address keeps the search."""
    stored(cast, files.photo(tmp_path / "one.jpg"))
    stored(cast, files.photo(tmp_path / "two.jpg", (1350, 1080)))
    page = enter(cast.alice, f"/g/{cast.group.pk}/media/")
    tile(page, "one.jpg").click()
    dialog = page.get_by_role("dialog", name="one.jpg")
    dialog.get_by_label("Alt text").fill("Hills at dusk")
    shoot(page, "media-item")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Alt text saved.")).to_be_visible()
    expect(dialog).to_be_hidden()
    page.get_by_role("searchbox").fill("dusk")
    expect(tile(page, "two.jpg")).to_be_hidden()
    expect(page).to_have_url(re.compile(r"/media/\?q=dusk$"))
    page.reload()
    expect(page.get_by_role("searchbox")).to_have_value("dusk")
    expect(page.get_by_role("img", name="Hills at dusk")).to_be_visible()


def test_a_free_file_is_deleted_and_a_used_one_says_where_it_is(
    cast: Cast, enter: Enter, tmp_path: Path, shoot: Shoot
) -> None:
    stored(cast, files.photo(tmp_path / "free.jpg"))
    used = stored(cast, files.photo(tmp_path / "used.jpg"))
    post = PostFactory(group=cast.group, text="A walk in the hills")
    PostMediaFactory(post=post, item=used)
    page = enter(cast.alice, f"/g/{cast.group.pk}/media/")
    shoot(page, "media-grid")
    tile(page, "used.jpg").click()
    dialog = page.get_by_role("dialog", name="used.jpg")
    expect(dialog.get_by_role("link", name="A walk in the hills")).to_be_visible()
    expect(dialog.get_by_text("be deleted while a post uses it")).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    tile(page, "free.jpg").click()
    page.get_by_text("Delete…").click()
    page.get_by_role("button", name="Delete file").click()
    expect(page.get_by_text("free.jpg deleted.")).to_be_visible()
    expect(tile(page, "free.jpg")).to_be_hidden()


def test_an_empty_library_on_a_phone(library: Page, shoot: Shoot) -> None:
    """R-J2, R-J3."""
    expect(library.get_by_text("No photos or videos yet")).to_be_visible()
    shoot(library, "media-empty")
    library.set_viewport_size({"width": 320, "height": 640})
    assert overflow(library) == 0


def test_the_library_works_without_scripts(
    browser: Browser, library: Page, tmp_path: Path
) -> None:
    """R-E4, ui.md's bars: a form to upload, a form to describe."""
    state = library.context.storage_state()
    context = browser.new_context(
        java_script_enabled=False, storage_state=state, **SIZES["desktop"]
    )
    plain = context.new_page()
    plain.goto(library.url)
    plain.get_by_label("Add photos and videos").set_input_files(
        files.photo(tmp_path / "plain.jpg")
    )
    plain.get_by_role("button", name="Upload").click()
    tile(plain, "plain.jpg").click()
    plain.get_by_label("Alt text").fill("A plain gradient")
    plain.get_by_role("button", name="Save").click()
    expect(plain.get_by_text("Alt text saved.")).to_be_visible()
    context.close()
