"""Mastodon's double: versions, registrations, tokens, revoking."""

from __future__ import annotations

import pytest
import requests

CURRENT, OLD = "mastodon.social", "old.masto.example"
BACK = "https://later.example.test/connect/mastodon/callback/"


@pytest.fixture
def ask(sandbox):
    def act(method, place, token="", **how):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        address = f"{sandbox.url}/{place}"
        how["allow_redirects"] = False
        return requests.request(method, address, headers=headers, timeout=30, **how)

    return act


def register(ask, host, scopes="profile"):
    form = {"client_name": "Test", "redirect_uris": BACK, "scopes": scopes}
    return ask("POST", f"{host}/api/v1/apps", data=form)


@pytest.mark.parametrize(("host", "second"), [(CURRENT, 200), (OLD, 404)])
def test_versions_of_the_instance_call(ask, host, second):
    assert ask("GET", f"{host}/api/v2/instance").status_code == second
    assert ask("GET", f"{host}/api/v1/instance").json()["uri"] == host


def test_a_domain_may_lead_to_its_server(ask):
    answer = ask("GET", "fjord.example/api/v2/instance")
    assert answer.status_code == 301
    assert answer.headers["Location"] == "https://social.fjord.example/api/v2/instance"


def test_old_servers_refuse_the_new_scope(ask):
    assert register(ask, CURRENT).status_code == 200
    assert register(ask, OLD).status_code == 422
    assert register(ask, OLD, "read:accounts").status_code == 200


def test_a_registration_is_good_at_its_own_server(ask):
    app = register(ask, CURRENT, "read:accounts").json()
    query = {
        "client_id": app["client_id"],
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": "read:accounts",
    }
    page = ask("GET", f"{CURRENT}/oauth/authorize", params=query)
    assert page.status_code == 200
    foreign = ask("GET", f"{OLD}/oauth/authorize", params=query)
    assert foreign.status_code == 400
    other = {**query, "redirect_uri": "https://elsewhere.example/"}
    assert ask("GET", f"{CURRENT}/oauth/authorize", params=other).status_code == 400


def test_a_token_is_good_at_its_own_server(sandbox, ask):
    token = sandbox.token("mastodon", f"ada@{CURRENT}")["access_token"]
    me = "api/v1/accounts/verify_credentials"
    assert ask("GET", f"{CURRENT}/{me}", token).json()["username"] == "ada"
    assert ask("GET", f"{OLD}/{me}", token).status_code == 401


def test_a_token_of_another_app_isnt_revoked(sandbox, ask):
    app = register(ask, CURRENT).json()
    token = sandbox.token("mastodon", f"ada@{CURRENT}")["access_token"]
    keys = {name: app[name] for name in ("client_id", "client_secret")}
    answer = ask("POST", f"{CURRENT}/oauth/revoke", data={**keys, "token": token})
    assert answer.status_code == 403
    wrong = {**keys, "client_secret": "guess", "token": token}
    assert ask("POST", f"{CURRENT}/oauth/revoke", data=wrong).status_code == 401


@pytest.mark.parametrize(
    "wish", [{"handle": "A B"}, {"handle": "ada"}, {"extra": {"server": "nowhere"}}]
)
def test_odd_accounts_are_refused(sandbox, wish):
    with pytest.raises(AssertionError):
        sandbox.identity("mastodon", **wish)


def app_token(ask, app, scope="profile"):
    keys = {name: app[name] for name in ("client_id", "client_secret")}
    form = {"grant_type": "client_credentials", "scope": scope, **keys}
    return ask("POST", f"{CURRENT}/oauth/token", data=form)


def test_an_app_may_ask_for_itself(ask):
    app = register(ask, CURRENT).json()
    assert app_token(ask, app).json()["scope"] == "profile"
    assert app_token(ask, app, "write:media").json()["error"] == "invalid_scope"


def test_a_registration_may_be_cleared_away(ask, sandbox):
    app = register(ask, CURRENT).json()
    sandbox.set(**{"mastodon.apps_live_s": 86_400})
    assert app_token(ask, app).status_code == 200
    sandbox.advance(86_401)
    refused = app_token(ask, app)
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")
