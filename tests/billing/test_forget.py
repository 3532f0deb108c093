"""An account that is deleted is forgotten at Stripe (R-I3, R-B7)."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from billing.actions.forget import forget
from billing.models import Status, Subscription
from leaving.actions.close import close_account
from leaving.actions.erase import erase
from leaving.models import Deletion

pytestmark = pytest.mark.django_db
CUSTOMER = "https://api.stripe.com/v1/customers/cus_1"
GONE = (200, {"id": "cus_1", "deleted": True})


@pytest.fixture
def stripe(monkeypatch) -> list[tuple[int, dict[str, object]]]:
    """Stripe's next answers; only foreign HTTP is played."""
    answers: list[tuple[int, dict[str, object]]] = []

    def request(self, method, url, **_):
        assert (method.upper(), url) == ("DELETE", CUSTOMER)
        status, body = answers.pop(0)
        return SimpleNamespace(
            status=status, headers={}, body=json.dumps(body).encode()
        )

    monkeypatch.setattr("billing.door.Http.request", request)
    return answers


@pytest.fixture
def paid(cast, settings) -> Subscription:
    settings.STRIPE_SECRET_KEY = "sk_test_1"
    settings.PLATFORM_GATEWAY = ""
    return Subscription.objects.create(
        account=cast.group.account,
        customer_id="cus_1",
        subscription_id="sub_1",
        status=Status.ACTIVE,
    )


def test_nothing_is_paid_any_more(paid, stripe):
    """R-I3: Stripe ends the subscriptions of a customer it deletes."""
    stripe.append(GONE)
    assert forget(paid.account_id)
    paid.refresh_from_db()
    assert (paid.customer_id, paid.status) == ("", Status.CANCELED)


def test_a_customer_who_is_gone_already_is_gone(paid, stripe):
    error = {"error": {"type": "invalid_request_error", "code": "resource_missing"}}
    stripe.append((404, error))
    assert forget(paid.account_id)


def test_stripe_being_away_keeps_the_deletion_open(paid, cast, stripe):
    """R-I3: everything else goes meanwhile, and it is asked again."""
    account = cast.group.account
    deletion = close_account(account=account, actor=cast.alice)
    stripe += [(503, {"error": {"message": "away"}}), GONE]
    assert erase(deletion.pk) is False
    assert Subscription.objects.exists()
    assert erase(deletion.pk) is True
    assert Deletion.objects.get().done_at
    assert not Subscription.objects.exists()


def test_without_stripe_there_is_nobody_to_tell(paid, settings):
    settings.STRIPE_SECRET_KEY = ""
    assert forget(paid.account_id)


def test_who_never_paid_is_unknown_there(cast):
    assert forget(cast.group.account_id)
