"""An account's data as one file (R-J6)."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.models import Account
from core import clock
from core.errors import DomainError
from core.holdings import holdings
from leaving import sections
from leaving.actions import gather as gathering
from leaving.actions.export import ask, cancel
from leaving.actions.gather import MAX_TRIES, gather, go_on
from leaving.models import Export
from media.models import MediaItem
from notifications.models import Notice
from scheduling.models import Post
from tests.factories import PostFactory
from tests.leaving.conftest import WORD

pytestmark = pytest.mark.django_db
S = Export.State


@pytest.fixture
def asked(planted) -> Export:
    return ask(account=planted.group.account, actor=planted.alice)


def made(export: Export) -> zipfile.ZipFile:
    gather(export.pk)
    export.refresh_from_db()
    assert export.status == S.READY
    assert export.file.name
    with default_storage.open(export.file.name) as stream:
        return zipfile.ZipFile(io.BytesIO(stream.read()))


def table(archive: zipfile.ZipFile, name: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(archive.read(f"{name}.json"))
    return found


def test_every_table_is_in_it_twice(asked):
    """R-J6: as JSON and as CSV, with the same rows."""
    archive = made(asked)
    names = {each.section.name for each in holdings() if each.section}
    assert {f"{n}.{kind}" for n in names for kind in ("json", "csv")} <= set(
        archive.namelist()
    )
    for name in names:
        text = archive.read(f"{name}.csv").decode()
        rows = list(csv.DictReader(io.StringIO(text)))
        assert len(rows) == len(table(archive, name)), name


def test_posts_come_with_their_results_and_files(asked):
    """R-J6: everything of an account, related by ids."""
    archive = made(asked)
    [post], [target] = table(archive, "posts"), table(archive, "targets")
    [item] = table(archive, "media")
    assert post["text"] == f"Words of {WORD}"
    assert (target["post"], target["state"]) == (post["id"], "scheduled")
    assert [row["item"] for row in table(archive, "post_media")] == [item["id"]]
    assert archive.read(f"media/{item['id']}.jpg") == f"bytes of {WORD}".encode()
    assert table(archive, "attempts")[0]["message"] == WORD
    people = {row["user_email"] for row in table(archive, "people")}
    assert people == {f"{WORD}@example.org", "bob@example.org"}


def test_no_token_is_in_it(asked):
    """R-D2: the export is read by programs of others."""
    archive = made(asked)
    for name in archive.namelist():
        assert b"canary-token" not in archive.read(name), name
        assert b"v1.k1." not in archive.read(name), name


def test_nothing_of_other_accounts_or_of_other_peoples_notices_is_in_it(asked, planted):
    """R-B1: Bob's notices are his."""
    PostFactory(group=planted.charlies_group, text="Charlie's secret")
    archive = made(asked)
    assert b"Charlie" not in archive.read("posts.json")
    assert (
        len(table(archive, "notices"))
        == Notice.objects.filter(user=planted.alice)
        .exclude(code="export.ready")
        .count()
    )


def test_a_formula_in_a_post_is_text_in_the_spreadsheet(planted):
    """R-I5: and stays what it is in the JSON."""
    Post.objects.update(text='=HYPERLINK("http://evil.example")')
    archive = made(ask(account=planted.group.account, actor=planted.alice))
    [row] = csv.DictReader(io.StringIO(archive.read("posts.csv").decode()))
    assert row["text"].startswith("'=HYPERLINK")
    assert table(archive, "posts")[0]["text"].startswith("=HYPERLINK")


def test_who_asked_is_told_and_mailed_when_it_is_ready(asked, planted):
    """R-J6: nobody has to wait in front of a page."""
    made(asked)
    notice = Notice.objects.get(code="export.ready")
    assert (notice.user, notice.path) == (planted.alice, "/user/data/")
    assert notice.mail_at is not None


def test_a_file_that_is_missing_is_told_and_stops_nothing(asked):
    item = MediaItem.objects.get()
    item.file.storage.delete(item.file.name)
    readme = made(asked).read("README.txt").decode()
    assert f"media/{item.pk}.jpg" in readme


def test_progress_counts_rows_and_files(asked):
    made(asked)
    assert asked.done == asked.total > 15


def test_one_at_a_time(asked, planted):
    with pytest.raises(DomainError, match="being prepared already"):
        ask(account=planted.group.account, actor=planted.alice)


@pytest.mark.parametrize("who", ["bob", "charlie", "dana"])
def test_only_the_owner_may_ask(planted, who):
    """R-A6, R-B1"""
    with pytest.raises(DomainError, match="owner"):
        ask(account=planted.group.account, actor=getattr(planted, who))


def test_what_is_called_off_stops_and_leaves_nothing(asked, planted, monkeypatch):
    """R-J6: also while a worker is in the middle of it."""
    write = sections.write

    def then_cancelled(*args):
        write(*args)
        cancel(export=asked, actor=planted.alice)

    monkeypatch.setattr(sections, "write", then_cancelled)
    gather(asked.pk)
    asked.refresh_from_db()
    assert (asked.status, bool(asked.file)) == (S.CANCELLED, False)
    assert not default_storage.exists(f"exports/{asked.pk}")


def test_what_a_dead_worker_left_of_it_goes_later(asked, planted):
    """R-I3: nobody who could notice that it was called off is alive."""
    folder = f"exports/{asked.pk}"
    default_storage.save(f"{folder}/posts.json", ContentFile(b"[]"))
    lease = clock.now() + timedelta(minutes=1)
    Export.objects.update(status=S.WORKING, lease_until=lease)
    cancel(export=asked, actor=planted.alice)
    assert default_storage.exists(folder)
    with time_machine.travel(clock.now() + timedelta(minutes=2), tick=False):
        go_on()
    assert not default_storage.exists(folder)


def test_after_a_crash_it_goes_on_where_it_was(asked, monkeypatch):
    """R-J6: tables that are whole are not read again."""
    read = []
    write = sections.write

    def dies(holding, section, *rest):
        if len(read) == 3:
            raise OSError("no room")
        read.append(section.name)
        write(holding, section, *rest)

    monkeypatch.setattr(sections, "write", dies)
    with pytest.raises(OSError, match="no room"):
        gather(asked.pk)
    monkeypatch.setattr(
        sections, "write", lambda h, s, *rest: (read.append(s.name), write(h, s, *rest))
    )
    assert go_on() == 0
    with time_machine.travel(clock.now() + timedelta(minutes=3), tick=False):
        assert go_on() == 1
        made(asked)
    assert len(read) == len(set(read))


def test_two_workers_don_t_make_it_twice(asked):
    Export.objects.update(
        status=S.WORKING, lease_until=clock.now() + timedelta(minutes=1)
    )
    gather(asked.pk)
    asked.refresh_from_db()
    assert (asked.status, asked.fence) == (S.WORKING, 0)


def test_it_gives_up_in_words(asked, planted):
    Export.objects.update(tries=MAX_TRIES)
    gather(asked.pk)
    asked.refresh_from_db()
    assert asked.status == S.FAILED
    assert Notice.objects.get(code="export.failed").user == planted.alice


def test_its_file_goes_after_a_week(asked):
    """R-I3: a copy of everything doesn't lie about."""
    made(asked)
    with time_machine.travel(clock.now() + gathering.KEPT, tick=False):
        go_on()
    asked.refresh_from_db()
    assert (asked.status, bool(asked.file)) == (S.EXPIRED, False)
    assert not default_storage.exists(f"exports/{asked.pk}")


def test_an_account_that_went_meanwhile_stops_it(asked, planted, monkeypatch):
    write = sections.write

    def then_deleted(*args):
        write(*args)
        Export.objects.all().delete()

    monkeypatch.setattr(sections, "write", then_deleted)
    gather(asked.pk)
    assert not default_storage.exists(f"exports/{asked.pk}")
    assert Account.objects.filter(pk=planted.group.account_id).exists()


def test_memory_doesn_t_grow_with_the_account(planted, monkeypatch):
    """R-J6: never more than a page of rows at once."""
    monkeypatch.setattr(sections, "PAGE", 4)
    PostFactory.create_batch(9, group=planted.group)
    holding, section = next(p for p in sections.told() if p[1].name == "posts")
    export = ask(account=planted.group.account, actor=planted.alice)
    sizes = [len(page) for page in sections.pages(holding, section, export)]
    assert sizes == [4, 4, 2]
