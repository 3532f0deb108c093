"""The default bot as administrator of Maya's channel."""

from __future__ import annotations

import pytest

from tests.sandbox.telegram.bot import Bot, administrator


@pytest.fixture
def bot(sandbox) -> Bot:
    return administrator(sandbox)
