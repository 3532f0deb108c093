"""Where platforms send people back to, and what platforms read about us."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.access import person
from platforms.adapter import Adapter
from profiles.actions.begin import callback_url
from profiles.actions.come_back import come_back, journey_of_state
from profiles.errors import JourneyRefused
from profiles.models import Journey
from profiles.views.arrive import arrive
from profiles.views.common import adapter_or_404, browser_secret, journey_url

SIGNED_OUT = (
    "You were signed out while you were away, so nothing was connected. Sign in, and "
    "you go on where you began."
)
NO_COOKIES = (
    "Your browser came back without our cookies, so we can't tell who you are, and "
    "nothing was connected. Allow cookies for this site, and stay in one browser: an "
    "app's built-in browser is another one. Then sign in and start again."
)


@never_cache
@require_GET
def callback(request: HttpRequest, platform: str) -> HttpResponse:
    """The answer of a sign-in. Its code is never handed on to a sign-in of ours.

    What is known to be this person's goes on at the journey's own address, so that
    neither a reload nor the back button sends the answer a second time.
    """
    adapter = adapter_or_404(platform)
    if not request.user.is_authenticated:
        return _signed_out(request, adapter)
    user = person(request)
    try:
        journey = come_back(
            platform=platform,
            query=request.GET.dict(),
            session=browser_secret(request),
            user=user,
        )
    except JourneyRefused as error:
        if error.journey is not None:
            return redirect(journey_url("pick", error.journey))
        return _refused(request, adapter, error.message)
    return arrive(journey, user)


def _signed_out(request: HttpRequest, adapter: Adapter) -> HttpResponse:
    """To the sign-in and from there to the same start, where the state is ours."""
    journey = journey_of_state(adapter.key, request.GET.get("state", ""))
    back = again_url(journey) if journey else reverse("home")
    sign_in = reverse("account_login", query={"next": back})
    message = SIGNED_OUT if request.COOKIES else NO_COOKIES
    return _refused(request, adapter, message, sign_in)


def _refused(
    request: HttpRequest, adapter: Adapter, message: str, sign_in_url: str = ""
) -> HttpResponse:
    context = {"adapter": adapter, "message": message, "sign_in_url": sign_in_url}
    return render(request, "profiles/refused.html", context, status=409)


def again_url(journey: Journey, *, anew: bool = False) -> str:
    """The same start once more: same slot, same method, same way back.

    `anew`: the platform shall ask again, not go on with whom it knows.
    """
    kwargs = {"group_id": journey.group_id, "platform": journey.platform}
    query = {"method": journey.method, "set": str(journey.social_set_id)}
    if journey.profile_id:
        query["profile"] = str(journey.profile_id)
    if journey.again or anew:
        query["again"] = "1"
    if journey.return_to:
        query["next"] = journey.return_to
    return reverse("profiles:connect", kwargs=kwargs, query=query)


@require_GET
def document(request: HttpRequest, platform: str, name: str) -> HttpResponse:
    """A public JSON document of an adapter, at the path that it declared."""
    adapter = adapter_or_404(platform)
    found = adapter.documents(settings.BASE_URL, callback_url(platform))
    if request.path not in found:
        raise Http404
    answer = JsonResponse(found[request.path])
    answer["Cache-Control"] = "public, max-age=300"
    return answer
