from __future__ import annotations

from accounts.models import AccessGroup


def test_a_member_sees_the_group_and_a_stranger_does_not(cast):
    """R-B1: members see their own groups only."""
    assert cast.group in AccessGroup.objects.visible_to(cast.bob)
    assert cast.group not in AccessGroup.objects.visible_to(cast.charlie)
