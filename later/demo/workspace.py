"""The whole demo workspace, made once: people, profiles, photos, posts with a past."""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from django.conf import settings

from accounts.models import Account, User
from core import clock
from later.demo import (
    cafe_stories,
    connecting,
    film,
    people,
    pictures,
    posting,
    sandbox,
    studio_plans,
    studio_stories,
)
from later.demo.people import Cast, Home
from later.demo.posting import Desk
from later.demo.story import REEL, End, Story
from media.actions.describe import set_alt_text
from media.actions.upload import add_file
from media.models import MediaItem
from notifications.models import Notice
from profiles.models import Connection, SocialProfile
from profiles.states import ConnectionState

log = structlog.get_logger(__name__)

CAFE_FILES = ("espresso.jpg", "morning-coffee.jpg")
# Since when the profiles are connected and the photos are there.
SETTLED = timedelta(days=24)
Files = dict[str, MediaItem]


def build() -> bool:
    """False when it stands already. A half-made one is cleared away first."""
    if people.known():
        return False
    _clear()
    cast = people.move_in()
    studio, cafe = _photos(cast)
    if settings.PLATFORM_GATEWAY:
        _with_profiles(cast, studio, cafe)
    else:
        _without_profiles(cast, studio)
    people.ready(cast)
    return True


def _clear() -> None:
    ours = User.objects.filter(email__in=[people.EMAIL, people.MATE_EMAIL])
    for account in Account.objects.filter(owner__in=ours):
        _clear_account(account)
    ours.delete()


def _clear_account(account: Account) -> None:
    """From the leaves to the root: files and profiles are protected by their users."""
    for group in account.groups.all():
        group.posts.all().delete()
        group.media.all().delete()
        group.profiles.all().delete()
        group.social_sets.all().delete()
    account.delete()


def _photos(cast: Cast) -> tuple[Files, Files]:
    """Painted by all cores, then uploaded like any file."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with ThreadPoolExecutor() as pool:
            filming = pool.submit(film.shoot, pictures.hills(), folder / REEL)
            list(pool.map(lambda photo: photo.save(folder), pictures.PHOTOS))
            filming.result()
        studio = {path.name: path for path in sorted(folder.iterdir())}
        cafe = {file: studio[file] for file in CAFE_FILES}
        return _upload(cast.studio, cast, studio), _upload(cast.cafe, cast, cafe)


def _upload(home: Home, cast: Cast, paths: dict[str, Path]) -> Files:
    alts = {photo.name: photo.alt for photo in pictures.PHOTOS}
    found = {}
    for number, (name, path) in enumerate(paths.items()):
        item = add_file(group=home.group, actor=cast.mira, path=path, name=name)
        if name in alts:
            set_alt_text(item=item, actor=cast.mira, text=alts[name])
        at = clock.now() - SETTLED + timedelta(hours=number * 5)
        MediaItem.objects.filter(pk=item.pk).update(created_at=at)
        found[name] = item
    return found


def _with_profiles(cast: Cast, studio: Files, cafe: Files) -> None:
    connecting.set_the_stage()
    with sandbox.switched(processing_ms=0):
        _cafe(cast, cafe)
        _studio(cast, studio)


def _studio(cast: Cast, files: Files) -> None:
    home, mira = cast.studio, cast.mira
    handle = connecting.INSTAGRAM["handle"]
    profiles = {
        "instagram": connecting.instagram(home, mira, handle),
        "bluesky": connecting.bluesky(home, mira),
        "telegram": connecting.telegram(home, mira),
    }
    desk = Desk(home.group, mira, cast.jonas, profiles, files)
    for story in studio_stories.PAST:
        _live_through(desk, story)
        if story.end == End.HELD:
            connecting.bluesky_again(home, mira, profiles["bluesky"])
    for story in studio_plans.COMING:
        posting.plan(desk, story)
    _settle_in(profiles, desk.slot(_held(studio_stories.PAST)).instant)


def _cafe(cast: Cast, files: Files) -> None:
    """What lies ahead comes first: on a broken connection nothing can be scheduled."""
    home, mira = cast.cafe, cast.mira
    handle = connecting.CAFE["handle"]
    profiles = {"instagram": connecting.instagram(home, mira, handle)}
    desk = Desk(home.group, mira, cast.jonas, profiles, files)
    for story in cafe_stories.COMING:
        posting.plan(desk, story)
    for story in cafe_stories.PAST:
        _live_through(desk, story)
    _settle_in(profiles, desk.slot(_held(cafe_stories.PAST)).instant)


def _held(told: tuple[Story, ...]) -> Story:
    return next(story for story in told if story.end == End.HELD)


def _live_through(desk: Desk, story: Story) -> None:
    """With the notices it caused dated back, too."""
    before = set(Notice.objects.values_list("pk", flat=True))
    posting.live_through(desk, story)
    caused = Notice.objects.exclude(pk__in=before)
    caused.update(created_at=desk.slot(story).instant)


def _settle_in(profiles: dict[str, SocialProfile], broke_at: datetime | None) -> None:
    """Connected weeks ago; what broke since, broke when its post was due."""
    assert broke_at is not None
    since = clock.now() - SETTLED
    SocialProfile.objects.filter(pk__in=[p.pk for p in profiles.values()]).update(
        created_at=since
    )
    for connection in Connection.objects.filter(profile__in=profiles.values()):
        _date_back(connection, since, broke_at + timedelta(seconds=1))


def _date_back(connection: Connection, since: datetime, broke_at: datetime) -> None:
    at, last = since, since
    for event in connection.events.order_by("id"):
        at += timedelta(seconds=40)
        if event.after in {
            ConnectionState.REFRESH_NEEDED,
            ConnectionState.PERMISSIONS_MISSING,
        }:
            at = broke_at
        elif at >= broke_at:
            at = last = broke_at + timedelta(minutes=50)
        connection.events.filter(pk=event.pk).update(at=at)
    rows = Connection.objects.filter(pk=connection.pk)
    rows.update(connected_at=last)


def _without_profiles(cast: Cast, files: Files) -> None:
    """Real platforms: nothing is sent there, so the stories are drafts."""
    desk = Desk(cast.studio.group, cast.mira, cast.jonas, {}, files)
    for story in studio_plans.COMING:
        posting.plan(desk, story)
