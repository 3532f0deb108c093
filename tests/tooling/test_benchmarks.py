"""The benchmark harness: fixed names, kept by name, medians, honest sizes."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys

import pytest

from benchmarks import process_tree, results, run, suite
from benchmarks.results import Result
from scripts import run_tests
from scripts.console import ROOT

FIELDS = {"name", "value", "unit", "how", "at", "commit"}
NOW = {"at": "2026-11-21T10:00:00Z", "commit": "abc1234"}


def row(name: str, value: float = 1) -> results.Row:
    return results.rows([Result(name, value, "s", "1 run")], **NOW)[0]


def test_a_row_has_the_promised_fields():
    assert row("demo.warm_s", 1.23456) == {
        "name": "demo.warm_s",
        "value": 1.235,
        "unit": "s",
        "how": "1 run",
        **NOW,
    }


def test_a_partial_run_keeps_the_others():
    known = [row("publish.posts_per_s", 80), row("demo.warm_s", 5)]
    merged = results.merge(known, [row("demo.warm_s", 2), row("demo.cold_s", 9)])
    values = {each["name"]: each["value"] for each in merged}
    assert values == {"publish.posts_per_s": 80, "demo.warm_s": 2, "demo.cold_s": 9}
    assert [each["name"] for each in merged] == sorted(values)


def test_results_survive_their_file(tmp_path):
    file = tmp_path / "new" / "latest.json"
    assert results.read(file) == []
    results.write([row("demo.warm_s")], file)
    assert results.read(file) == [row("demo.warm_s")]


def test_the_median_is_of_three_runs():
    measured = iter([9.0, 1.0, 2.0])
    assert results.median(lambda: next(measured)) == 2.0


def test_the_table_has_a_line_for_each_result():
    lines = results.table([row("demo.warm_s", 2), row("a.b", 10)]).splitlines()
    assert lines == ["demo.warm_s   2 s  1 run", "a.b          10 s  1 run"]


@pytest.mark.parametrize("area", run.AREAS)
def test_every_area_can_be_measured(area):
    """Read, not imported: some set Django up for a database of their own."""
    code = (ROOT / "benchmarks" / f"{area}.py").read_text(encoding="utf-8")
    functions = [n for n in ast.parse(code).body if isinstance(n, ast.FunctionDef)]
    [found] = [n for n in functions if n.name == "run"]
    assert ast.unparse(found.returns) == "list[Result]"


def test_an_unknown_area_is_refused(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["run", "speed"])
    with pytest.raises(SystemExit, match="Unknown area 'speed'"):
        run.main()


def test_committed_results_have_the_promised_shape():
    for each in results.read():
        assert each.keys() == FIELDS
        assert isinstance(each["value"], int | float)
    names = [each["name"] for each in results.read()]
    assert len(names) == len(set(names))


def test_the_suites_time_comes_from_its_last_green_run(tmp_path, monkeypatch):
    file = tmp_path / "test-duration.json"
    monkeypatch.setattr(run_tests, "DURATION", file)
    monkeypatch.setattr(suite, "DURATION", file)
    assert suite.run() == []
    run_tests.record(61.24)
    assert json.loads(file.read_text())["total_s"] == 61.2
    [found] = suite.run()
    assert (found.name, found.value) == ("test.total_s", 61.2)


def test_memory_of_a_tree_counts_its_children():
    code = "import subprocess, sys; b = bytearray(60_000_000); subprocess.run(['cat'])"
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        while len(process_tree.descendants(process.pid)) < 2:
            assert process.poll() is None
            os.sched_yield()
        tree = process_tree.descendants(process.pid)
        assert 60 < process_tree.pss_mb(tree) < 100
        assert process_tree.pss_mb(tree) > process_tree.pss_mb({process.pid})
        process.communicate()
    assert not process_tree.alive(tree)
