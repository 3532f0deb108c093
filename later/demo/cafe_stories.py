"""What Quay Coffee wrote; its Instagram has lost a permission since."""

from __future__ import annotations

from later.demo.story import End, Story

PAST = (
    Story(
        End.OUT,
        "instagram",
        "New cups on the bar, thrown by Mira Sol just up the street. Come and drink "
        "from one.\n\n#quaycoffee #handmade",
        ("espresso.jpg",),
        day=-6,
        at="08:00",
    ),
    Story(
        End.OUT,
        "instagram",
        "The washed Guji is back: apricot, jasmine, gone by the weekend.\n\n#specialtycoffee",
        ("morning-coffee.jpg",),
        day=-3,
        at="08:00",
    ),
    Story(
        End.HELD,
        "instagram",
        "Open until ten tonight, with live records from seven.\n\n#quaycoffee",
        ("morning-coffee.jpg",),
        day=-1,
        at="15:00",
    ),
)
COMING = (
    Story(
        End.COMING,
        "instagram",
        "Cupping on the first evening of every month, free for everybody.\n\n#cupping",
        ("espresso.jpg",),
        day=2,
        at="08:00",
    ),
    Story(
        End.DRAFT,
        "instagram",
        "Winter menu: cardamom bun, spiced oat cortado, and the return of the stew.",
        day=4,
        at="08:00",
    ),
)
