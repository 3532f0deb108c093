"""What Mira Sol's studio is about to write."""

from __future__ import annotations

from later.demo.story import REEL, End, Story

COMING = (
    Story(
        End.COMING,
        "instagram bluesky telegram",
        "Fresh out of the box: the espresso cup in terracotta. Sixty were made, sixty "
        "are in the shop from now on.",
        ("espresso.jpg",),
        minutes=3,
        own={
            "instagram": "Fresh out of the box: the espresso cup in terracotta. Sixty "
            "were made, sixty are in the shop from now on. Link in the profile.\n\n"
            "#espressocup #ceramics #handmade"
        },
    ),
    Story(
        End.COMING,
        "telegram",
        "Reminder: the cups are in the shop. Thirty minutes in, and the first ones are "
        "packed already.",
        minutes=35,
        by_jonas=True,
    ),
    Story(
        End.COMING,
        "bluesky telegram",
        "Studio notes, number 27: why a foot ring matters more than the rim, with "
        "drawings I am only a little ashamed of.",
        day=1,
        at="09:00",
    ),
    Story(
        End.COMING,
        "instagram bluesky",
        "Hills behind the workshop, the evening before the wood firing.",
        ("hills-at-dusk.jpg",),
        day=1,
        at="18:30",
        own={
            "instagram": "Hills behind the workshop, the evening before the wood firing. "
            "Eleven of us, two tonnes of oak, no sleep.\n\n#woodfiring #ceramics"
        },
    ),
    Story(
        End.COMING,
        "instagram",
        "How a bowl gets its colour, in four seconds. The long answer is on the blog."
        "\n\n#glazing #processvideo",
        (REEL,),
        day=2,
        at="12:15",
    ),
    Story(
        End.COMING,
        "instagram bluesky telegram",
        "Wood firing, day one: we load at six, light at eight and don't look in before "
        "the night after.",
        ("kiln-at-night.jpg",),
        day=3,
        at="18:30",
        own={
            "telegram": "Wood firing, day one. We load at six and light at eight. Who "
            "wants to stoke for an hour: bring gloves, we have soup."
        },
    ),
    Story(
        End.COMING,
        "telegram",
        "The shop is closed for stocktaking until noon. Orders are safe and leave in "
        "the afternoon.",
        day=4,
        at="10:00",
        by_jonas=True,
    ),
    Story(
        End.COMING,
        "instagram",
        "Three shapes from a week by the sea. Which one feels like morning to you?"
        "\n\n#ceramicdesign #vase",
        ("three-vases.jpg", "early-sea.jpg"),
        day=5,
        at="19:00",
    ),
    Story(
        End.DRAFT,
        "instagram bluesky",
        "Ten years of the studio next month. Looking for the very first bowl I sold.",
        ("celadon-bowl.jpg",),
        day=6,
        at="09:00",
    ),
    Story(
        End.COMING,
        "instagram bluesky",
        "On the table today: nine plates, no two alike, all of them dishwasher safe.",
        ("stacked-plates.jpg",),
        day=7,
        at="18:30",
    ),
    Story(
        End.COMING,
        "instagram",
        "Glaze of the month: ash over iron. Two coats, then hope.\n\n#ashglaze #ceramics",
        ("glaze-tests.jpg", "palm-shadow.jpg"),
        day=8,
        at="12:00",
    ),
    Story(
        End.DRAFT,
        "telegram",
        "Dates of the winter classes: wheel for beginners, glazing, raku in the yard.",
        day=9,
        at="17:00",
        by_jonas=True,
    ),
    Story(
        End.COMING,
        "instagram bluesky",
        "Coffee tastes better from something that somebody made. I don't make the "
        "rules, I make the cups.",
        ("morning-coffee.jpg",),
        day=11,
        at="08:30",
    ),
    Story(
        End.COMING,
        "telegram",
        "The winter classes are open for booking at noon. Eight places each, as always.",
        day=13,
        at="10:00",
        by_jonas=True,
    ),
    Story(
        End.COMING,
        "instagram",
        "The first snow on the hills, and the kiln room is the best room.\n\n#studiolife",
        ("hills-at-dusk.jpg",),
        day=15,
        at="17:45",
    ),
    Story(
        End.DRAFT,
        "",
        "Ask Quay Coffee for a photo of the new cups on their bar, then write about "
        "how the handle changed twice.",
    ),
)
