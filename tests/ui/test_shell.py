"""The frame around signed-in pages: rail, switcher, account, help, phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import AccessGroup, Membership, User
from tests.people import Cast
from tests.support.plugin_browser import SIZES, axe, box, ours, overflow

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("redis_cache"),
]
Enter = Callable[[User, str], Page]
ACCOUNT = "/user/email/"


def more_groups(cast: Cast, *names: str) -> list[AccessGroup]:
    account = cast.group.account
    groups = [AccessGroup.objects.create(account=account, name=n) for n in names]
    for group in groups:
        Membership.objects.create(user=cast.alice, group=group)
    return groups


@pytest.mark.parametrize(("size", "theme"), [("desktop", "light"), ("phone", "dark")])
@pytest.mark.parametrize("path", [ACCOUNT, "/user/password/change/", "/ui/"])
def test_pages_in_the_frame_stand_axe_and_the_width(
    page: Page, enter: Enter, cast: Cast, path: str, size: str, theme: Any
) -> None:
    """R-J3: WCAG 2.2 AA on desktop and phone, light and dark."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.set_viewport_size(SIZES[size]["viewport"])
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    enter(cast.alice, path)
    assert (axe(page), overflow(page), ours(said)) == ([], 0, [])


def test_g_opens_the_switcher_and_typing_narrows_it(enter: Enter, cast: Cast) -> None:
    """R-B4: one keystroke away, searchable, accents or not."""
    more_groups(cast, "José Álvarez", "Zoë Lind", "Mina Park")
    page = enter(cast.alice, ACCOUNT)
    page.keyboard.press("g")
    page.keyboard.type("alvarez jose")
    links = page.get_by_role("dialog", name="Access Groups").get_by_role("link")
    expect(links).to_have_text(["José Álvarez"])


def test_enter_goes_to_the_first_group_found(enter: Enter, cast: Cast) -> None:
    (zoe,) = more_groups(cast, "Zoë Lind")
    page = enter(cast.alice, ACCOUNT)
    page.keyboard.press("g")
    page.keyboard.type("zoe")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/g/{zoe.pk}/calendar/**")


def test_arrows_walk_the_groups(enter: Enter, cast: Cast) -> None:
    more_groups(cast, "Bora", "Cleo")
    page = enter(cast.alice, ACCOUNT)
    page.keyboard.press("g")
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
    expect(page.get_by_role("link", name="Bora")).to_be_focused()


def test_hundreds_of_groups_come_when_it_opens(enter: Enter, cast: Cast) -> None:
    """R-B4: what the page doesn't hold is found all the same."""
    groups = more_groups(cast, *(f"Creator {n:03}" for n in range(120)))
    page = enter(cast.alice, ACCOUNT)
    page.keyboard.press("g")
    page.keyboard.type("creator 117")
    links = page.get_by_role("dialog", name="Access Groups").get_by_role("link")
    expect(links).to_have_text(["Creator 117"])
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/g/{groups[117].pk}/calendar/**")


def test_a_name_nobody_has_is_said(enter: Enter, cast: Cast) -> None:
    page = enter(cast.alice, ACCOUNT)
    page.keyboard.press("g")
    page.keyboard.type("qqq")
    expect(page.get_by_text("No Access Group has that name.")).to_be_visible()


def test_escape_closes_and_gives_the_focus_back(enter: Enter, cast: Cast) -> None:
    page = enter(cast.alice, ACCOUNT)
    opener = page.get_by_role("button", name="Access Group: Alice Studio")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Access Groups")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Access Groups")).to_be_hidden()
    expect(opener).to_be_focused()


def test_g_typed_into_a_field_is_a_letter(enter: Enter, cast: Cast) -> None:
    page = enter(cast.alice, ACCOUNT)
    page.get_by_label("E-mail", exact=True).press_sequentially("gg")
    expect(page.get_by_label("E-mail", exact=True)).to_have_value("gg")
    expect(page.get_by_role("dialog", name="Access Groups")).to_be_hidden()


def test_the_rail_opens_and_stays_open_on_the_next_page(
    enter: Enter, cast: Cast
) -> None:
    page = enter(cast.alice, ACCOUNT)
    rail = page.get_by_role("complementary", name="Main")
    assert box(rail)["width"] == 56
    page.get_by_role("button", name="Sidebar").click()
    page.reload()
    assert box(rail)["width"] == 232
    expect(page.get_by_role("button", name="Sidebar", expanded=True)).to_be_visible()


def test_help_is_on_every_page_and_names_the_place(enter: Enter, cast: Cast) -> None:
    """R-G9: bottom right; a dialog over the page, which says where one was."""
    page = enter(cast.alice, ACCOUNT)
    button = page.get_by_role("link", name="Get Help")
    at = box(button)
    assert (at["x"] + at["width"] > 1200, at["y"] > 600) == (True, True)
    button.click()
    dialog = page.get_by_role("dialog", name="Get Help")
    expect(dialog.get_by_text("the address of the page where you are")).to_be_visible()
    assert dialog.locator("[name=page]").input_value() == ACCOUNT
    expect(dialog.get_by_role("button", name="Send")).to_be_visible()


def test_one_signs_out_from_the_account_menu_by_keyboard(
    enter: Enter, cast: Cast
) -> None:
    page = enter(cast.alice, ACCOUNT)
    page.get_by_role("button", name="Your account").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("alice@example.org").first).to_be_visible()
    page.get_by_role("button", name="Sign out").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Create an account")).to_be_visible()


def test_a_phone_has_a_tab_bar_instead_of_the_rail(enter: Enter, cast: Cast) -> None:
    """ui.md, shape: Calendar, Media, +, Account within a thumb's reach."""
    page = enter(cast.alice, ACCOUNT)
    page.set_viewport_size(SIZES["phone"]["viewport"])
    expect(page.get_by_role("complementary", name="Main")).to_be_hidden()
    bar = page.get_by_role("navigation", name="Sections, phone")
    assert bar.locator(":scope > *").count() == 4
    assert all(box(item)["height"] >= 44 for item in bar.locator(":scope > *").all())
    bar.get_by_role("button", name="Account").click()
    page.get_by_role("dialog").get_by_role("button", name="Alice Studio").click()
    expect(page.get_by_role("dialog", name="Access Groups")).to_be_visible()


def test_a_toast_can_be_pressed_above_an_open_dialog(enter: Enter, cast: Cast) -> None:
    page = enter(cast.alice, "/ui/")
    page.get_by_role("button", name="Drawer").first.click()
    page.evaluate(
        "import('/static/js/toast.js').then(m => m.toast('Moved.', "
        "{ action: 'Undo', onAction: () => { document.title = 'undone'; } }))"
    )
    page.get_by_role("button", name="Undo").click()
    expect(page).to_have_title("undone")


def test_a_press_beside_a_dialog_closes_it_unless_it_holds_text(
    enter: Enter, cast: Cast
) -> None:
    page = enter(cast.alice, "/ui/")
    page.get_by_role("button", name="Drawer").first.click()
    page.mouse.click(40, 400)
    drawer = page.get_by_role("dialog", name="New post")
    expect(drawer).to_be_visible()
    drawer.get_by_role("button", name="A dialog above the drawer").click()
    page.mouse.click(40, 400)
    expect(page.get_by_role("dialog", name="Disconnect")).to_be_hidden()
    expect(drawer).to_be_visible()


def test_nothing_is_lost_at_320_px(enter: Enter, cast: Cast) -> None:
    page = enter(cast.alice, ACCOUNT)
    page.set_viewport_size({"width": 320, "height": 640})
    for path in (ACCOUNT, "/ui/"):
        page.goto(page.url.split("/user")[0].split("/ui")[0] + path)
        assert overflow(page) == 0


def test_the_account_pages_are_reached_without_scripts(
    browser: Browser, enter: Enter, cast: Cast, page: Page
) -> None:
    enter(cast.alice, ACCOUNT)
    state = page.context.storage_state()
    context = browser.new_context(java_script_enabled=False, storage_state=state)
    plain = context.new_page()
    plain.goto(page.url)
    plain.get_by_role("button", name="Your account").click()
    expect(plain.get_by_role("heading", name="Add an address")).to_be_visible()
    context.close()
