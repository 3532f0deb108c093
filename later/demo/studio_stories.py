"""What Mira Sol's studio wrote so far, with what went wrong."""

from __future__ import annotations

from later.demo.story import REEL, End, Story

PAST = (
    Story(
        End.OUT,
        "telegram bluesky",
        "The new clay arrived: 600 kilos, one stairwell, three very good friends.",
        day=-20,
        at="16:00",
    ),
    Story(
        End.OUT,
        "instagram",
        "Walked up there with a sketchbook and came back with a colour.\n\n#inspiration",
        ("hills-at-dusk.jpg",),
        day=-18,
        at="19:30",
    ),
    Story(
        End.OUT,
        "telegram",
        "Class dates for the month are up. The evening groups fill first, as ever.",
        day=-17,
        at="10:00",
        by_jonas=True,
    ),
    Story(
        End.OUT,
        "instagram bluesky",
        "The morning shift: one cup, one kiln report, no messages before nine.",
        ("morning-coffee.jpg",),
        day=-16,
        at="08:00",
    ),
    Story(
        End.OUT,
        "bluesky",
        "Today's lesson: a glaze that looks like mud in the bucket can be the best one.",
        day=-14,
        at="21:10",
    ),
    Story(
        End.OUT,
        "instagram",
        "Dinner for nine. Every plate from another firing.\n\n#tableware #ceramics",
        ("stacked-plates.jpg",),
        day=-13,
        at="18:00",
    ),
    Story(
        End.OUT,
        "telegram",
        "We fire the big kiln tonight. The studio stays warm for days, bring socks.",
        day=-12,
        at="15:30",
        by_jonas=True,
    ),
    Story(
        End.OUT,
        "instagram bluesky",
        "Forty-one bowls out of the kiln this morning and only two of them cracked. "
        "I am calling that a very good day.",
        ("celadon-bowl.jpg",),
        day=-10,
        at="18:30",
        own={
            "instagram": "Forty-one bowls out of the kiln this morning and only two of "
            "them cracked. I am calling that a very good day.\n\nCeladon over porcelain, "
            "fired to 1260 degrees.\n\n#ceramics #celadon #wheelthrown #berlinceramics"
        },
    ),
    Story(
        End.OUT,
        "telegram",
        "The studio is open again from ten to six. Coffee is on us, the chipped mugs "
        "are free to whoever gives them a home.",
        day=-9,
        at="09:15",
        by_jonas=True,
    ),
    Story(
        End.OUT,
        "instagram",
        "Twelve glazes, one clay body, one firing. Swipe for the bowl that won. Which "
        "of the others should become a full set?\n\n#glazetest #ceramics #studiopottery",
        ("glaze-tests.jpg", "celadon-bowl.jpg", "three-vases.jpg"),
        day=-8,
        at="12:00",
    ),
    Story(
        End.OUT,
        "instagram bluesky telegram",
        "The autumn collection goes online on the first of the month: vases, plates and "
        "the small espresso cups you kept asking about.",
        ("three-vases.jpg",),
        day=-7,
        at="19:00",
        own={
            "telegram": "You read it first: the autumn collection goes online on the "
            "first of the month at 10:00. Readers of this channel get the link an hour "
            "earlier."
        },
    ),
    Story(
        End.OUT,
        "bluesky",
        "Small question for the potters here: do you wedge by hand, or did you give in "
        "and buy the pug mill? My wrists are asking for a friend.",
        day=-6,
        at="08:45",
    ),
    Story(
        End.FAILED,
        "instagram",
        "Four seconds of the light in the studio at the end of the day. Sound on for "
        "the kiln humming along.\n\n#studiolife",
        (REEL,),
        day=-5,
        at="17:30",
    ),
    Story(
        End.OUT,
        "instagram",
        "Opening the kiln at night is the only suspense I need.\n\n#kilnopening #ceramics",
        ("kiln-at-night.jpg",),
        day=-4,
        at="20:15",
    ),
    Story(
        End.UNSURE,
        "telegram",
        "Two places came free in the wheel class for beginners, on the next two "
        "evenings. Write to us and one is yours.",
        day=-3,
        at="11:00",
        by_jonas=True,
    ),
    Story(
        End.OUT,
        "instagram bluesky",
        "A week by the sea, no clay, no phone. Came back with three pages of shapes.",
        ("early-sea.jpg",),
        day=-2,
        at="20:00",
    ),
    Story(
        End.OUT,
        "telegram bluesky",
        "Shipping days are back to Monday and Thursday. Everything ordered before noon "
        "leaves the same day.",
        day=-1,
        at="09:30",
        by_jonas=True,
    ),
    Story(
        End.HELD,
        "bluesky",
        "Nine plates, nine glazes, one very patient table. The whole set is on its way "
        "to a restaurant in Leipzig.",
        ("stacked-plates.jpg",),
        day=-1,
        at="18:30",
    ),
    Story(
        End.OUT,
        "instagram",
        "First light on the studio wall. I didn't move the pot for an hour.\n\n"
        "#morninglight #ceramics",
        ("palm-shadow.jpg",),
        minutes=-95,
    ),
)
