"""
Makes the pictures beside it for test/e2e/picture-kinds.spec.ts: a drawn scene in kinds of file that are rarely met, and the square of
224 pixels that Pillow makes of each, as PNG. kinds.json says which file has which square, or the words of its refusal; files with the
same pixels share a square. The scene is flat, so that all of it takes some hundred kB.

    pip install -r tools/pictures/requirements.txt
    python test/e2e/pictures/make_pictures.py
"""

import hashlib
import io
import json
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, ImageDraw

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "reference" / "images"))

from layouts import chunk, layout_cases, pillow_file, tiff  # noqa: E402
from make_images import bmp, rle_row, square  # noqa: E402

SIDE = 224
WIDTH, HEIGHT = 44, 34
# Those of the reference pictures whose kinds matter here.
TAKEN = """
    tiff-cmyk-16 tiff-cmyk-16-big-endian tiff-cmyk-extra tiff-ycbcr tiff-ycbcr-lzw tiff-ycbcr-halved tiff-rgb-3-extra tiff-rgba-2-extra
    tiff-rgb-16-planes tiff-rgb-tiles-planes tiff-rgb-zstd tiff-gray-16-planar-extra tiff-bigtiff webp-animated-without-alpha
    avif-gray-limited bmp-rle8-overlong
""".split()


def scene():
    image = Image.new("RGB", (WIDTH, HEIGHT), (250, 240, 225))
    draw = ImageDraw.Draw(image)
    draw.ellipse([4, 6, 24, 28], fill=(220, 30, 40))
    draw.rectangle([26, 4, 40, 18], fill=(20, 60, 230))
    draw.polygon([(28, 30), (34, 21), (41, 30)], fill=(30, 160, 70))
    return image


def alpha():
    return Image.fromarray(np.tile(np.repeat([255, 90, 200, 255], WIDTH // 4), (HEIGHT, 1)).astype(np.uint8))


def cases():
    """(file name, bytes)."""
    for name, data in layout_cases(scene(), alpha()):
        if name in TAKEN:
            yield f"{name}.{name.split('-')[0]}", data
    good = pillow_file(scene(), "PNG")
    pixels_end = good.index(b"IEND") - 4
    yield "png-checksum-of-pixels.png", good[: pixels_end - 4] + bytes(4) + good[pixels_end:]
    yield "png-checksum-of-end.png", good[:-4] + bytes(4)
    yield "bmp-rle8.bmp", rle(scene())
    yield "avif-gray.avif", pillow_file(scene().convert("L"), "AVIF", quality=100)
    yield "webp-animated.webp", animation()


def misread():
    """(file name, bytes, the same samples stored plainly): what Pillow 13 refuses or reads as another picture (docs/pictures.md)."""
    good = pillow_file(scene(), "PNG")
    pixels = good.index(b"IDAT") - 4
    yield "png-checksum-of-text.png", good[:pixels] + chunk(b"tEXt", b"Title\0a scene")[:-4] + bytes(4) + good[pixels:], good
    wide = np.asarray(scene()).astype(np.uint16) * 257
    planes = {"photometric": "rgb", "planarconfig": "separate"}
    yield "tiff-rgb-16-planes-plain.tiff", tiff(np.moveaxis(wide, 2, 0), **planes), tiff(wide, photometric="rgb")
    signed = np.asarray(scene().convert("L")).astype(np.int16) - 20
    packed = {"photometric": "minisblack", "compression": "lzw"}
    yield "tiff-gray-16-signed-big-endian.tiff", tiff(signed, byteorder=">", **packed), tiff(signed, **packed)


def refused():
    """(file name, bytes, words of the refusal): what Pillow opens and the service refuses by name (docs/pictures.md)."""
    rgb = np.asarray(scene())
    colours = np.moveaxis(np.asarray(scene().convert("YCbCr")), 2, 0)
    lab = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")
    yield "tiff-lzma.tiff", tiff(rgb, photometric="rgb", compression="lzma"), "LZMA compression"
    yield "tiff-lab.tiff", pillow_file(ImageCms.applyTransform(scene(), lab), "TIFF", compression="tiff_lzw", icc_profile=None), "CIELAB"
    yield "tiff-ycbcr-planes.tiff", tiff(colours, photometric="ycbcr", planarconfig="separate", compression="lzw"), "YCbCr colours on separate planes"
    yield "tiff-palette-alpha.tiff", pillow_file(scene().quantize(16).convert("PA"), "TIFF", compression="tiff_lzw"), "one of them alpha"


def rle(image):
    indexed = image.quantize(16)
    rows = np.asarray(indexed)[::-1].tolist()
    colours = b"".join(bytes([b, g, r, 0]) for r, g, b in np.array(indexed.getpalette()).reshape(-1, 3)[:16].tolist())
    return bmp(WIDTH, HEIGHT, 8, 1, colours, b"".join(rle_row(row) for row in rows) + b"\0\1")


def animation():
    frames = [scene(), scene().transpose(Image.Transpose.FLIP_LEFT_RIGHT)]
    return pillow_file(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=90, lossless=True)


def square_of(data):
    """The name of the PNG that holds Pillow's square."""
    pixels = square(data, SIDE)
    name = f"square-{hashlib.sha256(pixels.tobytes()).hexdigest()[:8]}.png"
    pixels.save(HERE / name, optimize=True)
    return name


def main():
    for old in HERE.glob("*-*.*"):
        old.unlink()
    kinds = []
    for file, data, plain in [*((file, data, data) for file, data in cases()), *misread()]:
        (HERE / file).write_bytes(data)
        kinds.append({"file": file, "square": square_of(plain)})
    for file, data, words in refused():
        Image.open(io.BytesIO(data)).load()
        (HERE / file).write_bytes(data)
        kinds.append({"file": file, "refusal": words})
    (HERE / "kinds.json").write_text("[\n" + ",\n".join(f"  {{ {json.dumps(kind)[1:-1]} }}" for kind in kinds) + "\n]\n")


if __name__ == "__main__":
    main()
