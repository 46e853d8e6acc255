"""
Makes the pictures under files/ and, for each, the square that Pillow makes of it, under squares/ (a PNG, lossless).

    pip install -r tools/pictures/requirements.txt
    python test/reference/images/make_images.py

A square is what a CLIP model sees before normalising, made in open_clip's order: the file in the mode in which Pillow
opens it, the short side to `size` (bicubic, the long side cut down to whole pixels as torchvision's Resize does), centre
crop with Python's rounding, and only then convert("RGB"). The order shows: Pillow resizes palettes and 1 bit by nearest
pixel, alpha premultiplied, CMYK as inks and 16-bit gray unclipped. index.jsonl lists the cases.
Most squares are 64 pixels wide to keep the folder small; the arithmetic is the same at 224.
"""

import io
import json
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, ImageDraw

from layouts import layout_cases

HERE = Path(__file__).resolve().parent
PHOTOS = HERE.parents[1] / "fixtures"


def scene(width, height, seed=1):
    """Gradients, hard edges, thin lines and noise: everything that a resampler can get wrong."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    base = np.stack([255 * x / max(1, width - 1), 255 * y / max(1, height - 1), 127 + 120 * np.sin(x / 7) * np.cos(y / 5)], axis=2)
    image = Image.fromarray(np.clip(base + rng.normal(0, 12, base.shape), 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    draw.ellipse([width * 0.1, height * 0.2, width * 0.5, height * 0.8], fill=(220, 30, 40), outline=(255, 255, 255))
    draw.rectangle([width * 0.6, height * 0.1, width * 0.9, height * 0.5], fill=(20, 60, 230))
    for step in range(0, width, 9):
        draw.line([step, height * 0.85, step + 5, height], fill=(0, 0, 0))
    draw.text((width * 0.3, height * 0.6), "CLIP 123", fill=(255, 255, 0))
    return image


def alpha_of(width, height):
    y, x = np.mgrid[0:height, 0:width]
    return Image.fromarray(((x * 255 // max(1, width - 1)) * (y % 20 > 4)).astype(np.uint8))


def with_alpha(image):
    image = image.copy()
    image.putalpha(alpha_of(*image.size))
    return image


def with_gradient(image):
    """Alpha that goes through every value, is 0 in a corner and has a hard edge: all that premultiplying rounds."""
    y, x = np.mgrid[0 : image.height, 0 : image.width]
    alpha = np.clip(300 * (x + y) / (image.width + image.height) - 20, 0, 255)
    alpha[image.height // 3 : image.height // 2, image.width // 4 : image.width // 2] = 3
    image = image.copy()
    image.putalpha(Image.fromarray(alpha.astype(np.uint8)))
    return image


def with_black(image):
    """CMYK with ink in all four plates."""
    cyan, magenta, yellow, _ = image.split()
    return Image.merge("CMYK", (cyan, magenta, yellow, alpha_of(*image.size)))


def bytes_of(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def swapped_profile():
    """sRGB with red and blue exchanged: whoever applies the profile shows other colours."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = struct.unpack(">I", profile[128:132])[0]
    entries = {bytes(profile[132 + 12 * i : 136 + 12 * i]): 132 + 12 * i for i in range(count)}
    red, blue = entries[b"rXYZ"], entries[b"bXYZ"]
    profile[red + 4 : red + 12], profile[blue + 4 : blue + 12] = profile[blue + 4 : blue + 12], profile[red + 4 : red + 12]
    return bytes(profile)


def chunk_of(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width, height, depth, colour, rows, extra=b""):
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows))
    return b"\x89PNG\r\n\x1a\n" + chunk_of(b"IHDR", header) + extra + chunk_of(b"IDAT", data) + chunk_of(b"IEND", b"")


def png16(image, channels):
    array = np.asarray(image).astype(np.uint32)[:, :, :channels] * 257 + 77
    array = np.minimum(array, 65535).astype(">u2")
    return png(image.width, image.height, 16, {1: 0, 2: 4, 3: 2, 4: 6}[channels], [row.tobytes() for row in array])


def png_nibbles(image):
    rows = [bytes((row[i] >> 4 << 4) | (row[i + 1] >> 4) for i in range(0, image.width, 2)) for row in np.asarray(image).tolist()]
    return png(image.width, image.height, 4, 0, rows)


def gray16(width, height, extra=b""):
    """Around 255, where Pillow's conversion clips, and hard edges from 0 to 65535, where the kernel overshoots."""
    array = np.asarray(scene(width, height).convert("L")).astype(np.uint32) * 2
    array[:, : width // 3] *= 120
    array[height // 2 : height // 2 + 6, width // 2 :] = 65535
    rows = [row.tobytes() for row in np.minimum(array, 65535).astype(">u2")]
    return png(width, height, 16, 0, rows, extra)


def ycck(data):
    """A CMYK JPEG whose Adobe marker says that the inks are YCCK."""
    at = data.index(b"Adobe") + 11
    return data[:at] + b"\2" + data[at + 1 :]


def without_adobe(data):
    """The same JPEG without the marker that tells inverted inks: Pillow inverts all the same."""
    at = data.index(b"\xff\xee")
    return data[:at] + data[at + 2 + struct.unpack(">H", data[at + 2 : at + 4])[0] :]


def bmp(width, height, bits, compression, palette, pixels, masks=b""):
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, len(pixels), 2835, 2835, len(palette) // 4, 0)
    offset = 14 + len(header) + len(masks) + len(palette)
    return b"BM" + struct.pack("<IHHI", offset + len(pixels), 0, 0, offset) + header + masks + palette + pixels


def bmp_rows(rows):
    return b"".join(row + b"\0" * (-len(row) % 4) for row in rows)


def rgb_words(image, shifts, widths):
    array = np.asarray(image).astype(np.uint32)
    word = sum((array[:, :, i] >> (8 - widths[i])) << shifts[i] for i in range(3))
    return word.astype("<u2")


def bmp_cases():
    image = scene(90, 70)
    indexed = image.quantize(16)
    array = np.asarray(indexed)
    table = b"".join(bytes([b, g, r, 0]) for r, g, b in np.array(indexed.getpalette()).reshape(-1, 3)[:16].tolist())
    nibbles = [bytes((row[i] << 4) | row[i + 1] for i in range(0, 90, 2)) for row in array[::-1].tolist()]
    rle = b"".join(rle_row(row) for row in array[::-1].tolist()) + b"\0\1"
    rgb = np.asarray(image)[:, :, ::-1]
    five, six = rgb_words(image, (10, 5, 0), (5, 5, 5)), rgb_words(image, (11, 5, 0), (5, 6, 5))
    yield "bmp-24", bytes_of(image, "BMP")
    yield "bmp-32-alpha", bytes_of(with_alpha(image), "BMP")
    yield "bmp-8-gray", bytes_of(image.convert("L"), "BMP")
    yield "bmp-8-palette", bytes_of(image.quantize(200), "BMP")
    yield "bmp-1", bytes_of(image.convert("1"), "BMP")
    yield "bmp-4", bmp(90, 70, 4, 0, table, bmp_rows(nibbles))
    yield "bmp-rle8", bmp(90, 70, 8, 1, table, rle)
    yield "bmp-top-down", bmp(90, -70, 24, 0, b"", bmp_rows([row.tobytes() for row in rgb]))
    yield "bmp-16-555", bmp(90, 70, 16, 0, b"", bmp_rows([row.tobytes() for row in five[::-1]]))
    masks = struct.pack("<III", 0xF800, 0x07E0, 0x001F)
    yield "bmp-16-565", bmp(90, 70, 16, 3, b"", bmp_rows([row.tobytes() for row in six[::-1]]), masks)
    yield "bmp-core", core_bmp(image)
    yield "bmp-alpha", alpha_bmp(with_gradient(image))
    yield "bmp-alpha-enlarged", alpha_bmp(with_gradient(scene(40, 31)))
    yield "bmp-8-palette-enlarged", bytes_of(scene(40, 31).quantize(60), "BMP")
    yield "bmp-8-gray-enlarged", bytes_of(scene(40, 31).convert("L"), "BMP")


def alpha_bmp(image):
    """Version 3 header: it has a mask for alpha."""
    masks = struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    pixels = np.asarray(image)[::-1, :, [2, 1, 0, 3]].tobytes()
    header = struct.pack("<IiiHHIIiiII", 56, image.width, image.height, 1, 32, 3, len(pixels), 2835, 2835, 0, 0) + masks
    return b"BM" + struct.pack("<IHHI", 70 + len(pixels), 0, 0, 70) + header + pixels


def core_bmp(image):
    pixels = bmp_rows([row.tobytes() for row in np.asarray(image)[::-1, :, ::-1]])
    header = struct.pack("<IHHHH", 12, image.width, image.height, 1, 24)
    return b"BM" + struct.pack("<IHHI", 26 + len(pixels), 0, 0, 26) + header + pixels


def rle_row(row):
    out, at = b"", 0
    while at < len(row):
        run = 1
        while at + run < len(row) and row[at + run] == row[at] and run < 255:
            run += 1
        literal = row[at : at + 5]
        if run == 1 and len(literal) == 5 and len(set(literal)) == 5:
            out, at = out + bytes([0, 5, *literal, 0]), at + 5
        else:
            out, at = out + bytes([run, row[at]]), at + run
    return out + b"\0\0"


def jpeg_cases():
    image = scene(320, 240)
    exif = Image.Exif()
    exif[0x0112] = 6
    yield "jpeg-420", bytes_of(image, "JPEG", quality=85)
    yield "jpeg-444", bytes_of(image, "JPEG", quality=95, subsampling=0)
    yield "jpeg-progressive", bytes_of(scene(301, 223), "JPEG", quality=80, progressive=True)
    yield "jpeg-gray", bytes_of(image.convert("L"), "JPEG", quality=85)
    yield "jpeg-cmyk", bytes_of(scene(150, 120).convert("CMYK"), "JPEG", quality=90)
    yield "jpeg-rotated", bytes_of(scene(200, 120), "JPEG", quality=90, exif=exif)
    yield "jpeg-profile", bytes_of(scene(200, 150), "JPEG", quality=90, icc_profile=swapped_profile())
    yield "jpeg-large", bytes_of(scene(1000, 950), "JPEG", quality=80)
    yield "jpeg-small", bytes_of(scene(40, 30), "JPEG", quality=90)
    yield "jpeg-gray-small", bytes_of(scene(40, 30).convert("L"), "JPEG", quality=90)
    inks = [scene(110, 90).convert("CMYK"), scene(37, 45).convert("CMYK")]
    shrunk, enlarged = [bytes_of(with_black(image), "JPEG", quality=90) for image in inks]
    yield "jpeg-cmyk-black", shrunk
    yield "jpeg-cmyk-enlarged", enlarged
    yield "jpeg-cmyk-ycck", ycck(shrunk)
    yield "jpeg-cmyk-ycck-enlarged", ycck(enlarged)
    yield "jpeg-cmyk-without-adobe", without_adobe(shrunk)


def png_cases():
    image = scene(160, 120)
    gray = image.convert("L")
    small = scene(48, 40)
    indexed = image.quantize(64)
    yield "png-rgb", bytes_of(image, "PNG")
    yield "png-rgba", bytes_of(with_alpha(image), "PNG")
    yield "png-gray", bytes_of(gray, "PNG")
    yield "png-gray-alpha", bytes_of(with_alpha(gray), "PNG")
    yield "png-1-bit", bytes_of(image.convert("1"), "PNG")
    yield "png-palette", bytes_of(indexed, "PNG")
    yield "png-palette-16", bytes_of(image.quantize(13), "PNG")
    yield "png-palette-transparent", bytes_of(indexed, "PNG", transparency=5)
    yield "png-palette-alphas", bytes_of(indexed, "PNG", transparency=bytes(range(0, 256, 4)))
    yield "png-rgb-key", bytes_of(image, "PNG", transparency=(220, 30, 40))
    yield "png-gray-key", bytes_of(gray, "PNG", transparency=90)
    yield "png-gray-16", bytes_of(Image.fromarray((np.asarray(gray).astype(np.uint16) * 3)), "PNG")
    yield "png-gray-alpha-16", png16(with_alpha(image).convert("RGBA"), 2)
    yield "png-rgb-16", png16(image, 3)
    yield "png-rgba-16", png16(with_alpha(image), 4)
    yield "png-gamma", png(48, 40, 8, 2, [row.tobytes() for row in np.asarray(small)], chunk_of(b"gAMA", struct.pack(">I", 100000)))
    yield "png-profile", bytes_of(small, "PNG", icc_profile=swapped_profile())
    yield "png-same-size", bytes_of(scene(64, 64), "PNG")
    yield "png-short-side-same", bytes_of(scene(64, 91), "PNG")
    yield "png-upscaled", bytes_of(scene(33, 47), "PNG")
    yield "png-upscaled-rgba", bytes_of(with_alpha(scene(21, 17)), "PNG")
    yield "png-1x1", bytes_of(Image.new("RGB", (1, 1), (10, 200, 30)), "PNG")
    yield "png-2x3", bytes_of(scene(2, 3), "PNG")
    yield "png-1x2000", bytes_of(scene(1, 2000), "PNG")
    yield "png-2000x1", bytes_of(scene(2000, 1), "PNG")
    yield from png_mode_cases()
    yield "png-3000x70", bytes_of(scene(3000, 70).quantize(32), "PNG")


def png_mode_cases():
    """Every mode made smaller and larger."""
    for name, image in [("shrunk", scene(132, 101)), ("enlarged", scene(41, 52))]:
        indexed = image.quantize(200)
        alphas = bytes(range(255, 55, -1))
        yield f"png-rgba-{name}", bytes_of(with_gradient(image), "PNG")
        yield f"png-gray-alpha-{name}", bytes_of(with_gradient(image.convert("L")), "PNG")
        yield f"png-palette-{name}", bytes_of(indexed, "PNG")
        yield f"png-palette-alphas-{name}", bytes_of(indexed, "PNG", transparency=alphas)
        yield f"png-palette-key-{name}", bytes_of(indexed, "PNG", transparency=17)
        yield f"png-palette-2-{name}", bytes_of(image.quantize(2), "PNG")
        yield f"png-1-bit-{name}", bytes_of(image.convert("1"), "PNG")
        yield f"png-gray-4-{name}", png_nibbles(image.resize((image.width // 2 * 2, image.height)).convert("L"))
        yield f"png-gray-16-{name}", gray16(*image.size)
    yield "png-gray-16-key", gray16(100, 80, chunk_of(b"tRNS", b"\0\x60"))
    yield "png-palette-photo", bytes_of(Image.open(PHOTOS / "photo-cat.jpg").resize((200, 150)).quantize(256), "PNG")
    yield "png-rgba-same-size", bytes_of(with_gradient(scene(64, 64)), "PNG")
    yield "png-rgba-short-side-same", bytes_of(with_gradient(scene(64, 91)), "PNG")
    yield "png-rgba-1x40", bytes_of(with_gradient(scene(1, 40)), "PNG")
    yield "png-palette-1x2000", bytes_of(scene(1, 2000).quantize(32), "PNG")


def other_cases():
    image = scene(160, 120)
    indexed = image.quantize(64)
    frames = [scene(120, 100, seed) for seed in (1, 2, 3)]
    yield "webp-lossy", bytes_of(image, "WEBP", quality=80)
    yield "webp-lossless", bytes_of(image, "WEBP", lossless=True)
    yield "webp-alpha", bytes_of(with_alpha(image), "WEBP", lossless=True, exact=True)
    yield "webp-alpha-enlarged", bytes_of(with_gradient(scene(40, 31)), "WEBP", lossless=True, exact=True)
    yield "webp-alpha-lossy", bytes_of(with_gradient(scene(120, 91)), "WEBP", quality=80)
    yield "webp-animated", bytes_of(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=90, lossless=True)
    yield "gif-static", bytes_of(indexed, "GIF", interlace=0)
    yield "gif-interlaced", bytes_of(scene(120, 91).quantize(200), "GIF", interlace=1)
    yield "gif-transparent", bytes_of(indexed, "GIF", transparency=7)
    yield "gif-gray", bytes_of(image.convert("L"), "GIF")
    yield "gif-2-colours", bytes_of(image.convert("1"), "GIF")
    yield "gif-animated", bytes_of(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=90, loop=0)
    yield "gif-small-frame", shifted_gif(bytes_of(scene(80, 60).quantize(32), "GIF"), 100, 90, 11, 17)
    yield "gif-small-frame-transparent", shifted_gif(bytes_of(scene(80, 60).quantize(32), "GIF", transparency=3), 100, 90, 11, 17)
    yield "gif-upscaled", bytes_of(scene(20, 31).quantize(16), "GIF")
    yield "gif-gray-enlarged", bytes_of(scene(20, 31).convert("L"), "GIF")
    yield "gif-grays", bytes_of(all_grays(scene(90, 70)), "GIF")
    yield "gif-grays-enlarged", bytes_of(all_grays(scene(40, 31)), "GIF")
    yield "gif-transparent-enlarged", bytes_of(scene(20, 31).quantize(16), "GIF", transparency=3)
    yield "tiff-rgb", bytes_of(image, "TIFF", compression="tiff_lzw")
    yield "tiff-rgba", bytes_of(with_alpha(image), "TIFF", compression="tiff_adobe_deflate")
    yield "tiff-gray", bytes_of(image.convert("L"), "TIFF", compression="tiff_lzw")
    yield "tiff-gray-16", bytes_of(Image.fromarray(np.asarray(image.convert("L")).astype(np.uint16) * 2), "TIFF", compression="tiff_lzw")
    yield "tiff-cmyk", bytes_of(scene(90, 70).convert("CMYK"), "TIFF", compression="tiff_lzw")
    yield "tiff-palette", bytes_of(indexed, "TIFF", compression="tiff_lzw")
    yield "tiff-1-bit", bytes_of(image.convert("1"), "TIFF", compression="group4")
    yield "tiff-palette-enlarged", bytes_of(scene(40, 31).quantize(60), "TIFF", compression="tiff_lzw")
    yield "tiff-1-bit-enlarged", bytes_of(scene(40, 31).convert("1"), "TIFF", compression="group4")
    yield "tiff-gray-alpha", bytes_of(with_gradient(scene(80, 60).convert("L")), "TIFF", compression="tiff_lzw")
    yield "tiff-rgba-enlarged", bytes_of(with_gradient(scene(40, 31)), "TIFF", compression="tiff_lzw")
    yield "tiff-rgbx", tiff_extra(bytes_of(with_gradient(scene(80, 60)), "TIFF"), 0)
    yield "tiff-rgba-multiplied", tiff_extra(bytes_of(multiplied(with_gradient(scene(80, 60))), "TIFF"), 1)
    yield "tiff-cmyk-enlarged", bytes_of(with_black(scene(40, 31).convert("CMYK")), "TIFF", compression="tiff_lzw")
    yield "tiff-pages", bytes_of(frames[0], "TIFF", save_all=True, append_images=frames[1:], compression="tiff_lzw")
    yield from turned_cases()
    yield "avif-lossy", bytes_of(image, "AVIF", quality=70)
    yield "avif-444", bytes_of(image, "AVIF", quality=80, subsampling="4:4:4")
    yield "avif-animated", bytes_of(frames[0], "AVIF", save_all=True, append_images=frames[1:], quality=80, subsampling="4:4:4")
    yield "avif-alpha", bytes_of(with_alpha(scene(100, 80)), "AVIF", quality=90)


def turned_cases():
    """Pillow turns a TIFF as its orientation says, and nothing else: an AVIF's own `irot` and `imir` are left alone."""
    for orientation in range(2, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        yield f"tiff-turned-{orientation}", turned_tiff(scene(40, 31), orientation)
        yield f"avif-turned-{orientation}", bytes_of(scene(80, 62), "AVIF", quality=80, subsampling="4:4:4", exif=exif)
    yield "tiff-turned-5-shrunk", turned_tiff(scene(90, 130), 5)
    yield "tiff-turned-6-shrunk", turned_tiff(scene(160, 120), 6)
    yield "tiff-turned-7-palette", turned_tiff(scene(90, 70).quantize(60), 7)
    yield "tiff-turned-8-alpha", turned_tiff(with_gradient(scene(70, 90)), 8)
    yield "tiff-turned-6-cmyk", turned_tiff(with_black(scene(40, 31).convert("CMYK")), 6)
    yield "tiff-turned-6-gray-16", turned_tiff(Image.fromarray(np.asarray(scene(40, 31).convert("L")).astype(np.uint16) * 2), 6)


def turned_tiff(image, orientation):
    return bytes_of(image, "TIFF", compression="tiff_lzw", tiffinfo={0x0112: orientation})


def multiplied(image):
    """Colours with their alpha multiplied in, still called RGBA."""
    return Image.frombytes("RGBA", image.size, image.convert("RGBa").tobytes())


def tiff_extra(data, meaning):
    """The fourth sample means nothing (0) or alpha that is multiplied in (1), instead of plain alpha (2)."""
    entry = struct.pack("<HHI", 338, 3, 1)
    at = data.index(entry) + len(entry)
    return data[:at] + struct.pack("<H", meaning) + data[at + 2 :]


def all_grays(image):
    """Uses every gray, so that a GIF's palette is the grays in their order and Pillow opens it as L."""
    array = np.array(image.convert("L"))
    array.reshape(-1)[:256] = np.arange(256)
    return Image.fromarray(array)


def shifted_gif(data, width, height, left, top):
    """The same frame on a larger screen, so that part of the screen is never painted."""
    data = bytearray(data)
    struct.pack_into("<HH", data, 6, width, height)
    at = 13 + 3 * 2 ** ((data[10] & 7) + 1)
    while data[at] == 0x21:
        at += 2
        while data[at]:
            at += data[at] + 1
        at += 1
    struct.pack_into("<HH", data, at + 1, left, top)
    return bytes(data)


def square(data, size):
    image = Image.open(io.BytesIO(data))
    width, height = image.size
    new = (size, int(size * height / width)) if width <= height else (int(size * width / height), size)
    if new != image.size:
        image = image.resize(new, Image.Resampling.BICUBIC)
    left, top = int(round((new[0] - size) / 2.0)), int(round((new[1] - size) / 2.0))
    return image.crop((left, top, left + size, top + size)).convert("RGB")


def main():
    (HERE / "files").mkdir(exist_ok=True)
    (HERE / "squares").mkdir(exist_ok=True)
    cases = []
    for name, data in [*jpeg_cases(), *png_cases(), *bmp_cases(), *other_cases(), *layout_cases(scene(46, 37), with_gradient(scene(46, 37)).split()[3])]:
        path = HERE / "files" / f"{name}.{name.split('-')[0]}"
        path.write_bytes(data)
        cases.append((name, path, 64))
    cases += [(path.stem, path, 224) for path in sorted(PHOTOS.glob("photo-*.jpg"))]
    index = []
    for name, path, size in cases:
        pixels = np.asarray(square(path.read_bytes(), size))
        Image.fromarray(pixels).save(HERE / "squares" / f"{name}.png", optimize=True)
        file = str(path.relative_to(HERE.parents[2]))
        index.append({"name": name, "file": file, "square": f"test/reference/images/squares/{name}.png", "size": size})
    lines = "\n".join(json.dumps(entry) for entry in index)
    (HERE / "index.jsonl").write_text(lines + "\n")
    print(len(index), "cases")


if __name__ == "__main__":
    main()
