"""An installation with a key, as the real server sees it: documents and signatures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Page

from core import http
from platforms.adapter import Credentials
from platforms.bluesky import clients, dpop
from platforms.bluesky.adapter import Bluesky
from platforms.errors import AuthExpired, PlatformError
from platforms.types import Grant, Profile, Redirect, Visit
from tests.platforms.bluesky.conftest import Connected
from tests.platforms.bluesky.world import CLIENT_KEY
from tests.platforms.samples import draft
from tests.support import pds_pages
from tests.support.pds import Account, Pds
from tests.support.plugin_pds import PDS_MARKS, running_pds
from tests.support.tls_site import Site, tls_site

pytestmark = [*PDS_MARKS, pytest.mark.browser]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with tls_site(tmp_path_factory.mktemp("tls")) as running:
        yield running


@pytest.fixture(scope="module")
def own_pds(site: Site) -> Iterator[Pds]:
    """A server that can reach our site."""
    with running_pds(site.environment) as running:
        yield running


Journey = Callable[[Bluesky, Account], Grant]


@pytest.fixture
def journey(site: Site, chromium: Callable[[], Page]) -> Journey:
    """There and back; nobody listens at the way back, its address is enough."""

    def go(adapter: Bluesky, account: Account) -> Grant:
        back = f"{site.url}/connect/bluesky/callback"
        site.documents = dict(adapter.documents(site.url, back))
        visit = Visit("oauth", back, "s", site.url, {"account": account.handle})
        going = adapter.begin(visit)
        assert isinstance(going, Redirect)
        page = chromium()
        page.goto(going.url)
        pds_pages.sign_in(page, account)
        with page.expect_request(lambda request: request.url.startswith(back)) as seen:
            pds_pages.allow(page)
        query = dict(parse_qsl(urlsplit(seen.value.url).query))
        page.context.close()
        return adapter.finish(visit, going.secret, query)

    return go


def with_key(pds: Pds, key: str) -> Bluesky:
    http.configure(direct=pds.hosts)
    return Bluesky(Credentials({**pds.credentials, "BLUESKY_PRIVATE_KEY": key}))


def test_documents_and_signatures_are_accepted(
    own_pds: Pds, site: Site, journey: Journey
) -> None:
    """Connect, publish, renew and disconnect as a confidential client."""
    adapter, account = with_key(own_pds, CLIENT_KEY), own_pds.account("carol")
    token = journey(adapter, account).token
    assert token.extra["client_id"] == site.url + clients.METADATA_PATH
    assert token.extra["kid"]
    assert {clients.METADATA_PATH, clients.JWKS_PATH} <= set(site.asked)

    profile = Profile(account.did, account.handle)
    token = adapter.refresh(token, profile)
    person = Connected(account, adapter, token)
    assert person.publish(draft("text", "Signed")).id
    adapter.revoke(token, profile)
    with pytest.raises(AuthExpired):
        adapter.refresh(token, profile)


def test_without_a_key_the_same_documents_make_a_public_client(
    site: Site, journey: Journey
) -> None:
    with running_pds(site.environment) as pds:
        adapter, account = with_key(pds, ""), pds.account("carol")
        token = journey(adapter, account).token
        assert (token.extra["kid"], clients.JWKS_PATH in site.documents) == ("", False)
        assert Connected(account, adapter, token).publish(draft("text", "Public")).id


def test_a_signature_of_an_unpublished_key_is_refused(own_pds: Pds, site: Site) -> None:
    """Nobody else can be this installation."""
    published = with_key(own_pds, CLIENT_KEY)
    back = f"{site.url}/connect/bluesky/callback"
    site.documents = dict(published.documents(site.url, back))
    stranger = with_key(own_pds, dpop.new_key())
    visit = Visit("oauth", back, "s", site.url, {"account": own_pds.account().handle})
    with pytest.raises(PlatformError) as raised:
        stranger.begin(visit)
    assert raised.value.code == "invalid_client"
