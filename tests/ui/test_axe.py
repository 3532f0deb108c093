"""The measure that pages are held to: it finds what is wrong, and the same each time."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.support.plugin_browser import axe

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="en"><title>Pale</title>
<main><h1>Words</h1><p style="color: {colour}">One</p><p>Two</p>{more}</main>"""


def test_a_fault_is_named_with_its_place(page: Page) -> None:
    page.set_content(PAGE.format(colour="#aaa", more=""))
    assert axe(page) == ["serious color-contrast p:nth-child(2)"]


def test_each_place_of_a_fault_and_each_fault_has_a_line(page: Page) -> None:
    page.set_content(PAGE.format(colour="#aaa", more="<img src='data:,'><input>" * 2))
    found = [line.split()[1] for line in axe(page)]
    assert sorted(found) == ["color-contrast", *["image-alt"] * 2, *["label"] * 2]


def test_a_page_is_read_anew_each_time(page: Page) -> None:
    page.set_content(PAGE.format(colour="#000", more=""))
    assert axe(page) == []
    page.locator("p").first.evaluate("line => { line.style.color = '#aaa' }")
    assert axe(page) == ["serious color-contrast p:nth-child(2)"]
