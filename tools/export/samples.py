"""Pictures and texts drawn from a seed: the same on every machine that has the same packages."""

import io
import random

import numpy as np
from PIL import Image, ImageDraw

THINGS = "cat dog bicycle lighthouse teapot bridge violin tractor glacier beehive escalator mushroom harbour typewriter".split()
LOOKS = "red blue tiny old shiny broken wooden striped transparent sleeping upside-down hand-painted".split()
PLACES = "on a table; in the rain; under a bridge; at night; seen from above; next to a mirror; in fog, 1970s film".split("; ")
ODD = [
    "a",
    "A PHOTO OF A CAT, IN CAPITALS!",
    "it's the dog's ball; we'll see (maybe)",
    "¿dónde está el gato? das Mädchen läuft über die Straße",
    "一只猫的照片 猫の写真 고양이 사진",
    "🐈‍⬛ on a 🛋️ — 100% cat",
    "3.14159 + 2 = ?  tabs\tand   spaces ",
    "a very long text about a cat that does not end soon, " * 12,
]


def drawn_texts(count: int, seed: int) -> list[str]:
    """Plain captions of several lengths, with the odd ones spread among the first."""
    draw = random.Random(seed)
    plain = [_caption(draw) for _ in range(max(0, count - len(ODD)))]
    return (ODD + plain)[:count]


def drawn_picture(index: int, seed: int, sides: tuple[int, int], noisy: bool = True) -> Image.Image:
    """Gradients, noise, hard edges and thin lines, in RGB; both sides lie within `sides`, in pixels."""
    rng = np.random.default_rng([seed, index])
    width, height = (int(side) for side in rng.integers(sides[0], sides[1] + 1, 2))
    y, x = np.mgrid[0:height, 0:width]
    waves = [127 + 120 * np.sin(x / rng.uniform(5, 60) + y / rng.uniform(5, 60) + rng.uniform(0, 6)) for _ in range(3)]
    noise = rng.normal(0, rng.choice([0, 3, 20]) * noisy, (height, width, 3))
    picture = Image.fromarray(np.clip(np.stack(waves, axis=2) * rng.uniform(0.3, 1, 3) + noise, 0, 255).astype(np.uint8))
    pen = ImageDraw.Draw(picture)
    for _ in range(int(rng.integers(1, 7))):
        left, right = np.sort(rng.integers(0, width, 2))
        top, bottom = np.sort(rng.integers(0, height, 2))
        shape = pen.ellipse if rng.random() < 0.5 else pen.rectangle
        colour = tuple(int(value) for value in rng.integers(0, 256, 3))
        shape([int(left), int(top), int(right), int(bottom)], fill=colour, outline=(255, 255, 255))
    return picture


def file_of(picture: Image.Image, format: str, **options) -> bytes:
    file = io.BytesIO()
    picture.save(file, format, **options)
    return file.getvalue()


def _caption(draw: random.Random) -> str:
    parts = [f"a {draw.choice(LOOKS)} {draw.choice(THINGS)} {draw.choice(PLACES)}" for _ in range(draw.choice([1, 1, 1, 2, 4]))]
    return " and ".join(parts)
