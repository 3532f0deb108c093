"""Social Sets, profiles and their connections: states, never a token (R-D2)."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from profiles.models import Connection, ConnectionEvent, SocialProfile, SocialSet
from scheduling.models import Post
from support.admin.base import StaffAdmin
from support.admin.panels import Panel, link, panel


@admin.register(SocialSet)
class SocialSetAdmin(StaffAdmin):
    account_path = "group.account"
    list_display = ("name", "group", "created_at")
    list_select_related = ("group",)
    id_lookups = ("pk", "group")
    word_lookups = ("name__istartswith",)
    linked_by = ("group",)
    fields = ("id", "name", "group", "created_at")
    search_help_text = "The beginning of its name, its id, or its group's."

    def panels(self, request: HttpRequest, row: SocialSet) -> list[Panel]:
        columns = {"Profile": link, "Platform": lambda each: each.platform}
        rows = row.profiles.filter(removed_at=None)
        return list(panel(request, "Profiles", rows, columns, social_set=row.pk))


@admin.register(SocialProfile)
class SocialProfileAdmin(StaffAdmin):
    account_path = "account"
    list_display = ("name", "handle", "platform", "state", "group", "removed_at")
    list_filter = ("connection__state",)
    list_select_related = ("group", "connection")
    id_lookups = ("pk", "group", "account", "social_set")
    word_lookups = ("name__istartswith", "handle__istartswith", "external_id")
    linked_by = ("group", "social_set")
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
        "state",
        "created_at",
        "last_published_at",
        "removed_at",
    )
    search_help_text = "The beginning of its name or handle, or an id."

    @admin.display(description="Connection")
    def state(self, profile: SocialProfile) -> str:
        return str(profile.connection.get_state_display())

    def panels(self, request: HttpRequest, row: SocialProfile) -> list[Panel]:
        posts = Post.objects.filter(targets__profile=row).order_by("-scheduled_at")
        connection = Connection.objects.filter(profile=row)
        return [
            *panel(
                request,
                "Connection",
                connection,
                {
                    "Connection": lambda each: link(each, each.get_state_display()),
                    "Cause": lambda each: each.cause,
                    "Ends": lambda each: each.ends_at,
                },
            ),
            *panel(
                request,
                "Posts, newest time first",
                posts,
                {"Post": link, "Time": lambda each: each.scheduled_at},
                targets__profile=row.pk,
            ),
        ]


@admin.register(Connection)
class ConnectionAdmin(StaffAdmin):
    account_path = "profile.account"
    list_display = ("profile", "state", "cause", "ends_at", "refresh_failures")
    list_filter = ("state",)
    list_select_related = ("profile",)
    id_lookups = ("pk", "profile")
    word_lookups = ("profile__name__istartswith", "profile__handle__istartswith")
    fields = (
        "id",
        "profile",
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
    search_help_text = "The beginning of the profile's name or handle, or an id."

    def get_queryset(self, request: HttpRequest) -> QuerySet[Connection]:
        """Not even loaded: what is sealed has no business here."""
        return super().get_queryset(request).defer("sealed", "farewell")

    def panels(self, request: HttpRequest, row: Connection) -> list[Panel]:
        columns = {
            "When": lambda each: link(each, each.at),
            "From": lambda each: each.before,
            "To": lambda each: each.after,
            "Cause": lambda each: each.cause,
            "By": lambda each: each.actor,
        }
        rows = row.events.select_related("actor")
        return list(panel(request, "History", rows, columns, connection=row.pk))


@admin.register(ConnectionEvent)
class ConnectionEventAdmin(StaffAdmin):
    account_path = "connection.profile.account"
    list_display = ("at", "connection", "before", "after", "cause", "actor")
    list_select_related = ("connection__profile", "actor")
    id_lookups = ("connection", "connection__profile")
    linked_by = ("connection",)
    fields = ("at", "connection", "before", "after", "cause", "actor")
    search_help_text = "The id of a connection or a profile."
