"""The smallest parts of the interface. Pages draw hundreds of them: an included template
for each would take most of the time."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from later.context import GroupLink

register = template.Library()

CORNER = "platform--sm avatar__corner"
PICTURE = (
    '<img class="avatar__image" src="{}" alt="" loading="lazy" width="32" height="32">'
)
ROW = '<li><a class="menu__item" href="{}"{}><span class="truncate">{}</span></a></li>'
CURRENT, NOTHING = mark_safe(' aria-current="true"'), mark_safe("")
HIDDEN = mark_safe(' aria-hidden="true"')


@register.simple_tag
def icon(name: str, css: str = "", label: str = "") -> SafeString:
    said = format_html(' role="img" aria-label="{}"', label) if label else HIDDEN
    return format_html(
        '<svg class="{}"{}><use href="{}#{}"></use></svg>',
        _classes("icon", css),
        said,
        static("vendor/icons/icons.svg"),
        name,
    )


@register.simple_tag
def platform(name: str, css: str = "", label: str = "") -> SafeString:
    return format_html(
        '<img class="{}" src="{}" alt="{}" width="20" height="20">',
        _classes("platform", css),
        static(f"img/platforms/{name}.svg"),
        label,
    )


@register.simple_tag
def badge(text: str, tone: str = "", name: str = "", css: str = "") -> SafeString:
    return format_html(
        '<span class="{}" data-tone="{}">{}<span class="truncate">{}</span></span>',
        _classes("badge", css),
        tone or "neutral",
        icon(name) if name else "",
        text,
    )


@register.simple_tag
def avatar(
    name: str,
    src: str = "",
    platform_icon: str = "",
    css: str = "",
    tint: int | str = 0,
    label: str = "",
) -> SafeString:
    """The initial lies below the picture, for when that can't be had any more."""
    return format_html(
        '<span class="{}" data-tint="{}"{}>{}{}{}</span>',
        _classes("avatar", css),
        tint or 0,
        format_html(' role="img" aria-label="{}"', label) if label else HIDDEN,
        name[:1].upper() or "·",
        format_html(PICTURE, src) if src else "",
        platform(platform_icon, CORNER) if platform_icon else "",
    )


@register.simple_tag
def group_links(links: Iterable[GroupLink]) -> SafeString:
    """Rows of the switcher, thousands for some."""
    return format_html_join("\n", ROW, map(_row, links))


def _row(link: GroupLink) -> tuple[str, str, str]:
    return link.url, CURRENT if link.current else NOTHING, link.name


def _classes(own: str, more: str) -> str:
    return f"{own} {more}" if more else own
