"""A subscription as it stands at Stripe becomes the account's plan."""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, QuerySet

from accounts.actions.plans import set_plan
from accounts.models import Account
from billing import door
from billing.actions.news import tell_back, tell_double, tell_over, tell_trouble
from billing.door import Told
from billing.models import LIVE, Status, Subscription
from core import clock

log = structlog.get_logger(__name__)

# A card that expired is no reason to stop somebody's posts the same day.
GRACE = timedelta(days=7)
PAID = frozenset({Status.ACTIVE, Status.TRIALING})


def sync(subscription_id: str) -> None:
    """Ask Stripe and write down the answer, unless a later question was answered
    meanwhile. Raises door.Trouble; may be called again and again."""
    number = _ask(Subscription.objects.filter(subscription_id=subscription_id))
    told = door.subscription(subscription_id)
    account = _account(told)
    if account is None:
        log.warning("billing.not_ours", subscription=subscription_id)
        return
    if number is None:
        # Of two first questions at once the older answer might be written last: once it
        # is known whose it is, the question is numbered like all others.
        Subscription.objects.get_or_create(account=account)
        number = _ask(Subscription.objects.filter(account=account))
        told = door.subscription(subscription_id)
    write(account, told, number)


def _ask(rows: QuerySet[Subscription]) -> int | None:
    """The question's number; None where the subscription isn't known here yet."""
    with transaction.atomic():
        if not rows.update(asked=F("asked") + 1):
            return None
        return rows.values_list("asked", flat=True)[0]


def _account(told: Told) -> Account | None:
    try:
        return Account.objects.filter(pk=told.account).first()
    except ValidationError:
        return None


@transaction.atomic
def write(account: Account, told: Told, number: int | None = None) -> None:
    """`number` of the question, None: the newest."""
    rows = Subscription.objects.select_for_update(of=("self",))
    held = rows.select_related("account__owner").get(account=account)
    number = held.asked if number is None else number
    if number < held.answered:
        return
    held.answered = number
    if not _belongs(held, told):
        held.save(update_fields=["answered"])
        return
    before = held.status
    held.subscription_id, held.customer_id = told.id, told.customer
    held.status, held.paid_until, held.ends_at = (
        told.status,
        told.paid_until,
        told.ends_at,
    )
    held.plan = told.plan or held.plan
    _apply(held, before)
    held.save()


def _belongs(held: Subscription, told: Told) -> bool:
    """An old subscription's end says nothing of the one that followed it; two that
    live at once are a person's matter."""
    if told.id == held.subscription_id or not held.live:
        return True
    if told.status in PAID:
        tell_double(held)
    return told.status in PAID


def _apply(held: Subscription, before: str) -> None:
    if held.status in PAID:
        _paid(held)
    elif held.status == Status.PAST_DUE:
        _in_trouble(held, before)
    elif held.status != Status.INCOMPLETE and not _within_grace(held):
        set_plan(held.account, "")
        held.grace_until, held.warned = None, 0
        if before in LIVE:
            tell_over(held)


def _paid(held: Subscription) -> None:
    if held.grace_until is not None:
        tell_back(held)
    held.grace_until, held.warned = None, 0
    if held.plan:
        set_plan(held.account, held.plan)
    else:
        log.error("billing.price_unknown", subscription=held.subscription_id)


def _in_trouble(held: Subscription, before: str) -> None:
    """Told at once, the rest of the warnings on the way (grace); its time runs once."""
    if before != Status.PAST_DUE:
        held.grace_until, held.warned = clock.now() + GRACE, 1
        tell_trouble(held)


def _within_grace(held: Subscription) -> bool:
    """Stripe gave up on the card; what we promised stays."""
    return held.grace_until is not None and held.grace_until > clock.now()
