"""Accounts, sessions, records and jobs survive a restart."""

from __future__ import annotations

from tests.sandbox.bluesky.atproto import MAYA, Account, Client, good, trouble
from tests.sandbox.bluesky.test_video import status, upload
from tests.support.files import small_jpeg, video
from tests.support.sandbox import Sandbox

PATH = "/xrpc/com.atproto.server.getSession"


def test_sessions_records_and_blobs_return(tmp_path):
    state = tmp_path / "state.json"
    with Sandbox(state=state) as sandbox:
        maya, client = Account(sandbox), Client(sandbox)
        tokens = client.sign_in(maya.did)
        blob = maya.blob(small_jpeg())
        made = good(maya.create("kept", "3n2u5hgbu222b"))
    with Sandbox(state=state) as sandbox:
        maya.sandbox = client.sandbox = sandbox
        answer = client.send("GET", maya.host, PATH, token=tokens["access_token"])
        assert good(answer)["did"] == maya.did
        image = {"image": blob, "alt": ""}
        embed = {"$type": "app.bsky.embed.images", "images": [image]}
        good(maya.create("with the old blob", embed=embed))
        assert trouble(maya.create("again", "3n2u5hgbu222b")).startswith("500")
        place = {"repo": maya.did, "collection": made["uri"].split("/")[3]}
        answer = maya.get("com.atproto.repo.listRecords", **place)
        assert len(good(answer)["records"]) == 2
        assert len(sandbox.ledger("bluesky", profile=maya.did)) == 2


def test_a_video_job_goes_on(tmp_path):
    state = tmp_path / "state.json"
    clip = video(tmp_path / "clip.mp4", seconds=1).read_bytes()
    with Sandbox(state=state) as sandbox:
        sandbox.set(processing_ms=1)
        job = good(upload(Account(sandbox, MAYA), clip))["jobStatus"]["jobId"]
    with Sandbox(state=state) as sandbox:
        done = good(status(sandbox, job))["jobStatus"]
        assert done["state"] == "JOB_STATE_COMPLETED"
        assert done["blob"]["size"] == len(clip)
