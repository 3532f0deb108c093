"""R-I5: whatever people and platforms write is shown and never run.

Every text of a world bears a script. Every page of the isolation matrix, the admin and
every mail is opened in Chromium with our policy switched off, so that nothing but the
pages themselves can stop it; and once more with it, so that it had nothing to stop.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import Group
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from accounts.models import User
from notifications.actions import deliver, notify
from support.rights import Kind, group_name
from tests.people import person
from tests.safety.matrix import addresses, staff
from tests.safety.matrix.doors import TABLE
from tests.safety.matrix.walk import in_order
from tests.safety.matrix.world import World, build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCRIPT = "'\"><svg/onload=ran()><script>ran()</script>{{7*7}}`"
# What a page may not hold, however it came there.
WATCH = """
window.found = [];
window.ran = () => window.found.push("a script ran");
document.addEventListener("securitypolicyviolation", (event) =>
  window.found.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""
HANDLERS = """() => [...document.querySelectorAll("*")].flatMap((element) =>
  [...element.attributes].filter((one) => one.name.startsWith("on"))
    .map((one) => `${element.tagName} has ${one.name}`))
  .concat([...document.scripts].filter((one) => !one.src && !one.type.includes("json"))
    .map((one) => `inline script ${one.textContent.slice(0, 40)}`))
  .concat(document.querySelector("a[href^='javascript:']") ? ["a javascript: link"] : [])
  .concat(window.found)"""
# Pages that scripts draw, or go on drawing.
DRAWN = ("/calendar/", "/posts/new/", "/media/", "/edit/", "/pick/", "/wait/")
SHOWN = "() => document.body.textContent"
# Files and answers for programs aren't pages.
NO_PAGES = ("files/", "m/", "api/", "oauth/", "health/", "metrics", "hooks/")


@pytest.fixture
def world(redis_cache) -> World:
    return build(SCRIPT)


def signed_in(context: BrowserContext, user: User, url: str) -> Page:
    client = Client()
    client.force_login(user)
    name = django_settings.SESSION_COOKIE_NAME
    value = client.cookies[name].value
    context.add_cookies([{"name": name, "value": value, "url": url}])
    context.add_init_script(WATCH)
    return context.new_page()


def paths(world: World) -> Iterator[str]:
    for route, act in in_order(TABLE):
        if act.safe and not route.startswith(NO_PAGES) and "logout" not in route:
            ids = {**world.ours.ids, **act.at(world.ours)}
            query = "&".join(f"{k}={v}" for k, v in act.query(world.ours).items())
            yield addresses.path_of(route, ids) + (f"?{query}" if query else "")


class Visits:
    """What was found wrong, and how many pages showed the script as text."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.wrongs: list[str] = []
        self.shown = 0

    def to(self, path: str) -> None:
        self.page.goto(self.url + path, wait_until="load")
        if path.partition("?")[0].endswith(DRAWN):
            self.page.wait_for_load_state("networkidle")
        self.wrongs += [f"{path}: {line}" for line in self.page.evaluate(HANDLERS)]
        self.shown += "<script>ran()</script>" in self.page.evaluate(SHOWN)


@pytest.mark.parametrize("bypass", [True, False], ids=["no policy", "with policy"])
def test_no_page_runs_or_renders_what_was_written(
    browser: Browser, live_server, world, bypass
):
    context = browser.new_context(bypass_csp=bypass)
    page = signed_in(context, world.ours.owner, live_server.url)
    visits = Visits(page, live_server.url)
    for path in paths(world):
        # Where scripts draw nothing, the policy had nothing else to stop.
        if bypass or path.partition("?")[0].endswith(DRAWN):
            visits.to(path)
    context.close()
    assert visits.wrongs == []
    assert visits.shown > (20 if bypass else 3)


def test_no_page_of_the_admin_does(browser: Browser, live_server, world):
    """As somebody who sees all that any staff may."""
    user = person("Everything", is_staff=True)
    for kind in Kind:
        user.groups.add(Group.objects.get_or_create(name=group_name(kind))[0])
    context = browser.new_context(bypass_csp=True)
    visits = Visits(signed_in(context, user, live_server.url), live_server.url)
    for each in staff.pages(world):
        visits.to(each.path)
    context.close()
    # The admin brings inline scripts of its own; those of ours would be handlers.
    assert [line for line in visits.wrongs if "inline script" not in line] == []
    assert visits.shown > 5


def test_no_mail_does(browser: Browser, world, client, mailoutbox):
    """Notices and invitations, with names and words that hold a script."""
    owner = world.ours.owner
    notify(user=owner, code="x", title=SCRIPT, text=SCRIPT, path="/", button=SCRIPT)
    deliver()
    client.force_login(owner)
    invite = {"email": "new@example.net", "name": SCRIPT, "role": "viewer"}
    groups = [str(world.ours.group.pk)]
    client.post("/settings/users/invite/", {**invite, "groups": groups})
    assert len(mailoutbox) >= 2
    page = browser.new_page()
    page.add_init_script(WATCH)
    page.goto("about:blank")
    for mail in mailoutbox:
        assert "\n" not in mail.subject
        for html in (text for text, kind in mail.alternatives if kind == "text/html"):
            page.set_content(html)
            assert page.evaluate(HANDLERS) == []
            assert SCRIPT[3:] in page.evaluate(SHOWN)
    page.close()
