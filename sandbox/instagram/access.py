"""Who may do what: hosts, dialects, tokens, permissions."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.meta import errors, people
from sandbox.meta.graph import GraphError
from sandbox.state import Identity, State, Token

LOGIN = "www.instagram.com"
API = "api.instagram.com"
GRAPH = "graph.instagram.com"
FACEBOOK_GRAPH = "graph.facebook.com"
UPLOAD = "rupload.facebook.com"
PICTURES = "scontent.cdninstagram.com"

# What a call needs: the permission's name with Facebook Login, and without.
NEEDS = {
    "basic": ("instagram_basic", "instagram_business_basic"),
    "publish": ("instagram_content_publish", "instagram_business_content_publish"),
    "comments": ("instagram_manage_comments", "instagram_business_manage_comments"),
    "insights": ("instagram_manage_insights", "instagram_business_manage_insights"),
    "delete": ("instagram_manage_contents", ""),
}
SCOPES = {
    "instagram_business_basic": "Your profile and posts",
    "instagram_business_content_publish": "Publishing posts, reels and stories",
    "instagram_business_manage_comments": "Reading and answering comments",
    "instagram_business_manage_insights": "Insights of your account and posts",
    "instagram_business_manage_messages": "Reading and answering messages",
}


@dataclass(frozen=True, slots=True)
class Access:
    """A call's good token and the account it is about."""

    token: Token
    account: Identity

    @property
    def own_login(self) -> bool:
        """The dialect without Facebook."""
        return self.token.platform == "instagram"


def access_to(state: State, token: Token, account: str, need: str) -> Access:
    """GraphError if the token cannot see the account or lacks the permission."""
    tasks = people.reach(state, token).get(account)
    found = state.identities.get(f"instagram:{account}")
    if tasks is None or found is None:
        raise GraphError(errors.UNKNOWN_OBJECT)
    own_login = token.platform == "instagram"
    if NEEDS[need][own_login] not in token.scopes:
        raise GraphError(errors.NO_PERMISSION)
    if found.kind == "personal" and need != "basic":
        raise GraphError(errors.NO_PERMISSION)
    if need == "publish" and not people.PUBLISHING_TASKS & set(tasks):
        raise GraphError(errors.NO_ROLE)
    return Access(token, found)
