"""Texts that follow a post: kept like everything typed, judged by the declaration."""

from __future__ import annotations

import pytest

from platforms.limits import TextLimit
from platforms.types import FollowUp, Permission
from profiles.models import Connection
from scheduling import parts
from scheduling.actions.duplicate import duplicate_post
from scheduling.actions.settle import Verdict, settle_target
from scheduling.models import Post
from tests.scheduling.conftest import only
from tests.scheduling.doors import Api, Pages, body, form
from tests.scheduling.platforms import Gallery, Words
from tests.scheduling.test_composer_page import SOON, edit_url, errors_of, html_of, new

__all__ = ["new"]

pytestmark = pytest.mark.usefixtures("march")


@pytest.fixture(autouse=True)
def _declared(monkeypatch):
    thread = FollowUp("Thread", TextLimit(20, "graphemes"), most=3)
    comment = FollowUp("First comment", TextLimit(30), not_for=("story",))
    monkeypatch.setattr(Words, "follow_up", thread)
    monkeypatch.setattr(Gallery, "follow_up", comment)


def with_follows(profile, *texts, **what):
    fields = form(profile.pk, **{"wall": SOON, **what})
    names = {f"follows-{profile.pk}": "1", f"follow-{profile.pk}": list(texts)}
    return {**fields, **names}


def kept(post):
    return only(post).options


def test_what_follows_is_kept_in_its_order_without_empty_rows(alice, new, words):
    alice.post(new, with_follows(words, "Two", " ", "Three", ""))
    assert kept(Post.objects.get()) == {"follow_ups": ["Two", "Three"]}


def test_the_form_shows_them_again_with_room_for_more(alice, make_post, words):
    """Without scripts three more can be added at a time, up to the declared number."""
    post = make_post(target={"options": {"follow_ups": ["Two"]}})
    html = html_of(alice.get(edit_url(post)))
    drawn, _, _ = html.partition("<template")
    assert drawn.count(f'name="follow-{words.pk}"') == 3
    assert ">Two</textarea>" in drawn


def test_a_form_without_them_leaves_them_alone(alice, make_post, words):
    post = make_post(target={"options": {"follow_ups": ["Two"]}})
    alice.post(edit_url(post), {**form(words.pk, wall=SOON), "version": 1})
    assert kept(post) == {"follow_ups": ["Two"]}


def test_emptied_ones_go_and_other_options_stay(alice, make_post, words):
    post = make_post(target={"options": {"follow_ups": ["Two"], "langs": ["de"]}})
    alice.post(edit_url(post), {**with_follows(words), "version": 1})
    assert kept(post) == {"langs": ["de"]}


def test_a_refused_one_stays_typed_with_its_error_beside_it(alice, new, words):
    """Nothing typed is lost; which part is too long is named."""
    response = alice.post(new, with_follows(words, "Two", "x" * 25))
    html = html_of(response)
    assert response.status_code == 422
    assert "x" * 25 in html
    assert "thread, part 3" in errors_of(html, f"options-{words.pk}")
    assert html.count("5 too many") == 1


def test_a_draft_keeps_what_could_not_go_out(alice, new, words):
    alice.post(new, with_follows(words, "x" * 25, mode="draft", wall=""))
    assert kept(Post.objects.get()) == {"follow_ups": ["x" * 25]}


def test_a_kind_that_takes_none_says_so(alice, new, gallery, photo):
    fields = with_follows(gallery, "More", media=[photo.pk], kind="story", text="")
    html = html_of(alice.post(new, fields))
    found = errors_of(html, f"options-{gallery.pk}")
    assert "A Gallery story takes no first comment." in found


def test_a_copy_has_them_too(cast, make_post):
    post = make_post(target={"options": {"follow_ups": ["Two"]}})
    copy = duplicate_post(actor=cast.alice, post=post)
    assert kept(copy) == {"follow_ups": ["Two"]}


def test_without_a_declaration_nothing_is_offered(alice, new, words, monkeypatch):
    monkeypatch.setattr(Words, "follow_up", None)
    assert f"follows-{words.pk}" not in html_of(alice.get(new))


def test_what_is_out_in_part_is_said_to_be_and_stays(alice, make_post, words):
    out = [{"id": "1", "url": "", "data": {}}]
    target = {"options": {"follow_ups": ["Two"]}, "parts_out": out}
    html = html_of(alice.get(edit_url(make_post(target=target))))
    assert "Out in part: this one can't be changed any more." in html
    assert f'name="follow-{words.pk}"' not in html


def api_create(alice, cast, profile, follow_ups):
    api, fields = Api(alice), body(profile.pk, wall=SOON)
    fields["variations"][0]["options"] = {"follow_ups": follow_ups}
    return api.post(api.url("compose", cast.group), fields)


def test_the_api_takes_a_list_of_texts(alice, cast, words):
    answer = api_create(alice, cast, words, ["Two", "Three"])
    assert answer.status == 201
    assert kept(Post.objects.get()) == {"follow_ups": ["Two", "Three"]}


@pytest.mark.parametrize("wrong", ["Two", [1], {"a": "b"}, None])
def test_the_api_takes_nothing_else(alice, cast, words, wrong):
    answer = api_create(alice, cast, words, wrong)
    assert (answer.status, Post.objects.count()) == (400, 0)
    assert answer.messages == ["follow_ups must be a list of texts."]


@pytest.mark.parametrize("wrong", [["x"] * 101, ["x" * 100_001]])
def test_even_a_draft_has_bounds(alice, cast, words, wrong):
    fields = with_follows(words, *wrong, mode="draft", wall="")
    url = Pages(alice).url("compose", cast.group)
    assert Pages(alice).post(url, fields).errors == [
        ("follow_ups_too_long", f"variations.{words.pk}.options")
    ]


def parts_in(alice, cast, post):
    body = alice.get(Pages(alice).url("api_post", cast.group, post)).json()
    return [(part["text"], part["out"]) for part in body["targets"][0]["parts"]]


def test_the_api_tells_which_parts_are_out(alice, cast, make_post):
    out = [{"id": "1", "url": "https://words.example/1", "data": {}}]
    target = {"options": {"follow_ups": ["Two"]}, "parts_out": out}
    post = make_post("failed", target=target, text="One")
    assert parts_in(alice, cast, post) == [("One", True), ("Two", False)]


def test_a_dropped_rest_is_not_called_out(alice, cast, make_post):
    target = {"options": {"follow_ups": ["Two"]}}
    post = make_post("published", target=target, text="One")
    assert parts_in(alice, cast, post) == [("One", True), ("Two", False)]


SEVERAL = {
    "options": {"follow_ups": ["Two", "Three"]},
    "parts_out": [{"id": "1", "url": "", "data": {}}],
}


def words_in(post):
    return [part.word for part in parts.of_target(only(post))]


@pytest.mark.parametrize(
    ("state", "second"),
    [
        ("unconfirmed", "Not known to be out"),
        ("held", "To follow"),
        ("scheduled", "To follow"),
        ("published", "Left out"),
    ],
)
def test_each_part_says_how_it_stands(make_post, state, second):
    """R-F3: unknown is only the one that was asked for."""
    post = make_post(state, target=SEVERAL, text="One")
    third = "Left out" if state == "published" else "To follow"
    assert words_in(post) == ["Out", second, third]


def test_a_part_that_a_person_saw_is_out_with_its_address(make_post, cast):
    """R-F3: their word counts for the part it was asked of."""
    post = make_post("unconfirmed", target=SEVERAL, text="One")
    link = "https://words.example/2"
    settle_target(actor=cast.alice, target=only(post), verdict=Verdict.OUT, link=link)
    assert words_in(post) == ["Out", "Out", "Left out"]
    assert parts.of_target(only(post))[1].url == link


def test_a_post_alone_has_no_parts(alice, cast, make_post):
    assert parts_in(alice, cast, make_post()) == []


@pytest.fixture
def unasked(gallery, monkeypatch):
    """A profile whose sign-in left comments out."""
    right = Permission("comment", "To write the comment.", "comments", "Comments")
    comment = FollowUp("First comment", TextLimit(30), feature="comments")
    monkeypatch.setattr(Gallery, "follow_up", comment)
    monkeypatch.setattr(Gallery, "permissions", lambda adapter, method: (right,))
    Connection.objects.filter(profile=gallery).update(
        state="permissions_missing", missing=["comment"]
    )
    return gallery


def test_a_missing_right_is_told_beside_what_needs_it(alice, new, unasked, photo):
    """R-C4: nothing is scheduled that is known to be held."""
    fields = with_follows(unasked, "More", media=[photo.pk])
    html = html_of(alice.post(new, fields))
    found = errors_of(html, f"options-{unasked.pk}")
    assert "didn't give the permission “Comments” (comment)." in found
    assert not Post.objects.exists()


def test_without_what_needs_it_the_right_is_not_missed(alice, new, unasked, photo):
    alice.post(new, with_follows(unasked, media=[photo.pk]))
    assert Post.objects.get().targets.get().state == "scheduled"


def test_what_is_scheduled_may_be_edited_without_it(alice, make_post, unasked, photo):
    """Rights are judged at the time itself; mending a text must be possible."""
    target = {"options": {"follow_ups": ["More"]}, "kind": "image"}
    post = make_post(target=target, profile=unasked, items=[photo])
    fields = with_follows(unasked, "Less", media=[photo.pk])
    alice.post(edit_url(post), {**fields, "version": 1})
    assert kept(post) == {"follow_ups": ["Less"]}


def test_the_check_while_typing_tells_it_too(alice, cast, unasked):
    url = Pages(alice).url("check", cast.group)
    answer = alice.post(url, with_follows(unasked, "More")).json()
    [told] = [p for p in answer["problems"] if p["code"] == "follow_up_permission"]
    assert (told["field"], told["blocking"]) == (
        f"variations.{unasked.pk}.options",
        False,
    )
