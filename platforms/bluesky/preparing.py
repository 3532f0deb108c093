"""All that can be repeated before the one call: key, uploads, card, and the record.

Each step is in the journal before the next begins, with its time: what is older than
FRESH is made anew. The key stays the same for ever: it is what makes sending safe.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from platforms import clock
from platforms.bluesky import api, cards, records, richtext, tid
from platforms.bluesky.identity import Directory
from platforms.bluesky.limits import (
    FRESH,
    IMAGE_BYTES,
    IMAGE_BYTES_ELSEWHERE,
    PLAIN_VIDEO_BYTES,
)
from platforms.bluesky.pictures import BadPicture, fitted
from platforms.bluesky.videos import JobFailed, Videos
from platforms.bluesky.wire import Json, Xrpc
from platforms.errors import PlatformError, Rejected, Unavailable
from platforms.types import Job, Journal, Media, Prepared, Waiting

BLUESKYS_OWN = ".host.bsky.network"


@dataclass(frozen=True)
class Preparation:
    """One publication on its way to `Prepared`. `server` is the account's PDS."""

    server: Xrpc
    directory: Directory
    job: Job
    journal: Journal

    def run(self) -> Prepared | Waiting:
        key = self._key()
        done = self._kept("record")
        if done is None:
            embed = self._embed()
            if isinstance(embed, Waiting):
                return embed
            done = self._keep("record", {"record": self._record(embed)})
        return Prepared({"rkey": key, "record": done["record"]})

    # Steps

    def _key(self) -> str:
        found = self.journal.get("key")
        if found is None:
            found = {"rkey": tid.new()}
            self.journal.put("key", found)
        return str(found["rkey"])

    def _embed(self) -> Json | Waiting | None:
        media = self.job.draft.media
        if not media:
            return self._card()
        if media[0].kind == "image":
            blobs = [self._picture(number, item) for number, item in enumerate(media)]
            return records.images(media, blobs)
        blob = self._video(media[0])
        return blob if isinstance(blob, Waiting) else records.video(media[0], blob)

    def _record(self, embed: Json | None) -> Json:
        """Dated when it is due, so that preparing early doesn't age the post."""
        draft = self.job.draft
        at = max(clock.now(), self.job.due or clock.now())
        rich = richtext.compose(draft.text, self._did_of)
        options = records.Options.of(draft.options)
        record = records.post(rich, records.timestamp(at), options, embed)
        if self.job.before:
            record["reply"] = records.reply(self.job.before)
        return record

    def _picture(self, number: int, item: Media) -> Json:
        step = f"picture:{number}"
        kept = self._kept(step)
        if kept is None:
            kept = self._keep(step, {"blob": uploaded(self.server, item)})
        blob: Json = kept["blob"]
        return blob

    def _video(self, item: Media) -> Json | Waiting:
        did, service = self.job.profile.external_id, self.directory.places.video
        videos = Videos(self.server, did, service)
        kept = self._kept("video")
        try:
            if kept is None:
                name = f"{self.job.key}.mp4"
                kept = self._keep("video", videos.start(item, name, self._failures()))
            if "jobId" not in kept:
                blob: Json = kept["blob"]
                return blob
            found = videos.look(kept["jobId"])
        except Unavailable as error:
            self._note_failure(error)
            raise
        if not isinstance(found, Waiting):
            self._keep("video", {"blob": found})
        return found

    def _failures(self) -> int:
        return int((self.journal.get("video_failures") or {}).get("count", 0))

    def _note_failure(self, error: Unavailable) -> None:
        self.journal.put("video_failures", {"count": self._failures() + 1})
        if isinstance(error, JobFailed):
            self.journal.put("video", {})

    def _card(self) -> Json | None:
        kept = self._kept("card")
        if kept is None:
            kept = self._keep("card", {"embed": self._made_card()})
        card: Json | None = kept["embed"]
        return card

    def _made_card(self) -> Json | None:
        options = records.Options.of(self.job.draft.options)
        # A card chosen for the post is the first part's.
        chosen = "" if self.job.before else options.link
        url = chosen or richtext.first_link(self.job.draft.text)
        if not (url and options.link_card):
            return None
        card = cards.read(self.server.wire.http, url)
        if card is not None:
            thumb = self._thumb(card.picture_url)
            return records.card(url, card.title, card.description, thumb)
        # A link in the text can be followed without; a separate one would be lost.
        bare = records.card(url, cards.host_of(url), "", None)
        return bare if options.link else None

    def _thumb(self, url: str) -> Json | None:
        """A card without its picture is better than a post that fails for it."""
        found = cards.picture(self.server.wire.http, url) if url else None
        if found is None:
            return None
        try:
            return api.upload_blob(self.server, found.data, found.mime)
        except Rejected:
            return None

    def _did_of(self, handle: str) -> str | None:
        try:
            return self.directory.did_of(handle)
        except PlatformError:
            return None

    # The journal

    def _kept(self, step: str) -> Json | None:
        found = self.journal.get(step)
        if not found or clock.now().timestamp() - found["at"] > FRESH.total_seconds():
            return None
        return found

    def _keep(self, step: str, data: Json) -> Json:
        kept = {**data, "at": clock.now().timestamp()}
        self.journal.put(step, kept)
        return kept


def uploaded(server: Xrpc, item: Media) -> Json:
    """The blob of a picture, made smaller when this server wouldn't take it."""
    data, mime = item.bytes(), item.mime
    limit = image_limit(server.base)
    if len(data) > limit:
        try:
            smaller = fitted(data, limit)
        except BadPicture as bad:
            raise Rejected(f"{bad} Use another one.", "media") from None
        data, mime = smaller.data, smaller.mime
    return api.upload_blob(server, data, mime)


def with_files_again(server: Xrpc, media: Sequence[Media], record: Json) -> Json:
    """The record after the server forgot its files, which were uploaded once more.

    Unavailable for a long video, which only the service can bring in again.
    """
    if any(item.kind == "video" and item.size > PLAIN_VIDEO_BYTES for item in media):
        raise Unavailable("Bluesky lost the uploaded video. We upload it again.")
    blobs = [
        uploaded(server, item)
        if item.kind == "image"
        else api.upload_blob(server, item.bytes(), item.mime)
        for item in media
    ]
    return records.with_blobs(record, blobs)


def image_limit(server: str) -> int:
    """Bytes of one picture at this server: people's own are often older."""
    return IMAGE_BYTES if server.endswith(BLUESKYS_OWN) else IMAGE_BYTES_ELSEWHERE
