from __future__ import annotations

import pytest

# Before anything imports them: a failed assert of the contract explains itself.
pytest.register_assert_rewrite("tests.platforms.declared", "tests.platforms.contract")
