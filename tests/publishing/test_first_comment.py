"""Instagram's first comment: a part of its post, at most once, with rights of its own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import clock, http
from notifications.models import Notice
from profiles.models import Connection
from profiles.states import ConnectionState
from scheduling.models import Target
from scheduling.states import TargetState
from tests.publishing.conftest import due_again, work_off
from tests.support.connected import due_post, profiles_on

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

RIGHT = "instagram_business_manage_comments"
WORDS = "More #tags, and thanks to @sam"


@pytest.fixture(autouse=True)
def _at_the_sandbox(sandbox, live_server, settings):
    settings.BASE_URL = live_server.url
    http.configure(gateway=sandbox.url)


@pytest.fixture
def profile(cast, sandbox):
    [made] = profiles_on("instagram", cast, sandbox, 1)
    return made


@pytest.fixture
def target(cast, profile) -> Target:
    return commented(due_post(cast, profile, "Said once"))


def commented(target: Target) -> Target:
    target.options = {"follow_ups": [WORDS]}
    target.save()
    return target


def run(target: Target, rounds: int = 15, *, until: str = "") -> Target:
    """Let the clock of this row run on, round by round."""
    for _ in range(rounds):
        work_off()
        target.refresh_from_db()
        if target.next_at is None or target.state == until:
            break
        due_again(target)
    return target


def post_out(target: Target) -> Target:
    """To the moment between the post and its comment."""
    for _ in range(15):
        work_off()
        target.refresh_from_db()
        if target.parts_out:
            return target
        due_again(target)
    raise AssertionError(target.reason)


def said(sandbox) -> list[tuple[str, str]]:
    return [(row["kind"], row["text"]) for row in sandbox.ledger("instagram")]


BOTH = [("image", "Said once"), ("comment", WORDS)]


def test_the_comment_goes_out_under_the_post(target, sandbox):
    """R-E2, R-F3: one post, one comment, and the link is the post's."""
    run(target)
    post, comment = sandbox.ledger("instagram")
    assert (target.state, said(sandbox)) == (TargetState.PUBLISHED, BOTH)
    assert comment["extra"]["media"] == post["remote_id"]
    assert [part["id"] for part in target.parts_out] == [
        post["remote_id"],
        comment["remote_id"],
    ]
    assert target.permalink == post["permalink"]


@pytest.mark.parametrize("kind", ["cut_after", "malformed", "empty"])
def test_a_lost_answer_of_the_comment_is_looked_up(target, sandbox, kind):
    """R-F3: found in the post's list, and not written again."""
    sandbox.fault(kind, platform="instagram", step="comment", times=1, accepted=True)
    run(target)
    assert (target.state, said(sandbox)) == (TargetState.PUBLISHED, BOTH)
    assert "find" in set(target.attempts.values_list("step", flat=True))


def test_the_refusal_that_comes_although_it_was_written(target, sandbox):
    """R-F3: 20/1772107 as seen in production; trying again would multiply it."""
    sandbox.fault(
        "error",
        platform="instagram",
        step="comment",
        status=400,
        accepted=True,
        times=1,
        detail={"code": 20, "subcode": 1772107},
    )
    run(target)
    assert (target.state, said(sandbox)) == (TargetState.PUBLISHED, BOTH)


def test_a_comment_that_never_arrived_is_written_when_that_is_sure(target, sandbox):
    """R-F3: the list may be late, so it takes ten minutes to be sure."""
    sandbox.fault("cut_before", platform="instagram", step="comment", times=1)
    run(target, until=TargetState.UNCONFIRMED)
    run(target, rounds=3)
    assert (target.state, len(said(sandbox))) == (TargetState.UNCONFIRMED, 1)
    Target.objects.update(intent_at=clock.now() - timedelta(minutes=11))
    run(target)
    assert (target.state, said(sandbox)) == (TargetState.PUBLISHED, BOTH)


def test_a_list_that_is_late_is_waited_for(target, sandbox):
    sandbox.set(**{"instagram.comment_listing_delay_ms": 60_000})
    sandbox.fault("cut_after", platform="instagram", step="comment", times=1)
    run(target, until=TargetState.UNCONFIRMED)
    run(target, rounds=2)
    assert target.state == TargetState.UNCONFIRMED
    sandbox.set(**{"instagram.comment_listing_delay_ms": 0})
    run(target)
    assert (target.state, said(sandbox)) == (TargetState.PUBLISHED, BOTH)


def test_a_withdrawn_right_holds_the_comment_and_names_itself(target, sandbox):
    """R-C4: the post is out with its link; nothing says that publishing is missing."""
    sandbox.remove_permissions("instagram", target.profile.external_id, RIGHT)
    run(target)
    assert (target.state, said(sandbox)) == (TargetState.HELD, BOTH[:1])
    assert target.reason.startswith("The post is out; what follows it isn't yet.")
    assert target.permalink
    connection = Connection.objects.get()
    assert connection.state == ConnectionState.PERMISSIONS_MISSING
    assert connection.missing == [RIGHT]
    assert Notice.objects.filter(path__contains=str(target.post_id)).count() == 1


def test_posts_without_a_comment_go_on_without_that_right(cast, target, sandbox):
    """R-C4: permissions degrade one by one."""
    sandbox.remove_permissions("instagram", target.profile.external_id, RIGHT)
    run(target)
    other = run(due_post(cast, target.profile, "No comment"))
    assert other.state == TargetState.PUBLISHED


def without_right(target: Target) -> Target:
    Connection.objects.update(state="permissions_missing", missing=[RIGHT])
    return Target.objects.get(pk=target.pk)


def test_a_right_that_is_known_to_be_missing_costs_no_call(target, sandbox):
    """R-F1: the check at the time looks at what goes out next."""
    run(without_right(target))
    target.refresh_from_db()
    assert (target.state, target.reason_code) == ("held", "follow_up_permission")
    assert RIGHT in target.reason
    assert target.permalink
    assert not sandbox.calls("instagram", "comment")


def test_once_the_right_is_given_the_comment_follows(target, sandbox):
    """R-D6: it resumes at the stored id."""
    run(without_right(target))
    Connection.objects.update(state="connected", missing=[])
    Target.objects.update(state="scheduled", next_at=clock.now())
    run(target)
    target.refresh_from_db()
    assert (target.state, said(sandbox)) == (TargetState.PUBLISHED, BOTH)


def test_a_post_that_was_deleted_takes_no_comment(target, sandbox):
    """R-F4: refused in plain words, beside the comment."""
    post_out(target)
    known = {"code": 100, "subcode": 33}
    sandbox.fault(
        "error", platform="instagram", step="permalink", status=400, detail=known
    )
    run(target)
    assert (target.state, target.reason_field) == (TargetState.FAILED, "options")
    assert "no longer shows us this post" in target.reason


def test_looking_ahead_puts_it_at_risk(cast, profile, sandbox):
    """R-F9: told before the time, with the permission's name."""
    ahead = due_post(cast, profile, "Said later", in_s=600)
    target = without_right(commented(ahead))
    Target.objects.update(next_at=clock.now())
    work_off()
    target.refresh_from_db()
    assert (target.state, target.reason_code) == ("scheduled", "follow_up_permission")
    assert RIGHT in target.reason
    assert (target.reason_field, target.next_at is None) == ("options", False)


def test_another_kind_of_missing_right_says_nothing_of_comments(target):
    """The check names only what the next part needs."""
    Connection.objects.update(granted=[RIGHT, "instagram_business_basic"])
    run(target)
    assert target.state == TargetState.PUBLISHED


def test_a_sign_in_from_before_comments_were_asked_for_lacks_them(target):
    """R-C4: what nobody asked for then is missing now."""
    Connection.objects.update(granted=["instagram_business_content_publish"])
    run(target)
    assert (target.state, target.reason_code) == ("held", "follow_up_permission")


def test_a_link_that_cannot_be_read_yet_holds_nothing_up(target, sandbox):
    """Read again before the comment goes out, and never a reason to fail."""
    reading = {"platform": "instagram", "step": "permalink"}
    sandbox.fault("error", **reading, status=500, times=1)
    run(target)
    assert (target.state, said(sandbox)) == (TargetState.PUBLISHED, BOTH)
    assert target.permalink
