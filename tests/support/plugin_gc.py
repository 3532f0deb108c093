"""pytest plugin: nine thousand collected tests are no garbage, nor looked at as such.

What collecting makes stays until the end: to look through it again and again took a
fifth of the collecting. What the tests make is looked at as ever.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    gc.disable()
    try:
        yield
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()
