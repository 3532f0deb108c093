"""R-B2, R-E4: media take as much room as the plan has, and a refusal leaves nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts import plans
from accounts.actions.plans import set_plan
from media.actions.upload import add_file
from media.models import MediaItem
from tests.accounts.test_invitation_races import at_once
from tests.conftest import signed_in
from tests.support import files


@pytest.fixture
def photo(tmp_path) -> Path:
    return files.photo(tmp_path / "one.jpg")


@pytest.fixture
def room_for_one(cast, photo, monkeypatch):
    """A plan with room for this photo and half of another."""
    most = photo.stat().st_size * 3 // 2
    monkeypatch.setitem(plans.PLANS, "tiny", replace(plans.PLANS["free"], storage=most))
    set_plan(cast.group.account, "tiny")


def send(cast, photo: Path):
    file = SimpleUploadedFile("one.jpg", photo.read_bytes(), "image/jpeg")
    path = reverse("media:upload", args=[cast.group.pk])
    headers = {"Accept": "application/json"}
    return signed_in(cast.alice).post(path, {"file": file}, headers=headers)


@pytest.mark.django_db
def test_the_file_too_many_is_refused_in_words(cast, photo, room_for_one):
    assert send(cast, photo).status_code == 201
    answer = send(cast, photo)
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert error["code"] == "plan_storage"
    assert "Delete files that no post needs" in error["message"]
    assert MediaItem.objects.count() == 1


@pytest.mark.django_db
def test_what_was_refused_leaves_no_file(cast, photo, room_for_one):
    send(cast, photo)
    kept = {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}
    send(cast, photo)
    left = {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}
    assert left == kept


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_finds_room(cast, photo, room_for_one):
    def press():
        add_file(group=cast.group, actor=cast.alice, path=photo, name="one.jpg")

    assert at_once(press, press) == ["", "plan_storage"]
    assert MediaItem.objects.count() == 1
