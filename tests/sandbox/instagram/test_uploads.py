"""Resumable uploads to the byte host."""

from __future__ import annotations

import pytest
import requests

from tests.sandbox.instagram.graph import good


@pytest.fixture
def clip(web):
    return (web.folder / "clip.mp4").read_bytes()


@pytest.fixture
def upload(lena_page):
    """A new reel's container; the address the API hands out, reached here."""
    form = {"media_type": "REELS", "upload_type": "resumable", "caption": "Bytes"}
    answer = good(lena_page.post(f"{lena_page.id}/media", **form))
    assert answer["uri"].startswith("https://rupload.facebook.com/ig-api-upload/v26.0/")
    local = answer["uri"].replace("https:/", lena_page.sandbox.url)
    return answer["id"], local


def send(profile, address, data, **headers):
    headers = {"Authorization": f"OAuth {profile.token}", **headers}
    return requests.post(address, data=data, headers=headers, timeout=30)


def transferred(profile, container):
    status = good(profile.get(container, fields="video_status"))["video_status"]
    return status["uploading_phase"]["bytes_transferred"]


def test_bytes_in_one_go(sandbox, lena_page, upload, clip):
    container, address = upload
    size = str(len(clip))
    assert lena_page.status(container)["status_code"] == "IN_PROGRESS"
    answer = send(lena_page, address, clip, offset="0", file_size=size)
    assert good(answer)["success"] is True
    assert lena_page.settled(container)["status_code"] == "FINISHED"
    lena_page.publish(container)
    [facts] = sandbox.ledger()[0]["media"]
    assert (facts["size"], facts["width"]) == (len(clip), 720)


def test_an_upload_resumes_at_the_offset_it_reports(lena_page, upload, clip):
    container, address = upload
    size, half = str(len(clip)), len(clip) // 2
    good(send(lena_page, address, clip[:half], offset="0", file_size=size))
    assert transferred(lena_page, container) == half
    assert lena_page.status(container)["status_code"] == "IN_PROGRESS"
    wrong = send(lena_page, address, clip[half:], offset="7", file_size=size)
    assert wrong.json()["debug_info"]["retriable"] is True
    good(send(lena_page, address, clip[half:], offset=str(half), file_size=size))
    assert lena_page.settled(container)["status_code"] == "FINISHED"


def test_an_address_may_stand_in_for_the_bytes(lena_page, upload, web):
    container, address = upload
    good(send(lena_page, address, b"", file_url=web("clip.mp4")))
    assert lena_page.settled(container)["status_code"] == "FINISHED"


def test_bytes_that_are_no_video_fail_in_processing(lena_page, upload):
    container, address = upload
    good(send(lena_page, address, b"nonsense", offset="0", file_size="8"))
    assert lena_page.settled(container)["status"].endswith("2207026")


def test_the_upload_host_wants_its_own_scheme(lena_page, upload):
    headers = {"Authorization": f"Bearer {lena_page.token}", "offset": "0"}
    answer = requests.post(upload[1], data=b"x", headers=headers, timeout=30)
    assert answer.json()["error"]["code"] == 190


def test_headers_are_needed(lena_page, upload):
    answer = send(lena_page, upload[1], b"x", offset="0")
    assert answer.status_code == 400
    assert answer.json()["debug_info"]["type"] == "ProcessingFailedError"
