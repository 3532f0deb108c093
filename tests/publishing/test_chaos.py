"""A short storm over the whole publisher; `make chaos` runs the long one."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.support.worker import ROOT

pytestmark = pytest.mark.services

POSTS, OVER_S, SEED = 60, 6, 2026


def test_every_post_goes_out_once_whatever_dies_meanwhile():
    """R-F3, R-F4: workers killed, Redis emptied, PostgreSQL crashed, messages doubled."""
    words = ("-m", "tests.chaos", str(POSTS), str(OVER_S), str(SEED))
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr[-4_000:]}"
    report = json.loads(done.stdout.strip().splitlines()[-1])
    assert report["states"] == {"published": POSTS}
    assert report["kills"] >= OVER_S // 2
    assert report["broken"] == {}
