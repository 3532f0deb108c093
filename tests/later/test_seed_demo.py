"""The demo workspace, made for real against the sandbox."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django.live_server_helper import LiveServer

from accounts.models import AccessGroup, User
from core import clock, http
from later.demo import film, people, pictures, posting, workspace
from later.demo.story import REEL
from media.models import MediaItem
from notifications.models import Notice
from profiles.models import Connection, UpdatesCursor
from publishing.actions.claim import tick
from scheduling.actions.resume import resume_target
from scheduling.models import Post, Target
from tests.support.canary import AVIARY, look_at_database

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def live_server():
    """On a number, as Bluesky's sign-in wants it of a local machine."""
    server = LiveServer("127.0.0.1")
    yield server
    server.stop()


@pytest.fixture(scope="module", autouse=True)
def _painted_once(tmp_path_factory):
    """Real photos and a real film; painting them for each test would only cost time."""
    kept = tmp_path_factory.mktemp("painted")
    paint, shoot = pictures.Photo.save, film.shoot
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pictures.Photo, "save", lambda photo, to: _copy(photo, to))
        patch.setattr(film, "shoot", lambda _, to: shutil.copy(kept / to.name, to))

        def _copy(photo, to):
            if not (kept / photo.name).exists():
                paint(photo, kept)
            return shutil.copy(kept / photo.name, to / photo.name)

        shoot(pictures.hills(), kept / REEL)
        yield


@pytest.fixture
def demo(live_server, sandbox, settings, redis_cache):
    """The demo's surroundings; Instagram fetches photos from the live server."""
    settings.BASE_URL = live_server.url
    settings.PLATFORM_GATEWAY = sandbox.url
    http.configure(gateway=sandbox.url)
    return sandbox


@pytest.fixture
def alone(settings):
    """No sandbox, as with the keys of real platforms: nothing must be sent."""
    settings.PLATFORM_GATEWAY = ""
    http.configure()


def seeded() -> dict[str, str]:
    said = StringIO()
    call_command("seed_demo", stdout=said)
    return json.loads(said.getvalue().splitlines()[-1])


def test_the_workspace_is_alive(demo, client, django_assert_max_num_queries):
    """Seeded once, as it takes seconds; what each part promises stands below."""
    sign_in = seeded()
    assert client.login(**sign_in)
    page = client.get("/", follow=True)
    assert "Mira Sol" in page.content.decode()
    profiles_are_connected_for_real(demo)
    every_state_is_there()
    the_past_is_really_out(demo)
    nothing_is_due_at_once()
    what_failed_and_what_was_held_can_be_sent_now()
    no_token_is_in_clear()
    with django_assert_max_num_queries(1):
        assert seeded() == sign_in
    a_lost_database_starts_over_at_the_same_sandbox()


def profiles_are_connected_for_real(sandbox):
    states = {
        row.profile.handle: (row.profile.platform, row.method, row.state)
        for row in Connection.objects.select_related("profile")
    }
    assert states == {
        "mira.sol": ("instagram", "instagram_login", "connected"),
        "mirasol.bsky.social": ("bluesky", "oauth", "connected"),
        "mirasol_studio": ("telegram", "bot", "connected"),
        "quay.coffee": ("instagram", "instagram_login", "permissions_missing"),
    }
    asked = Counter(call["step"] for call in sandbox.calls("instagram"))
    assert (asked["authorize"], asked["long_lived"]) == (4, 2)


def every_state_is_there():
    found = Counter(Target.objects.values_list("state", flat=True))
    assert set(found) == {
        *("draft", "scheduled", "published"),
        *("failed", "held", "unconfirmed"),
    }
    assert Post.objects.count() >= 25
    assert Post.objects.filter(scheduled_at=None).exists()
    assert set(Target.objects.filter(state="failed").values_list("reason_code")) != {""}
    told = set(Notice.objects.values_list("code", flat=True))
    assert told == {"target.failed", "target.held", "target.unconfirmed"}
    assert not Notice.objects.filter(created_at__gt=clock.now()).exists()


def the_past_is_really_out(sandbox):
    """Each has its place at the sandbox, and went out on the second, days ago."""
    out = Target.objects.filter(state="published")
    links = {row["permalink"] for row in sandbox.ledger()}
    assert set(out.values_list("permalink", flat=True)) <= links
    for target in out:
        assert 0 <= (target.published_at - target.due_at).total_seconds() < 60
        assert target.attempts.first().at >= target.due_at
    assert sandbox.settings()["clock_offset_s"] == 0
    assert sandbox.faults() == []


def nothing_is_due_at_once():
    """The worker prepares what comes soon; the first post goes out minutes later."""
    first = Target.objects.filter(state="scheduled").order_by("due_at").first()
    claimed = [target_id for target_id, _ in tick().to_publish]
    for target in [first, *Target.objects.filter(pk__in=claimed)]:
        assert 0 < (target.due_at - clock.now()).total_seconds() < 900


def what_failed_and_what_was_held_can_be_sent_now():
    """R-F4: the buttons on their pages do what they say."""
    mira = User.objects.get(email=people.EMAIL)
    ours = Target.objects.filter(post__group__name="Mira Sol")
    for state in ("failed", "held"):
        target = ours.get(state=state)
        resume_target(actor=mira, target=target, plan="now")
        target.refresh_from_db()
        posting.run(target)
        assert (target.state, target.reason) == ("published", "")


def no_token_is_in_clear():
    """R-D2: among all that was sealed on the way."""
    look_at_database()
    assert len(AVIARY.secrets) > len(Connection.objects.all())
    assert AVIARY.seen == []


def a_lost_database_starts_over_at_the_same_sandbox():
    """Bot and identities are there already then; the bot's news count anew."""
    workspace._clear()
    assert UpdatesCursor.objects.exists()
    assert workspace.build() is True
    assert Connection.objects.count() == 4


def test_without_a_sandbox_all_is_drafts(alone):
    seeded()
    assert not Target.objects.exists()
    assert Post.objects.count() >= 10
    assert not Post.objects.filter(group__name="Quay Coffee").exists()


def test_what_was_cut_short_is_made_anew(alone):
    seeded()
    mira = User.objects.get(email=people.EMAIL)
    mira.emailaddress_set.all().delete()
    assert workspace.build() is True
    assert AccessGroup.objects.count() == 2
    assert MediaItem.objects.filter(group__name="Mira Sol").count() == 11
    assert workspace.build() is False


def test_it_is_for_the_demo_only(settings):
    """Its password is known to everybody."""
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("seed_demo")
    assert not User.objects.exists()
