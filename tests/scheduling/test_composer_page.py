"""The composer without scripts: a plain form that loses nothing."""

from __future__ import annotations

import json
from html import unescape

import pytest
from django.urls import reverse

from profiles.states import ConnectionState
from scheduling.models import Post
from tests.factories import MediaItemFactory, TargetFactory
from tests.scheduling.doors import form

pytestmark = pytest.mark.usefixtures("march")

SOON = "2026-03-05T10:00"


@pytest.fixture
def new(cast):
    return reverse("scheduling:compose", args=[cast.group.pk])


def edit_url(post):
    return reverse("scheduling:edit", args=[post.group_id, post.pk])


def html_of(response):
    return unescape(response.content.decode())


def part(html, start, end):
    begin = html.index(start)
    return html[begin : html.index(end, begin)]


def errors_of(html, name):
    return part(html, f'data-errors="{name}"', "</div>")


def data_of(html):
    text = part(html, 'id="composer-data"', "</script>")
    return json.loads(text[text.index(">") + 1 :])


def test_form_has_profiles_text_and_time(alice, new, words):
    html = html_of(alice.get(new))
    assert f'name="profiles" value="{words.pk}"' in html
    assert 'name="text"' in html
    assert 'type="date"' in html
    assert "Europe/Berlin (GMT+1)" in html


def test_first_time_offered_is_half_an_hour_ahead(alice, new):
    html = html_of(alice.get(new))
    assert 'name="date" value="2026-03-01"' in html
    assert 'name="time" value="13:00"' in html


def test_pressed_slot_is_filled_in(alice, new):
    """R-E1: a press on an empty slot opens the composer with that time."""
    html = html_of(alice.get(new, {"at": SOON}))
    assert 'name="date" value="2026-03-05"' in html
    assert 'name="time" value="10:00"' in html


@pytest.mark.parametrize("at", ["soon", '"><script>', "2026-03-05"])
def test_senseless_slot_is_ignored(alice, new, at):
    html = html_of(alice.get(new, {"at": at}))
    assert 'name="date" value="2026-03-01"' in html
    assert "<script>" not in part(html, "<form", "</form>")


def test_saved_post_leads_to_its_page_and_says_so(alice, new, words):
    response = alice.post(new, form(words.pk, wall=SOON), follow=True)
    post = Post.objects.get()
    assert response.redirect_chain[-1][0] == reverse(
        "scheduling:post", args=[post.group_id, post.pk]
    )
    assert "Scheduled for Thu 5 Mar, 10:00." in html_of(response)


def test_clock_change_is_told_on_saving(alice, new, words):
    """R-E1: a time that doesn't exist is moved on, and never silently."""
    gap = form(words.pk, wall="2026-03-29T02:30")
    html = html_of(alice.post(new, gap, follow=True))
    assert "02:30 doesn't exist: it goes out at 03:30." in html


def test_nothing_typed_is_lost_and_each_message_stands_at_its_field(
    alice, new, words, gallery, photo
):
    """R-E2: refused with a text, a variation, a file and a past time."""
    fields = form(
        words.pk,
        gallery.pk,
        text="My long thoughts",
        own="x" * 301,
        wall="2026-02-27T09:15",
        media=[photo.pk],
    )
    response = alice.post(new, fields)
    html = html_of(response)
    assert response.status_code == 422
    assert "My long thoughts" in part(html, 'id="composer-text"', "</textarea>")
    assert "x" * 301 in part(html, f'name="text-{words.pk}"', "</textarea>")
    assert f'name="media" value="{photo.pk}"' in html
    assert 'name="time" value="09:15"' in html
    assert f'value="{words.pk}" checked' in html
    assert "has passed" in errors_of(html, "wall_at")
    assert "1 too many" in errors_of(html, f"text-{words.pk}")
    assert "too many" not in errors_of(html, "text")


def test_no_profile_is_said_beside_the_profiles(alice, new, words):
    html = html_of(alice.post(new, form(wall=SOON, text="Kept")))
    assert "Choose at least one profile." in errors_of(html, "profiles")
    assert "Kept" in part(html, 'id="composer-text"', "</textarea>")


def test_form_sent_twice_makes_one_post(alice, new, words):
    """R-F3: the form's own id."""
    key = part(html_of(alice.get(new)), 'name="key" value="', '">').split('"')[-1]
    for _ in range(2):
        alice.post(new, {**form(words.pk, wall=SOON), "key": key})
    assert str(Post.objects.get().pk) == key


@pytest.mark.parametrize(
    "junk",
    [
        {"profiles": "not-an-id"},
        {"media": "../../etc/passwd"},
        {"key": "x"},
        {"version": "-1"},
        {"mode": "explode"},
    ],
)
def test_junk_in_the_form_is_no_server_error(alice, new, words, junk):
    """R-I5: what comes in is untrusted."""
    response = alice.post(new, {**form(words.pk, wall=SOON), **junk})
    assert response.status_code in (302, 422)


def test_text_is_never_markup(alice, new, words):
    """R-I5: a caption with markup stays a caption."""
    nasty = "</script><script>alert(1)</script>"
    response = alice.post(new, form(words.pk, text=nasty, wall="2020-01-01T00:00"))
    assert "<script>alert" not in response.content.decode()


def test_edit_shows_what_is_there(alice, make_post, words, gallery, cast):
    items = MediaItemFactory.create_batch(2, group=cast.group)
    post = make_post(text="Everyone", items=items)
    TargetFactory(
        post=post, profile=gallery, kind="carousel", text="Gallery's own", state="draft"
    )
    html = html_of(alice.get(edit_url(post)))
    assert "Everyone" in part(html, 'id="composer-text"', "</textarea>")
    assert "Gallery's own" in part(html, f'name="text-{gallery.pk}"', "</textarea>")
    assert [item["id"] for item in data_of(html)["media"]] == [
        str(item.pk) for item in items
    ]
    assert "Save changes" in html


def test_kind_that_fits_by_itself_stays_open(alice, make_post, gallery, photo):
    """With another file another kind may fit: only a chosen kind is fixed."""
    post = make_post(profile=gallery, items=[photo], target={"kind": "image"})
    chosen = make_post(profile=gallery, items=[photo], target={"kind": "story"})
    option = '<option value="{}" selected>'
    assert option.format("image") not in html_of(alice.get(edit_url(post)))
    assert option.format("story") in html_of(alice.get(edit_url(chosen)))


def test_what_is_out_can_not_be_chosen_off(alice, make_post, words, gallery):
    post = make_post("published")
    TargetFactory(post=post, profile=gallery, kind="image", state="draft")
    html = html_of(alice.get(edit_url(post)))
    assert f'value="{words.pk}" checked disabled' in html
    assert f'name="text-{words.pk}"' not in html


def test_stale_form_is_told_and_the_next_one_replaces(alice, make_post, words):
    """Told once, with everything typed still there; then it is the person's choice."""
    post = make_post()
    fields = {**form(words.pk, wall=SOON, text="First"), "version": "1"}
    alice.post(edit_url(post), fields)
    html = html_of(alice.post(edit_url(post), {**fields, "text": "Second"}))
    assert "You saved another version meanwhile" in html
    assert "Second" in part(html, 'id="composer-text"', "</textarea>")
    assert 'name="version" value="2"' in html


def test_refusal_without_a_field_of_its_own_is_told_on_top(alice, make_post, words):
    """Nothing fails silently: what has no place in the form stands above it."""
    post = make_post(target={"options": {"colour": "red"}})
    fields = {**form(words.pk, wall=SOON), "version": "1"}
    html = html_of(alice.post(edit_url(post), fields))
    assert "Words has no colours." in part(html, "data-notices", "</div>\n")


def test_trouble_with_a_profile_is_shown_before_it_is_chosen(alice, new, words):
    words.connection.state = ConnectionState.REFRESH_NEEDED
    words.connection.save()
    html = html_of(alice.get(new))
    assert "The Words connection of @alice needs attention: refresh needed." in html


def test_what_a_platform_can_not_do_is_said(alice, new, gallery):
    """R-E3: not offered, and said."""
    html = html_of(alice.get(new))
    assert "What can't be done from here" in html
    assert "Posting text alone." in html


def test_limits_go_to_the_scripts_as_data(alice, new, words, gallery):
    """R-E2: the platform's own counting rules, so that typing never waits."""
    profiles = data_of(html_of(alice.get(new)))["profiles"]
    text = profiles[str(words.pk)]["kinds"][0]["text"]
    assert (text["maximum"], text["counting"], text["max_bytes"]) == (
        300,
        "graphemes",
        3_000,
    )
    kinds = profiles[str(gallery.pk)]["kinds"]
    assert [kind["text"]["maximum"] for kind in kinds] == [2_200, 2_200, 2_200, 0]


def test_drawer_gets_the_form_alone(alice, new):
    html = html_of(alice.get(new, HTTP_HX_REQUEST="true"))
    assert html.lstrip().startswith("<form")
    assert "<html" not in html


def test_viewer_is_refused_in_words(client, viewer, new):
    """R-A6: who may only look gets no composer."""
    client.force_login(viewer)
    response = client.get(new)
    assert response.status_code == 409
    assert "doesn't allow this" in html_of(response)


# The check while writing


@pytest.fixture
def check(alice, cast):
    url = reverse("scheduling:check", args=[cast.group.pk])
    return lambda *profiles, **what: alice.post(url, form(*profiles, **what)).json()


def test_check_says_what_submitting_would(check, words, gallery):
    """R-E2: the same words, before the button is pressed."""
    found = check(words.pk, gallery.pk, text="x" * 301)
    assert [(row["profile"], row["message"]) for row in found["problems"]] == [
        (str(words.pk), "Words takes 300 characters; this is 1 too many."),
        (
            str(gallery.pk),
            "Gallery has no posts without media: add a photo or a video.",
        ),
    ]


def test_check_tells_of_a_connection_that_needs_attention(check, words):
    words.connection.state = ConnectionState.REFRESH_NEEDED
    words.connection.save()
    (problem,) = check(words.pk)["problems"]
    assert (problem["code"], problem["blocking"]) == ("not_connected", False)


def test_check_names_the_kind_that_fits(check, gallery, cast):
    items = MediaItemFactory.create_batch(2, group=cast.group)
    found = check(gallery.pk, media=[item.pk for item in items])
    assert found["kinds"] == {str(gallery.pk): "carousel"}


@pytest.mark.parametrize(
    ("wall", "note", "error"),
    [
        (SOON, "", ""),
        ("", "", ""),
        ("2026-03-29T02:30", "doesn't exist", ""),
        ("2026-10-25T02:30", "comes twice", ""),
        ("2026-02-27T10:00", "", "has passed"),
    ],
)
def test_check_tells_what_the_clock_does(check, words, wall, note, error):
    """R-E1: gap and overlap are told while the time is chosen."""
    time = check(words.pk, wall=wall)["time"]
    assert note in time["note"]
    assert error in time["error"]
    assert bool(time["note"]) == bool(note)


def test_check_writes_nothing(check, words):
    check(words.pk, wall=SOON)
    assert not Post.objects.exists()


def test_edit_keeps_the_frozen_target_whatever_is_sent(
    alice, make_post, words, gallery
):
    post = make_post("published", text="Out")
    TargetFactory(post=post, profile=gallery, kind="image", state="draft")
    alice.post(
        edit_url(post),
        {**form(words.pk, text="New", mode="draft"), "version": "1"},
    )
    assert post.targets.get(profile=words).text == "Out"
