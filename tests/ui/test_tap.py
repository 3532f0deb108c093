"""Under a finger everything that can be pressed is 44 px high, seen or not."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.people import Cast
from tests.support.plugin_browser import SIZES

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("redis_cache"),
]
PRESSED = ".btn, .segmented > *, .tabs__item, .menu__item, .input, summary"
SMALL = """(pressed) => [...document.querySelectorAll(pressed)]
  .filter((el) => el.checkVisibility({ visibilityProperty: true }))
  .map((el) => {
    const reach = parseFloat(getComputedStyle(el, "::before").height) || 0;
    const height = Math.max(el.getBoundingClientRect().height, reach);
    return { height, name: el.innerText || el.className };
  })
  .filter(({ height }) => height < 44)"""


@pytest.fixture
def finger(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(**SIZES["phone"])
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(
    "path", ["/ui/", "/user/security/", "/g/{group}/settings/profiles/"]
)
def test_what_is_pressed_is_as_large_as_a_finger(
    enter: Callable[..., Page], finger: Page, cast: Cast, path: str
) -> None:
    """R-J2: usable with a thumb."""
    page = enter(cast.alice, path.format(group=cast.group.pk), at=finger)
    page.wait_for_load_state()
    assert page.evaluate(SMALL, PRESSED) == []


def test_a_press_beside_a_small_button_still_reaches_it(
    enter: Callable[..., Page], finger: Page, cast: Cast
) -> None:
    page = enter(cast.alice, "/user/security/", at=finger)
    button = page.locator("main .btn--sm").first
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box is not None
    just_above = [box["x"] + box["width"] / 2, box["y"] - 5]
    found = "([x, y]) => !!document.elementFromPoint(x, y).closest('.btn--sm')"
    assert page.evaluate(found, just_above)
