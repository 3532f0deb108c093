"""For support: read only, and never a token, sealed or not (R-D2, R-I1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from profiles.models import Connection, ConnectionEvent, SocialProfile, SocialSet

# The classes take types in the stubs only, not when they run.
if TYPE_CHECKING:
    OfProfile = admin.StackedInline[Connection, SocialProfile]
    OfConnection = admin.TabularInline[ConnectionEvent, Connection]
    Sets = admin.ModelAdmin[SocialSet]
    Profiles = admin.ModelAdmin[SocialProfile]
    Connections = admin.ModelAdmin[Connection]
    Events = admin.ModelAdmin[ConnectionEvent]
else:
    OfProfile, OfConnection = admin.StackedInline, admin.TabularInline
    Sets = Profiles = Connections = Events = admin.ModelAdmin


class ReadOnly:
    """Support looks; people act in the product, where it is checked and told."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ConnectionInline(ReadOnly, OfProfile):
    model = Connection
    fields = (
        "state",
        "cause",
        "method",
        "granted",
        "missing",
        "connected_at",
        "connected_by",
        "expires_at",
        "ends_at",
        "refresh_at",
        "refresh_failures",
    )
    readonly_fields = fields


class EventInline(ReadOnly, OfConnection):
    model = ConnectionEvent
    fields = ("at", "before", "after", "cause", "actor")
    readonly_fields = fields


@admin.register(SocialSet)
class SocialSetAdmin(ReadOnly, Sets):
    list_display = ("name", "group", "created_at")
    search_fields = ("name", "group__name")
    list_select_related = ("group",)
    fields = ("id", "name", "group", "created_at")


@admin.register(SocialProfile)
class SocialProfileAdmin(ReadOnly, Profiles):
    list_display = ("name", "handle", "platform", "state", "group", "removed_at")
    list_filter = ("platform", "connection__state")
    search_fields = ("name", "handle", "external_id", "group__name")
    list_select_related = ("group", "connection")
    fields = (
        "id",
        "account",
        "group",
        "social_set",
        "platform",
        "external_id",
        "name",
        "handle",
        "kind",
        "role",
        "created_at",
        "last_published_at",
        "removed_at",
    )
    inlines = (ConnectionInline,)

    @admin.display(description="State")
    def state(self, profile: SocialProfile) -> str:
        return str(profile.connection.get_state_display())


@admin.register(Connection)
class ConnectionAdmin(ReadOnly, Connections):
    list_display = ("profile", "state", "cause", "ends_at", "refresh_failures")
    list_filter = ("state", "profile__platform")
    search_fields = ("profile__name", "profile__handle", "profile__external_id")
    list_select_related = ("profile",)
    fields = ("id", "profile", *ConnectionInline.fields)
    inlines = (EventInline,)


@admin.register(ConnectionEvent)
class ConnectionEventAdmin(ReadOnly, Events):
    list_display = ("at", "connection", "before", "after", "cause", "actor")
    list_filter = ("after", "connection__profile__platform")
    search_fields = ("connection__profile__name", "connection__profile__handle")
    list_select_related = ("connection__profile", "actor")
    fields = ("at", "connection", "before", "after", "cause", "actor")
