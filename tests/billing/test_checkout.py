"""R-B7: to Stripe's own pages and back; the owner only, and never twice."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest
import stripe
from django.urls import reverse

from billing import door
from billing.actions.checkout import begin_checkout, open_portal
from billing.models import Subscription
from core import http
from core.errors import DomainError
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def bought(account):
    return Subscription.objects.create(
        account=account,
        customer_id="cus_1",
        subscription_id="sub_1",
        status="active",
        plan="growth",
    )


def refused(act) -> str:
    with pytest.raises(DomainError) as caught:
        act()
    return caught.value.code


def sent(desk) -> dict[str, list[str]]:
    _, _, parts = desk.asked[-1]
    return parse_qs(parts["data"])


def test_the_plan_is_bought_at_stripe_for_this_account(desk, account, cast, settings):
    url = begin_checkout(account=account, actor=cast.alice, plan="growth")
    assert url == "https://checkout.test/c"
    asked = sent(desk)
    assert asked["line_items[0][price]"] == ["price_growth"]
    assert asked["subscription_data[metadata][account]"] == [str(account.pk)]
    assert asked["customer_email"] == ["alice@example.org"]
    assert asked["success_url"][0].startswith(settings.BASE_URL + "/settings/plan/")


def test_pressed_twice_it_is_one_page(desk, account, cast):
    for _ in range(2):
        begin_checkout(account=account, actor=cast.alice, plan="growth")
    keys = [parts["headers"]["Idempotency-Key"] for _, _, parts in desk.asked]
    assert keys[0] == keys[1]


def test_who_has_bought_is_led_to_the_portal(desk, account, cast, bought):
    press = {"account": account, "actor": cast.alice}
    assert (
        refused(lambda: begin_checkout(**press, plan="starter")) == "has_subscription"
    )
    assert open_portal(**press) == "https://portal.test"


def test_whose_subscription_ended_buys_as_the_same_customer(
    desk, account, cast, bought
):
    Subscription.objects.update(status="canceled")
    begin_checkout(account=account, actor=cast.alice, plan="growth")
    assert (sent(desk)["customer"], "customer_email" in sent(desk)) == (
        ["cus_1"],
        False,
    )


@pytest.mark.parametrize("plan", ["agency", "free", "", "price_growth"])
def test_what_is_not_for_sale_is_not_sold(desk, account, cast, plan):
    act = {"account": account, "actor": cast.alice, "plan": plan}
    assert refused(lambda: begin_checkout(**act)) == "plan_unknown"
    assert desk.asked == []


def test_only_the_owner_buys_and_manages(desk, account, cast, bought):
    for actor in (cast.bob, cast.charlie):
        press = {"account": account, "actor": actor}
        assert (
            refused(lambda p=press: begin_checkout(**p, plan="growth")) == "not_owner"
        )
        assert refused(lambda p=press: open_portal(**p)) == "not_owner"


def test_stripe_that_is_away_is_told_in_words(desk, account, cast):
    desk.away = True
    press = {"account": account, "actor": cast.alice, "plan": "growth"}
    assert refused(lambda: begin_checkout(**press)) == "billing_away"


def test_stripe_that_refuses_is_the_operators_trouble(desk, account, cast, monkeypatch):
    """A wrong key, say: the person reads no code of Stripe's."""
    body = b'{"error": {"type": "invalid_request_error", "message": "No such price"}}'
    answer = http.Reply(401, {}, body)
    monkeypatch.setattr(http.Http, "request", lambda self, *a, **k: answer)
    press = {"account": account, "actor": cast.alice, "plan": "growth"}
    assert refused(lambda: begin_checkout(**press)) == "billing_away"


def test_without_keys_nothing_is_for_sale(settings):
    settings.STRIPE_SECRET_KEY = ""
    assert refused(door.client) == "billing_off"


def test_its_library_has_no_door_of_its_own(desk, subscription):
    """R-I5: every request passes core.http, with its time-outs and its routing."""
    subscription()
    door.subscription("sub_1")
    method, url, parts = desk.asked[0]
    assert (method, url) == (
        "get",
        "https://api.stripe.com/v1/subscriptions/sub_1",
    )
    assert parts["headers"]["Authorization"] == "Bearer sk_test_nothing"
    with pytest.raises(stripe.InvalidRequestError):
        door.subscription("sub_gone")


# The page


def page(user, **query) -> str:
    answer = signed_in(user).get(reverse("billing:plan"), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_without_keys_the_page_explains(cast):
    told = page(cast.alice)
    assert "is on Unlimited" in told
    assert "set up on this installation" in told
    assert "Choose Growth" not in told


def test_the_page_shows_use_and_what_plans_have(desk, cast):
    told = page(cast.alice)
    assert "is on Free" in told
    assert "1 of 1 Access Group" in told
    assert "2 of 1 person" in told
    assert "You have more than this plan." in told
    assert "Choose Growth" in told
    assert "Choose Agency" not in told


def test_only_the_owner_finds_it(desk, cast):
    for user in (cast.bob, cast.dana):
        for name in ("plan", "checkout", "portal"):
            path = reverse(f"billing:{name}")
            client = signed_in(user)
            call = client.get if name == "plan" else client.post
            assert call(path).status_code == 404


def test_its_forms_may_end_at_stripe(desk, cast):
    answer = signed_in(cast.alice).get(reverse("billing:plan"))
    policy = answer.headers["Content-Security-Policy"]
    (forms,) = (p for p in policy.split(";") if p.strip().startswith("form-action"))
    assert "https:" in forms


def test_pressing_leads_to_stripe(desk, cast):
    client = signed_in(cast.alice)
    answer = client.post(reverse("billing:checkout"), {"plan": "growth"})
    assert (answer.status_code, answer.url) == (302, "https://checkout.test/c")


def test_managing_leads_to_the_portal(desk, cast, bought):
    answer = signed_in(cast.alice).post(reverse("billing:portal"))
    assert (answer.status_code, answer.url) == (302, "https://portal.test")


def test_a_refusal_is_told_on_the_page(desk, cast):
    client = signed_in(cast.alice)
    answer = client.post(reverse("billing:portal"), follow=True)
    assert "Nothing was bought yet." in answer.content.decode()


def test_back_before_the_event_the_page_says_so(desk, cast, bought):
    Subscription.objects.update(status="")
    assert "being confirmed" in page(cast.alice, bought="1")
    Subscription.objects.update(status="active")
    assert "being confirmed" not in page(cast.alice, bought="1")


def test_a_failed_payment_stands_on_top(desk, cast, bought):
    Subscription.objects.update(status="past_due", grace_until="2026-12-01T00:00Z")
    told = page(cast.alice)
    assert "A payment failed." in told
    assert "Everything works on until 1 December" in told
