"""The demo's photos, painted: nothing to download and nobody's rights touched."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from later.demo.canvas import (
    HEIGHT,
    WIDTH,
    Box,
    Point,
    across,
    blank,
    circle,
    down,
    ellipse,
    ellipses,
    faint,
    fill,
    finish,
    glow,
    polygon,
    shadow,
    soft,
    turned,
)


def hills() -> Image.Image:
    picture = down("#2b3a67", "#f7c59f", "#c97b84")
    picture = glow(picture, (720, 640), 240, "#ffd9a0", 0.9)
    picture = fill(picture, circle(720, 640, 62), "#fff1d6")
    layers = ("#8c6a86", "#6b5478", "#4b4066", "#302c50", "#191a35")
    for number, colour in enumerate(layers):
        ridge = _ridge(640 + number * 130, 105 - number * 8, number)
        picture = fill(picture, ridge, colour)
        haze = faint(soft(ridge, 60), 0.12)
        picture = fill(picture, haze, "#f0b99a")
    return finish(picture)


def _ridge(level: float, swing: float, seed: int) -> Image.Image:
    dice = random.Random(seed + 20)  # noqa: S311
    phases = [dice.uniform(0, 6.3) for _ in range(3)]
    points: list[Point] = [(-20, HEIGHT + 20)]
    for x in range(-20, WIDTH + 41, 20):
        wave = (
            math.sin(x / 260 + phases[0])
            + 0.45 * math.sin(x / 97 + phases[1])
            + 0.2 * math.sin(x / 38 + phases[2])
        )
        points.append((x, level - swing * wave))
    return polygon([*points, (WIDTH + 40, HEIGHT + 20)])


def vases() -> Image.Image:
    picture = _table("#e9ded0", "#cbb8a2", "#a07c5b", 1010)
    tall = turned(370, [(390, 62), (470, 48), (640, 120), (860, 175), (1070, 105)])
    round_one = turned(690, [(690, 70), (740, 62), (880, 200), (1010, 190), (1110, 95)])
    small = turned(905, [(905, 44), (940, 38), (1050, 92), (1140, 58)])
    glazes = (
        ("#f3e6d3", "#8a6a52"),
        ("#7fa3a0", "#1f3d45"),
        ("#d98e5f", "#7a3520"),
    )
    for mask, (light, dark) in zip((tall, round_one, small), glazes, strict=True):
        picture = shadow(picture, mask, (70, 26), 46)
        picture = fill(picture, mask, across(light, dark))
    for x, y, half in ((370, 392, 60), (690, 692, 68), (905, 906, 42)):
        rim = ellipse((x - half, y - 11, x + half, y + 11))
        picture = fill(picture, rim, "#2a1d17")
    return finish(picture)


def _table(top: str, wall: str, wood: str, edge: int) -> Image.Image:
    """A wall in soft light and the board in front of it."""
    picture = glow(down(top, wall), (180, 240), 380, "#fff3df", 0.45)
    board = polygon([(0, edge), (WIDTH, edge), (WIDTH, HEIGHT), (0, HEIGHT)])
    return fill(picture, board, down("#f1d9bd", "#5d4330", wood))


def bowl() -> Image.Image:
    picture = across("#d8cdbf", "#b7a793")
    outside = circle(540, 690, 410)
    picture = shadow(picture, outside, (48, 62), 60)
    picture = fill(picture, outside, across("#f5efe4", "#a9957d"))
    picture = fill(picture, circle(540, 690, 372), across("#2c4a52", "#7fb0ab"))
    for number, radius in enumerate(range(350, 40, -22)):
        light = "#a8d1c6" if number % 2 else "#3f6d72"
        ring = faint(soft(circle(536, 684, radius), 6), 0.16)
        picture = fill(picture, ring, light)
    picture = glow(picture, (410, 540), 70, "#e9fff6", 0.55)
    return finish(picture)


def coffee() -> Image.Image:
    return _cup("#dfe4dc", "#b9c1b3", "#f8f5ef", "#cfc6b8")


def espresso() -> Image.Image:
    return _cup("#31424b", "#1b272e", "#e8a87c", "#9c5a3c")


def _cup(wall: str, corner: str, light: str, dark: str) -> Image.Image:
    picture = across(wall, corner)
    saucer, cup = circle(540, 720, 430), circle(540, 720, 270)
    handle = ellipse((740, 560, 960, 720))
    picture = shadow(picture, saucer, (40, 60), 54)
    picture = fill(picture, saucer, across(light, dark))
    picture = fill(picture, faint(soft(circle(540, 720, 330), 22), 0.35), dark)
    picture = fill(picture, handle, across(light, dark))
    picture = fill(picture, ellipse((785, 595, 915, 685)), dark)
    picture = shadow(picture, cup, (18, 26), 30)
    picture = fill(picture, cup, across(light, dark))
    picture = fill(picture, circle(540, 720, 238), across("#6b3f22", "#3a1f10"))
    for radius, y in ((120, 660), (96, 720), (66, 775)):
        leaf = ellipse((540 - radius, y - radius * 0.62, 540 + radius, y + radius))
        picture = fill(picture, faint(soft(leaf, 3), 0.55), "#f0d2a4")
        dip = ellipse((544 - radius, y - radius * 0.2, 536 + radius, y + radius * 1.25))
        picture = fill(picture, faint(soft(dip, 4), 0.62), "#5b3319")
    return finish(picture)


def kiln() -> Image.Image:
    picture = down("#1b1110", "#0c0808", "#3a1a12")
    arch = polygon([(250, 1180), (250, 620), (330, 430), (540, 330), (750, 430)])
    right = polygon([(540, 330), (750, 430), (830, 620), (830, 1180), (250, 1180)])
    for mask in (arch, right):
        picture = fill(picture, mask, down("#ffb347", "#d1381f", "#ff7a2f"))
    picture = glow(picture, (540, 820), 330, "#ff9a3c", 0.85)
    for number, shelf in enumerate((700, 930, 1160)):
        for place in range(4):
            x = 325 + place * 142
            high = 120 + 22 * ((place + number) % 3)
            pot = turned(x, [(shelf - high, 34), (shelf - 60, 54), (shelf, 36)])
            picture = fill(picture, pot, across("#ffcf8a", "#6e1d10", "#c2481f"))
        board = polygon(
            [(250, shelf), (830, shelf), (830, shelf + 16), (250, shelf + 16)]
        )
        picture = fill(picture, board, "#5a1a10")
    return finish(glow(picture, (540, 700), 420, "#ffb060", 0.35), vignette=0.5)


def sea() -> Image.Image:
    picture = down("#f6d6c4", "#274b6d", "#9fb8c9")
    picture = glow(picture, (360, 520), 260, "#fff0d0", 0.8)
    water = polygon([(0, 700), (WIDTH, 700), (WIDTH, HEIGHT), (0, HEIGHT)])
    picture = fill(picture, water, down("#d9c9bf", "#12304a", "#4a7391"))
    picture = fill(picture, faint(ellipses(_glints()), 0.5), "#ffe9cb")
    boat = polygon([(700, 716), (860, 716), (830, 750), (730, 750)])
    sail = polygon([(782, 706), (782, 540), (872, 700)])
    picture = fill(picture, boat, "#22303c")
    return finish(fill(picture, sail, across("#fff8ec", "#d8c3ae")))


def _glints() -> Iterator[Box]:
    """The sun's path on the water, wider towards us."""
    dice = random.Random(4)  # noqa: S311
    for number in range(90):
        y = 715 + (number / 90) ** 1.6 * 600
        half, high = 14 + number * 1.5, 2 + number / 45
        x = 360 + dice.gauss(0, 60 + number * 2.4)
        yield (x - half, y - high, x + half, y + high)


def glazes() -> Image.Image:
    picture = down("#efe9df", "#d6ccbd")
    colours = "e9c46a f4a261 e76f51 9c4a3c 84a59d 52796f 2f3e46 cad2c5 6d8ba6 3d5a80"
    names = [f"#{name}" for name in colours.split()] + ["#b5838d", "#f2e3d5"]
    for number, colour in enumerate(names):
        column, row = number % 3, number // 3
        left, top = 110 + column * 300, 120 + row * 290
        tile = polygon(
            [(left, top), (left + 256, top), (left + 256, top + 246), (left, top + 246)]
        )
        picture = shadow(picture, tile, (12, 16), 18)
        picture = fill(picture, tile, colour)
        drip = ellipse((left + 20, top + 40, left + 236, top + 330))
        inside = Image.composite(drip, blank(), tile)
        picture = fill(picture, faint(soft(inside, 10), 0.35), "#fff6e6")
    return finish(picture, vignette=0.16)


def leaves() -> Image.Image:
    picture = across("#f2e2cf", "#d9b99a")
    dice = random.Random(11)  # noqa: S311
    shade = blank()
    for number in range(26):
        angle = -0.9 + number / 26 * 1.9 + dice.uniform(-0.1, 0.1)
        length = dice.uniform(480, 900)
        shade.paste(255, mask=_leaf(1120, 1240, angle, length))
    picture = fill(picture, faint(soft(shade, 9), 0.42), "#6b4a3a")
    pot = turned(300, [(930, 60), (980, 52), (1110, 150), (1270, 110)])
    picture = shadow(picture, pot, (-60, 24), 40)
    picture = fill(picture, pot, across("#b99a84", "#fbf3e7"))
    return finish(fill(picture, ellipse((242, 920, 358, 942)), "#3d2a20"))


def _leaf(x: float, y: float, angle: float, length: float) -> Image.Image:
    """Narrow, from its stalk at x, y towards the upper left."""
    along = (-math.cos(angle), -math.sin(angle + 0.7))
    across_it = (-along[1], along[0])
    points: list[Point] = []
    for side in (1, -1):
        steps = range(11) if side == 1 else range(10, -1, -1)
        for step in steps:
            t = 0.25 + step / 10 * 0.75
            wide = side * 46 * math.sin(math.pi * step / 10)
            points.append(
                (
                    x + along[0] * length * t + across_it[0] * wide,
                    y + along[1] * length * t + across_it[1] * wide,
                )
            )
    return polygon(points)


def plates() -> Image.Image:
    picture = _table("#cfd8d7", "#9fb0b0", "#6f5a4a", 960)
    for number in range(9):
        y, wide = 1080 - number * 62, 360 - number * 14
        light, dark = (
            ("#faf4ea", "#a88f76"),
            ("#c9dcd6", "#4e736f"),
            ("#eec9a5", "#99613f"),
        )[number % 3]
        x = 540 + (number * 37) % 23 - 10
        plate = ellipse((x - wide, y - 46, x + wide, y + 46))
        picture = shadow(picture, plate, (16, 26), 20)
        picture = fill(picture, plate, across(light, dark))
        lip = ellipse((x - wide + 16, y - 52, x + wide - 16, y + 26))
        picture = fill(picture, lip, across(dark, light))
    return finish(picture)


@dataclass(frozen=True)
class Photo:
    name: str
    alt: str
    paint: Callable[[], Image.Image]

    def save(self, folder: Path) -> Path:
        path = folder / self.name
        self.paint().save(path, "JPEG", quality=86)
        return path


PHOTOS = (
    Photo("hills-at-dusk.jpg", "Layers of hills at dusk, a low sun above them", hills),
    Photo("three-vases.jpg", "Three glazed vases on a wooden board", vases),
    Photo("celadon-bowl.jpg", "A round bowl with a blue-green glaze, from above", bowl),
    Photo(
        "morning-coffee.jpg", "A white cup of coffee with a leaf in its foam", coffee
    ),
    Photo("espresso.jpg", "A terracotta cup of espresso on dark slate", espresso),
    Photo("kiln-at-night.jpg", "An open kiln glowing orange, full of pots", kiln),
    Photo("early-sea.jpg", "A sailing boat on a calm sea in the early light", sea),
    Photo("glaze-tests.jpg", "Twelve test tiles with different glazes", glazes),
    Photo(
        "palm-shadow.jpg", "The shadow of a palm on a wall behind a small pot", leaves
    ),
    Photo("stacked-plates.jpg", "Nine plates stacked on a table", plates),
)
