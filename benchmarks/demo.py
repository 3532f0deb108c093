"""How fast the demo is there on a machine that never saw it, how fast again, how big."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from benchmarks import process_tree, results
from benchmarks.demo_process import Browser, DemoProcess
from benchmarks.results import Result
from scripts import ports
from scripts.console import ROOT

# Ours to set: what the caller has must not make the demo faster or different.
FOREIGN = ("DATABASE_URL", "REDIS_URL", "DEMO_DIR", "VIRTUAL_ENV")
CALENDAR_VIEWS = 20


def run() -> list[Result]:
    with tempfile.TemporaryDirectory(prefix="later-bench-") as name:
        base = Path(name)
        runs = results.RUNS if os.environ.get("BENCH_FULL") == "1" else 1
        clones = [clone(base / f"clone{number}") for number in range(runs)]
        starts = iter(clones)
        cold = results.median(lambda: first_page_s(next(starts)), runs)
        warm = results.median(lambda: first_page_s(clones[0]))
        size = results.median(lambda: size_mb(clones[0]))
    return [
        Result("demo.cold_s", cold, "s", f"clean clone, empty caches, {_times(runs)}"),
        Result("demo.warm_s", warm, "s", f"started again, {_times(results.RUNS)}"),
        Result(
            "demo.pss_mb",
            size,
            "MB",
            f"all processes after {CALENDAR_VIEWS} calendars, {_times(results.RUNS)}",
        ),
    ]


def _times(runs: int) -> str:
    return "1 run" if runs == 1 else f"median of {runs}"


def clone(target: Path) -> Path:
    """What is committed, as a newcomer gets it."""
    subprocess.run(
        ["git", "clone", "--quiet", "--no-hardlinks", ROOT, target], check=True
    )
    return target


def start(checkout: Path) -> DemoProcess:
    """`make demo` with caches of its own, so that the first one downloads all."""
    env = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    caches = checkout.parent / "caches" / checkout.name
    env |= {
        "PORT": str(ports.free_port()),
        "UV_CACHE_DIR": str(caches / "uv"),
        "PIP_CACHE_DIR": str(caches / "pip"),
    }
    return DemoProcess(["make", "demo"], cwd=checkout, env=env)


def first_page_s(checkout: Path) -> float:
    """The first call in a checkout is a cold start, every later one a warm start."""
    with start(checkout) as demo:
        return demo.seconds_to_first_page()


def size_mb(checkout: Path) -> float:
    with start(checkout) as demo:
        demo.wait_for_welcome()
        browser = Browser(demo.said("address"))
        browser.sign_in(demo.said("email"), demo.said("password"))
        for _ in range(CALENDAR_VIEWS):
            browser.get("/")
        return process_tree.pss_mb(demo.pids())
