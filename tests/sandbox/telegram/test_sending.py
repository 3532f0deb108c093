"""Files, albums, polls: what is taken, what is refused, what the ledger keeps."""

from __future__ import annotations

import hashlib
import io
import json

import pytest
from PIL import Image

from tests.sandbox.telegram.bot import CHANNEL, PRIVATE, administrator
from tests.support.files import small_jpeg

NOT_A_FILE = "400 Bad Request: wrong file identifier/HTTP URL specified"
MB = 1024 * 1024


def picture(width=640, height=640, colour="teal"):
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "JPEG")
    return out.getvalue()


def media(*items):
    return json.dumps(list(items))


@pytest.fixture(scope="module")
def clip(web):
    return (web.folder / "clip.mp4").read_bytes()


def test_one_photo_by_upload(bot, sandbox):
    """Case 4: sendPhoto; the biggest size comes last, the ledger has the facts."""
    message = bot.ok("sendPhoto", chat_id=CHANNEL, photo=small_jpeg(), caption="Hi")
    sizes = [(size["width"], size["height"]) for size in message["photo"]]
    assert sizes == [(90, 90), (320, 320), (640, 640)]
    assert (message["caption"], "media_group_id" in message) == ("Hi", False)
    (row,) = sandbox.ledger("telegram")
    (file,) = row["media"]
    assert (row["kind"], row["text"]) == ("photo", "Hi")
    assert file["sha256"] == hashlib.sha256(small_jpeg()).hexdigest()
    assert (file["mime"], file["width"], file["height"]) == ("image/jpeg", 640, 640)
    assert file["size"] == len(small_jpeg())


def test_a_photo_by_address_is_really_fetched(bot, sandbox, web):
    message = bot.ok("sendPhoto", chat_id=CHANNEL, photo=web("photo.jpg"))
    assert message["photo"][-1]["height"] == 1280
    (file,) = sandbox.ledger("telegram")[0]["media"]
    expected = hashlib.sha256((web.folder / "photo.jpg").read_bytes()).hexdigest()
    assert (file["sha256"], file["source_url"]) == (expected, web("photo.jpg"))


@pytest.mark.parametrize(
    ("place", "refusal"),
    [
        ("missing.jpg", "400 Bad Request: failed to get HTTP URL content"),
        ("clip.mp4", "400 Bad Request: wrong type of the web page content"),
    ],
)
def test_addresses_that_give_no_photo(bot, web, place, refusal):
    assert bot.refused("sendPhoto", chat_id=CHANNEL, photo=web(place)) == refusal


def test_an_address_of_another_kind_is_wrong(bot):
    refusal = "400 Bad Request: wrong HTTP URL specified"
    assert bot.refused("sendPhoto", chat_id=CHANNEL, photo="ftp://x/y") == refusal
    assert bot.refused("sendPhoto", chat_id=CHANNEL, photo="attach://x") == NOT_A_FILE
    missing = "400 Bad Request: there is no photo in the request"
    assert bot.refused("sendPhoto", chat_id=CHANNEL) == missing


def test_a_photo_by_address_may_have_5_mb(bot, web):
    large = web.folder / "large.jpg"
    large.write_bytes(small_jpeg() + b"\0" * 5 * MB)
    words = bot.refused("sendPhoto", chat_id=CHANNEL, photo=web("large.jpg"))
    assert words == "400 Bad Request: failed to get HTTP URL content"


def test_documents_by_address_are_few_kinds(bot, web):
    (web.folder / "paper.pdf").write_bytes(b"%PDF-1.7 pages")
    bot.ok("sendDocument", chat_id=CHANNEL, document=web("paper.pdf"))
    words = bot.refused("sendDocument", chat_id=CHANNEL, document=web("photo.jpg"))
    assert words == "400 Bad Request: wrong type of the web page content"


@pytest.mark.parametrize(
    ("size", "reason"),
    [
        ((9000, 1001), "PHOTO_INVALID_DIMENSIONS"),
        ((2100, 100), "PHOTO_INVALID_DIMENSIONS"),
    ],
)
def test_photos_of_an_unbearable_shape(bot, size, reason):
    words = bot.refused("sendPhoto", chat_id=CHANNEL, photo=picture(*size))
    assert words == f"400 Bad Request: {reason}"


def test_bytes_that_are_no_picture(bot):
    words = bot.refused("sendPhoto", chat_id=CHANNEL, photo=b"hello")
    assert words == "400 Bad Request: IMAGE_PROCESS_FAILED"
    empty = bot.refused("sendPhoto", chat_id=CHANNEL, photo=b"")
    assert empty == "400 Bad Request: file must be non-empty"


def test_a_photo_by_upload_may_have_10_mb(bot):
    size = 10 * MB + 1
    large = small_jpeg() + b"\0" * (size - len(small_jpeg()))
    words = bot.refused("sendPhoto", chat_id=CHANNEL, photo=large)
    assert words == (
        f"400 Bad Request: file of size {size} bytes is too big for a photo; "
        "the maximum size is 10485760 bytes"
    )
    bot.ok("sendDocument", chat_id=CHANNEL, document=large)


def test_uploads_beyond_50_mb_are_too_large(bot):
    words = bot.refused("sendDocument", chat_id=CHANNEL, document=b"\0" * 51 * MB)
    assert words == "413 Request Entity Too Large"


def test_a_file_id_sends_the_same_file_again(bot, sandbox):
    """Case 5: one upload, then its identifier in other channels."""
    first = bot.ok("sendPhoto", chat_id=CHANNEL, photo=small_jpeg())["photo"][-1]
    administrator(sandbox, channel=PRIVATE)
    again = bot.ok("sendPhoto", chat_id=PRIVATE, photo=first["file_id"])["photo"][-1]
    assert again == first
    smaller = again["file_id"] + "90"
    assert bot.ok("sendPhoto", chat_id=PRIVATE, photo=smaller)["photo"][-1] == first
    hashes = {row["media"][0]["sha256"] for row in sandbox.ledger("telegram")}
    assert len(hashes) == 1


def test_identifiers_stay_with_their_kind(bot):
    photo = bot.ok("sendPhoto", chat_id=CHANNEL, photo=small_jpeg())["photo"][-1]
    words = bot.refused("sendVideo", chat_id=CHANNEL, video=photo["file_id"])
    assert words == "400 Bad Request: can't use file of type Photo as Video"
    assert bot.refused("sendVideo", chat_id=CHANNEL, video="BAAC") == NOT_A_FILE


def test_a_video_keeps_the_measures_it_was_told(bot, sandbox, clip):
    told = {"width": 720, "height": 1280, "duration": 4, "supports_streaming": True}
    video = bot.ok("sendVideo", chat_id=CHANNEL, video=clip, **told)["video"]
    assert (video["width"], video["height"], video["duration"]) == (720, 1280, 4)
    assert video["mime_type"] == "video/mp4"
    (file,) = sandbox.ledger("telegram")[0]["media"]
    assert (file["kind"], file["width"], file["video_codec"]) == ("video", 720, "h264")
    silent = bot.ok("sendVideo", chat_id=CHANNEL, video=clip)["video"]
    assert (silent["width"], silent["height"]) == (320, 320)


def test_what_is_no_video_arrives_as_a_file(bot):
    message = bot.ok("sendVideo", chat_id=CHANNEL, video=b"no film")
    assert "video" not in message
    assert message["document"]["file_size"] == 7


def test_animations_are_documents_too_and_audio_has_a_length(bot, clip):
    moving = bot.ok("sendAnimation", chat_id=CHANNEL, animation=clip)
    assert moving["animation"]["file_id"] == moving["document"]["file_id"]
    sound = bot.ok("sendAudio", chat_id=CHANNEL, audio=b"tone", duration=9)
    assert sound["audio"]["duration"] == 9


def test_captions_have_1024_code_points(bot):
    photo = small_jpeg()
    bot.ok("sendPhoto", chat_id=CHANNEL, photo=photo, caption="é" * 1024)
    words = bot.refused("sendPhoto", chat_id=CHANNEL, photo=photo, caption="é" * 1025)
    assert words == "400 Bad Request: message caption is too long"


def test_three_photos_are_one_album_with_one_caption(bot, sandbox):
    """Case 3: one id each, one media_group_id, one row in the ledger."""
    first = {"type": "photo", "media": "attach://f0", "caption": "A" * 900}
    rest = [{"type": "photo", "media": f"attach://f{n}"} for n in (1, 2)]
    messages = bot.ok(
        "sendMediaGroup",
        chat_id=CHANNEL,
        media=media(first, *rest),
        **{f"f{n}": picture(300 + n, 300) for n in range(3)},
    )
    assert [message["message_id"] for message in messages] == [1, 2, 3]
    assert len({message["media_group_id"] for message in messages}) == 1
    assert ["caption" in message for message in messages] == [True, False, False]
    (row,) = sandbox.ledger("telegram")
    assert (row["kind"], row["remote_id"]) == ("album", "1")
    assert row["permalink"] == "https://t.me/mayacooks/1"
    assert row["extra"]["message_ids"] == [1, 2, 3]
    assert [file["width"] for file in row["media"]] == [300, 301, 302]


def test_photos_and_videos_mix_in_an_album(bot, clip):
    items = media(
        {"type": "photo", "media": "attach://a"},
        {"type": "video", "media": "attach://b", "width": 720, "height": 1280},
    )
    photo, video = bot.ok(
        "sendMediaGroup", chat_id=CHANNEL, media=items, a=small_jpeg(), b=clip
    )
    assert ("photo" in photo, video["video"]["height"]) == (True, 1280)


def album_trouble(bot, *items):
    return bot.refused("sendMediaGroup", chat_id=CHANNEL, media=media(*items))


def test_album_rules(bot):
    photo = {"type": "photo", "media": "x"}
    document = {"type": "document", "media": "x"}
    bad, parse = "400 Bad Request: ", "can't parse InputMedia: "
    assert album_trouble(bot, *[photo] * 11) == (
        bad + "too many messages to send as an album"
    )
    assert album_trouble(bot) == bad + "there are no messages to send"
    assert album_trouble(bot, photo, document) == (
        bad + "document can't be mixed with other media types"
    )
    assert album_trouble(bot, photo, {**photo, "show_caption_above_media": True}) == (
        bad + "parameter show_caption_above_media must be the same for all messages"
    )
    assert album_trouble(bot, {"type": "photo"}) == bad + parse + "media not found"
    assert album_trouble(bot, {**photo, "type": "animation"}) == (
        bad + parse + 'type "animation" can\'t be used in sendMediaGroup'
    )
    assert album_trouble(bot, {**photo, "type": "voice"}) == (
        bad + parse + 'type "voice" is unsupported'
    )


def test_an_album_that_fails_in_part_leaves_the_rest_in_the_channel(bot, sandbox):
    """Case 12: an error, yet items 1 and 3 are out."""
    items = [{"type": "photo", "media": f"attach://f{n}"} for n in range(3)]
    files = {"f0": picture(300, 300), "f1": b"broken", "f2": picture(302, 300)}
    words = bot.refused("sendMediaGroup", chat_id=CHANNEL, media=media(*items), **files)
    assert words == (
        "400 Bad Request: failed to send message #2 with the error message "
        '"IMAGE_PROCESS_FAILED"'
    )
    (row,) = sandbox.ledger("telegram")
    assert row["extra"]["message_ids"] == [1, 2]
    assert [file["width"] for file in row["media"]] == [300, 302]


def test_the_switch_fails_an_item_of_a_good_album(bot, sandbox):
    sandbox.set(**{"telegram.album_fails_at": 1})
    items = [{"type": "photo", "media": f"attach://f{n}"} for n in range(2)]
    files = {f"f{n}": picture(300 + n, 300) for n in range(2)}
    words = bot.refused("sendMediaGroup", chat_id=CHANNEL, media=media(*items), **files)
    assert '#1 with the error message "WEBPAGE_MEDIA_EMPTY"' in words
    assert sandbox.ledger("telegram")[0]["extra"]["message_ids"] == [1]


def test_a_poll_is_anonymous_in_a_channel(bot, sandbox):
    options = [{"text": "Tea"}, {"text": "Coffee"}]
    wish = {"chat_id": CHANNEL, "question": "Tea or coffee?", "options": options}
    poll = bot.ok("sendPoll", **wish, open_period=86_400)["poll"]
    assert [option["text"] for option in poll["options"]] == ["Tea", "Coffee"]
    assert sandbox.ledger("telegram")[0]["text"] == "Tea or coffee?"
    words = bot.refused("sendPoll", **wish, is_anonymous=False)
    assert words == (
        "400 Bad Request: non-anonymous polls can't be sent to channel chats"
    )


@pytest.mark.parametrize(
    "change",
    [
        {"question": ""},
        {"question": "q" * 301},
        {"options": []},
        {"options": ["x"] * 13},
        {"options": ["y" * 101]},
        {"open_period": 4},
    ],
)
def test_poll_limits(bot, change):
    wish = {"chat_id": CHANNEL, "question": "Q", "options": ["a", "b"], **change}
    assert bot.refused("sendPoll", **wish).startswith("400 Bad Request: poll")


def test_a_reply_shows_what_it_answers(bot):
    bot.ok("sendMessage", chat_id=CHANNEL, text="one")
    reply = {"message_id": 1}
    message = bot.ok("sendMessage", chat_id=CHANNEL, text="2", reply_parameters=reply)
    assert message["reply_to_message"]["text"] == "one"
    gone = {"message_id": 99}
    wish = {"chat_id": CHANNEL, "text": "3"}
    words = bot.refused("sendMessage", **wish, reply_parameters=gone)
    assert words == "400 Bad Request: message to be replied not found"
    gone["allow_sending_without_reply"] = True
    assert bot.ok("sendMessage", **wish, reply_parameters=gone)["text"] == "3"


def test_media_addresses_can_be_believed_for_load_tests(bot, sandbox):
    sandbox.set(fetch_media=False)
    bot.ok("sendPhoto", chat_id=CHANNEL, photo="https://media.example/none.jpg")
    assert sandbox.ledger("telegram")[0]["kind"] == "photo"
