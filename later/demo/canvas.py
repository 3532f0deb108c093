"""A small painter's kit on Pillow: light, shaded shapes, grain. Same seed, same picture."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from functools import cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

# Painters speak of 1080 x 1350; two thirds of that are painted and then enlarged,
# which halves the time and can't be seen under the grain.
WIDTH, HEIGHT = 1080, 1350
SCALE = 2 / 3
SIZE = (720, 900)

Colour = str
Point = tuple[float, float]
Box = tuple[float, float, float, float]


def down(top: Colour, bottom: Colour, middle: Colour | None = None) -> Image.Image:
    """A picture whose colour changes from top to bottom."""
    ramp = Image.linear_gradient("L").resize(SIZE, Image.Resampling.BILINEAR)
    return ImageOps.colorize(ramp, top, bottom, mid=middle)


def across(left: Colour, right: Colour, middle: Colour | None = None) -> Image.Image:
    turned = Image.linear_gradient("L").transpose(Image.Transpose.ROTATE_90)
    ramp = turned.resize(SIZE, Image.Resampling.BILINEAR)
    return ImageOps.colorize(ramp, left, right, mid=middle)


def blank() -> Image.Image:
    return Image.new("L", SIZE)


def polygon(points: Sequence[Point]) -> Image.Image:
    mask = blank()
    ImageDraw.Draw(mask).polygon([_scaled(point) for point in points], fill=255)
    return soft(mask, 1)


def _scaled(point: Point) -> Point:
    return (point[0] * SCALE, point[1] * SCALE)


def ellipse(box: Box) -> Image.Image:
    return ellipses([box])


def ellipses(boxes: Iterable[Box]) -> Image.Image:
    mask = blank()
    brush = ImageDraw.Draw(mask)
    for box in boxes:
        brush.ellipse((*_scaled(box[:2]), *_scaled(box[2:])), fill=255)
    return soft(mask, 1)


def circle(x: float, y: float, radius: float) -> Image.Image:
    return ellipse((x - radius, y - radius, x + radius, y + radius))


def soft(mask: Image.Image, radius: float) -> Image.Image:
    """Blurred; wide radii on a small copy, which looks the same and costs little."""
    reach = radius * SCALE
    if radius <= 1:  # an edge without steps
        return mask.filter(ImageFilter.BoxBlur(0.8))
    if radius < 8:
        return mask.filter(ImageFilter.GaussianBlur(reach))
    small = mask.reduce(5)
    blurred = small.filter(ImageFilter.GaussianBlur(reach / 5))
    return blurred.resize(SIZE, Image.Resampling.BICUBIC)


def faint(mask: Image.Image, share: float) -> Image.Image:
    return mask.point(lambda value: int(value * share))


def fill(
    picture: Image.Image, mask: Image.Image, paint: Image.Image | Colour
) -> Image.Image:
    top = Image.new("RGB", SIZE, paint) if isinstance(paint, str) else paint
    return Image.composite(top, picture, mask)


def shadow(
    picture: Image.Image, mask: Image.Image, by: tuple[int, int], blur: float
) -> Image.Image:
    """What a shape casts on what lies behind it."""
    right, below = (round(step * SCALE) for step in by)
    cast = soft(ImageChops.offset(mask, right, below), blur)
    return fill(picture, faint(cast, 0.45), "#1c1410")


def glow(
    picture: Image.Image, at: Point, radius: float, colour: Colour, share: float
) -> Image.Image:
    light = Image.new("RGB", SIZE)
    halo = faint(soft(circle(*at, radius), radius / 1.6), share)
    return ImageChops.screen(picture, fill(light, halo, colour))


def turned(spine: float, profile: Sequence[Point]) -> Image.Image:
    """A pot: (y, half its width) from rim to foot, drawn around its axis."""
    outline = list(_smooth(profile))
    left = [(spine - half, y) for y, half in outline]
    right = [(spine + half, y) for y, half in reversed(outline)]
    return polygon([*left, *right])


def _smooth(points: Sequence[Point]) -> list[Point]:
    """Catmull-Rom through the points, ten steps each."""
    padded = [points[0], *points, points[-1]]
    found: list[Point] = []
    for before, start, end, after in zip(
        padded, padded[1:], padded[2:], padded[3:], strict=False
    ):
        for step in range(10):
            t = step / 10
            y = start[0] + (end[0] - start[0]) * t
            found.append((y, _between((before[1], start[1], end[1], after[1]), t)))
    return [*found, points[-1]]


def _between(values: tuple[float, float, float, float], t: float) -> float:
    a, b, c, d = values
    first, second = c - a, 2 * a - 5 * b + 4 * c - d
    third = 3 * b - a - 3 * c + d
    return b + 0.5 * t * (first + t * (second + t * third))


def finish(picture: Image.Image, *, vignette: float = 0.28) -> Image.Image:
    """Darker corners and the grain of a film."""
    shade = Image.radial_gradient("L").resize(SIZE, Image.Resampling.BILINEAR)
    dark = fill(picture, faint(shade, vignette), "#0d0a08")
    large = dark.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    return ImageChops.soft_light(large, _grain())


@cache
def _grain() -> Image.Image:
    size = (WIDTH // 2, HEIGHT // 2)
    raw = random.Random(7).randbytes(size[0] * size[1])  # noqa: S311
    noise = Image.frombytes("L", size, raw).point(lambda value: 108 + value // 6)
    return noise.resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR).convert("RGB")
