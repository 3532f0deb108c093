"""R-I4: what `make check` says of vulnerabilities, licences and secrets."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from scripts import audit, licences, secret_scan
from scripts.audit import Answer, NoData

TODAY = date(2026, 11, 21)
FAULT = {"id": "PYSEC-1", "aliases": ["CVE-2026-1"], "fix_versions": ["2"]}
BROKEN = {"name": "old", "version": "1", "vulns": [FAULT]}
SOUND = {"name": "new", "version": "2", "vulns": []}


def test_a_known_vulnerability_is_red():
    found = audit.judge([SOUND, BROKEN], [], TODAY)
    assert found == ["old 1: PYSEC-1 (mended in 2)"]


def test_an_answer_holds_until_its_date():
    """By any of its names."""
    answer = Answer("CVE-2026-1", "never called", date(2026, 12, 1))
    assert audit.judge([BROKEN], [answer], TODAY) == []
    assert audit.judge([BROKEN], [answer], date(2026, 12, 1)) != []


def test_the_answers_file_is_read(tmp_path):
    path = tmp_path / "audit.toml"
    entry = '[[ignored]]\nid = "A"\nreason = "b"\nuntil = 2027-01-31\n'
    path.write_text(entry)
    assert audit.answers(path) == [Answer("A", "b", date(2027, 1, 31))]
    assert all(each.reason for each in audit.answers())


def test_nothing_is_red_or_green_where_nothing_is_known(monkeypatch, capsys):
    """Offline: loudly not checked, with a code of its own."""

    def silent(pins):
        raise NoData("no answer")

    monkeypatch.setattr(audit, "look_up", silent)
    with pytest.raises(SystemExit) as ended:
        audit.main()
    assert ended.value.code == audit.NOT_CHECKED
    assert "NOT CHECKED" in capsys.readouterr().out


def test_an_index_without_data_is_asked_once(monkeypatch):
    asked: list[list[str]] = []

    def empty(pins):
        asked.append(list(pins))
        return [{"name": "django", "skip_reason": "not found"}]

    monkeypatch.setattr(audit, "look_up", empty)
    with pytest.raises(NoData, match="no data"):
        audit.audit()
    assert [len(pins) for pins in asked] == [1]


def test_what_is_no_answer_is_no_data():
    with pytest.raises(NoData, match="network is down"):
        audit._read("", "trace\nnetwork is down\n")


def test_every_locked_package_is_asked_for():
    pins = audit.pins()
    assert len(pins) > 50
    assert all("==" in pin and " " not in pin.split(";")[0].strip() for pin in pins)


@pytest.mark.parametrize(
    ("licence", "fine"),
    [
        ("MIT", True),
        ("Apache-2.0 OR BSD-3-Clause", True),
        ("GPL-2.0-only OR MIT", True),
        ("(MIT AND Proprietary) OR BSL-1.1", False),
        ("MIT AND GPL-2.0-only", False),
        ("", False),
    ],
)
def test_licences_must_go_with_ours(licence, fine):
    assert licences.is_fine(licence) == fine


def test_the_list_of_licences_is_true():
    assert licences.PAGE.read_text() == licences.page(licences.installed())


def test_a_secret_of_a_service_is_found():
    line = b"a = 1\nkey = '" + b"AKIA" + b"ABCDEFGHIJKLMNOP" + b"'\n"
    assert secret_scan.found_in(line) == ["an AWS key in line 2"]
    assert secret_scan.found_in(b"key = 'canary-0123456789-abcdefghij'") == []


def test_every_file_that_git_keeps_is_looked_at():
    assert len(secret_scan.kept()) > 1_000
    assert Path("later/settings.py") in map(Path, secret_scan.kept())
