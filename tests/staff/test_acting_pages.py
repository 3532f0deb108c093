"""What a look opens is told to the page, which greys out all else (R-I1)."""

from __future__ import annotations

import re

import pytest
from django.urls import resolve

from support.allowed import END, PAGES, SIGN_OUT, shapes
from tests.safety.matrix.addresses import any_path, every

pytestmark = pytest.mark.django_db
OPEN = PAGES | {END, SIGN_OUT}


def shown_open(path: str) -> bool:
    """As static/js/acting.js reads it."""
    return any(re.fullmatch(f"/{shape}", path) for shape in shapes())


def test_the_script_is_told_of_every_page_that_is_open_and_of_no_other():
    for route in every():
        if route.startswith("admin/"):
            continue
        path = any_path(route, {"platform": "bluesky"})
        assert shown_open(path) == (resolve(path).view_name in OPEN), path
