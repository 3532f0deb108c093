"""The doctor on what lies around: mail, backups, time zones (R-J5)."""

from __future__ import annotations

import os
import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command

from accounts.models import AccessGroup
from core.doctor import Finding, Level
from later import doctor_outside
from later.doctor_outside import SMTP, backups, mail, zones

pytestmark = pytest.mark.django_db
A_DAY_S = 24 * 3600


def only(findings: Iterator[Finding]) -> Finding:
    (found,) = findings
    return found


class Smtp(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as a sign-in needs; `said` is what it was told."""

    said: list[str] = []

    def handle(self) -> None:
        self._say("220 mail.example")
        for line in self.rfile:
            word = line.decode().strip()
            self.said.append(word)
            if word.upper().startswith("QUIT"):
                self._say("221 bye")
                return
            self._say("250 fine")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def smtp(settings) -> Iterator[list[str]]:
    """A mail server; the list of what it heard."""
    Smtp.said = []
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Smtp)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.EMAIL_BACKEND = SMTP
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.server_address[1]
    yield Smtp.said
    server.shutdown()
    server.server_close()


def test_a_mail_server_is_greeted_and_nothing_is_sent(smtp):
    found = only(mail())
    assert (found.level, found.text) == (Level.OK, "127.0.0.1 takes us in.")
    assert not [line for line in smtp if line.upper().startswith(("MAIL", "DATA"))]


def test_a_mail_server_that_is_away_fails(settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = free.getsockname()[1]
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = SMTP, "127.0.0.1"
    found = only(mail())
    assert (found.level, "EMAIL_URL" in found.todo) == (Level.FAIL, True)


def test_no_mail_server_is_pointed_out():
    assert only(mail()).level == Level.WARN


def test_one_mail_is_sent_when_asked(mailoutbox):
    out = StringIO()
    call_command("doctor", "zones", mail="ops@example.org", stdout=out)
    assert [message.to for message in mailoutbox] == [["ops@example.org"]]
    assert "To ops@example.org; look whether it arrives" in out.getvalue()


def test_without_asking_none_is_sent(mailoutbox):
    call_command("doctor", "zones", stdout=StringIO())
    assert mailoutbox == []


def test_a_mail_that_fails_is_a_finding(settings, monkeypatch):
    def refused(self: object) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr(doctor_outside.EmailMessage, "send", refused)
    assert doctor_outside.send_mail("ops@example.org").level == Level.FAIL


@pytest.mark.parametrize(
    ("hours", "level"), [(1, Level.OK), (25, Level.OK), (27, Level.FAIL)]
)
def test_a_backup_is_judged_by_its_newest_file(settings, tmp_path, hours, level):
    settings.BACKUP_PATH = str(tmp_path)
    for name, age in (("new.dump", hours), ("old.dump", 500)):
        file = tmp_path / name
        file.touch()
        written = time.time() - age * 3600
        os.utime(file, (written, written))
    found = only(backups())
    assert (found.level, found.text) == (level, f"The newest is {hours} hours old.")


def test_one_file_may_be_the_mark(settings, tmp_path):
    mark = tmp_path / "done"
    mark.touch()
    settings.BACKUP_PATH = str(mark)
    assert only(backups()).level == Level.OK


def test_a_backup_that_is_not_there_fails(settings, tmp_path):
    for place in (tmp_path, tmp_path / "nowhere"):
        settings.BACKUP_PATH = str(place)
        assert only(backups()).level == Level.FAIL


def test_unknown_backups_are_pointed_out(settings):
    settings.BACKUP_PATH = ""
    found = only(backups())
    assert (found.level, "BACKUP_PATH" in found.todo) == (Level.WARN, True)


@pytest.fixture
def zone_data(tmp_path, monkeypatch):
    """`zone_data(first line)`: the system's tables are of this release."""

    def made(line: str) -> None:
        (tmp_path / "tzdata.zi").write_text(f"{line}\nR d 1916 o - Jun 14 23s 1 S\n")
        monkeypatch.setattr(doctor_outside, "TZPATH", (str(tmp_path),))

    return made


def test_zones_name_their_release(zone_data):
    zone_data("# version 2026c")
    with time_machine.travel(datetime(2026, 6, 1, tzinfo=UTC)):
        found = only(zones())
    assert (found.level, found.text) == (Level.OK, "Time zones are of 2026c.")


def test_old_zones_are_pointed_out(zone_data):
    zone_data("# version 2021a")
    found = only(zones())
    assert (found.level, "tzdata" in found.todo) == (Level.WARN, True)


def test_without_the_systems_tables_ours_are_judged(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor_outside, "TZPATH", (str(tmp_path),))
    assert only(zones()).text.startswith("Time zones are of 20")


def test_a_zone_that_this_system_lacks_fails(cast):
    AccessGroup.objects.filter(pk=cast.group.pk).update(timezone="Mars/Olympus")
    found = list(zones())[-1]
    assert (found.level, "Mars/Olympus" in found.text) == (Level.FAIL, True)
