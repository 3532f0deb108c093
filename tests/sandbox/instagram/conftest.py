"""Signed-in accounts of Instagram's double."""

from __future__ import annotations

import pytest

from tests.sandbox.instagram.graph import Profile, page_profile, profile
from tests.support.sandbox import Sandbox


@pytest.fixture
def lena(sandbox: Sandbox) -> Profile:
    """A business account without Facebook."""
    return profile(sandbox, "lena.studio")


@pytest.fixture
def lena_page(sandbox: Sandbox) -> Profile:
    """The same account through its Facebook Page."""
    return page_profile(sandbox, "lena.studio")


@pytest.fixture(params=[profile, page_profile], ids=["own login", "facebook login"])
def either(request, sandbox: Sandbox) -> Profile:
    """The account in both dialects, one after the other."""
    return request.param(sandbox, "lena.studio")
