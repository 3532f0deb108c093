"""Who is told what became of a post (R-F4): in the transaction of the move itself."""

from __future__ import annotations

from accounts.models import User
from notifications.actions import notify, told_lately
from platforms import registry
from profiles.actions.tell import told_broken, told_ending
from publishing.reminding import kit
from scheduling import times
from scheduling.models import Target
from scheduling.states import TargetState
from scheduling.stops import STOPPED

TITLES = {
    TargetState.FAILED: "Your post to {where} failed",
    TargetState.HELD: "Your post to {where} is on hold",
    TargetState.MISSED: "Your post to {where} missed its time",
    TargetState.CANCELLED: "Your post to {where} was dropped",
    TargetState.UNCONFIRMED: "Please check your post to {where}",
    TargetState.REMINDER: "Time to post to {where}",
}


def tell(target: Target) -> None:
    """A notice when a person has to act; nothing while the engine still can.

    Of a stop its people were told once, not with each post that it holds.
    """
    if target.state not in TITLES or target.next_at is not None:
        return
    if target.reason_code == STOPPED:
        return
    post = target.post
    person: User = post.author or post.group.account.owner
    name = registry.adapter_class(target.profile.platform).name
    where = f"{target.profile.label} on {name}"
    reminds = target.state == TargetState.REMINDER
    notify(
        user=person,
        code=f"target.{target.state}",
        title=TITLES[TargetState(target.state)].format(where=where),
        text=kit(target, where) if reminds else _words(target),
        path=f"/g/{post.group_id}/posts/{post.pk}/",
        button="Open it, then mark it as posted" if reminds else "",
    )


def _words(target: Target) -> str:
    return f"{target.reason}\n\nThe post: {target.own_text[:280] or '(no text)'}"


def tell_risk(target: Target) -> None:
    """Once for each profile and cause within a day, however many posts it endangers.

    Of a connection its people are told by itself, with all posts it endangers.
    """
    if _told_of_connection(target):
        return
    post = target.post
    person: User = post.author or post.group.account.owner
    code = f"risk.{target.reason_code}"[:64]
    name = registry.adapter_class(target.profile.platform).name
    title = f"At risk: posts to {target.profile.label} on {name}"
    if told_lately(person, code, title):
        return
    at = times.words(target.due_at, post.group.timezone) if target.due_at else ""
    notify(
        user=person,
        code=code,
        title=title,
        text=f"{target.reason}\n\nThe next post that it would stop goes out {at}: "
        f"{target.own_text[:280] or '(no text)'}",
        path=f"/g/{post.group_id}/posts/{post.pk}/",
    )


def _told_of_connection(target: Target) -> bool:
    connection = target.profile.connection
    if target.reason_code == "connection_ends":
        return told_ending(connection)
    return not target.reason_field and told_broken(connection)
