"""Maya, signed in by app password."""

from __future__ import annotations

import pytest

from tests.sandbox.bluesky.atproto import Account


@pytest.fixture
def maya(sandbox) -> Account:
    return Account(sandbox)
