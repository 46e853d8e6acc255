"""
Draws one small scene and writes it in every way that Pillow, tifffile (with imagecodecs) and ImageMagick know, in each format
that the service decodes. What a writer does not support is left out. A file is called FORMAT__LAYOUT__VARIANT__WRITER.
"""

import io
import itertools
import shutil
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import imagecodecs
import numpy as np
import tifffile
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "test" / "reference" / "images"))

from make_images import shifted_gif  # noqa: E402

WIDTH, HEIGHT = 61, 46


def scene(width=WIDTH, height=HEIGHT, seed=1):
    """Gradients, noise, hard edges and thin lines, as RGB."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    bands = [255 * x / (width - 1), 255 * y / (height - 1), 127 + 120 * np.sin(x / 7 + seed) * np.cos(y / 5)]
    pixels = np.clip(np.stack(bands, axis=2) + rng.normal(0, 12, (height, width, 3)), 0, 255).astype(np.uint8)
    pixels[height // 4 : height // 2, width // 8 : width // 2] = (220, 30, 40)
    pixels[height // 3 :: 7, width // 2 :] = (20, 60, 230)
    return pixels


def alpha():
    """Every value, 0 in a corner, and a hard edge."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    values = np.clip(300 * (x + y) / (WIDTH + HEIGHT) - 20, 0, 255)
    values[HEIGHT // 3 : HEIGHT // 2, WIDTH // 4 : WIDTH // 2] = 3
    return values.astype(np.uint8)


def pillow_images():
    """The scene in every mode of Pillow that some format stores."""
    rgb = Image.fromarray(scene())
    gray = rgb.convert("L")
    rgba, gray_alpha = rgb.copy(), gray.copy()
    rgba.putalpha(Image.fromarray(alpha()))
    gray_alpha.putalpha(Image.fromarray(alpha()))
    wide = np.asarray(gray).astype(np.uint16) * 3
    images = {"RGB": rgb, "RGBA": rgba, "L": gray, "LA": gray_alpha, "1": rgb.convert("1"), "P": rgb.quantize(200)}
    images |= {"P-16": rgb.quantize(13), "P-2": rgb.quantize(2), "P-rgba": rgba.quantize(100, method=Image.Quantize.FASTOCTREE)}
    images |= {"I;16": Image.fromarray(wide), "I": Image.fromarray(wide.astype(np.int32)), "F": Image.fromarray(wide.astype(np.float32))}
    cmyk = rgb.convert("CMYK")
    cmyk.putdata([(c, m, y, k) for (c, m, y, _), k in zip(cmyk.getdata(), Image.fromarray(255 - alpha()).getdata())])
    return images | {"CMYK": cmyk, "YCbCr": rgb.convert("YCbCr"), "LAB": lab_of(rgb), "RGBX": rgb.convert("RGBX"), "RGBa": rgba.convert("RGBa"), "La": gray_alpha.convert("La"), "PA": rgba.convert("PA")}


def lab_of(image):
    from PIL import ImageCms

    return ImageCms.profileToProfile(image, ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB")


class Folder:
    def __init__(self, path):
        self.path = Path(path)
        self.path.mkdir(parents=True, exist_ok=True)

    def add(self, kind, layout, variant, writer, write):
        """`write` gives the file's bytes; whatever it raises means that the writer does not do this."""
        name = f"{kind}__{layout}__{variant}__{writer}".replace("/", "-").replace(" ", "-")
        try:
            data = write()
        except Exception:
            return
        if data:
            (self.path / f"{name}.{kind}").write_bytes(data)


def by_pillow(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def jpeg(folder):
    images = pillow_images()
    for mode, sub, progressive in itertools.product(["L", "RGB", "CMYK", "1"], ["4:4:4", "4:2:2", "4:2:0", "4:1:1", "4:4:0"], [False, True]):
        variant = f"{sub.replace(':', '')}{'-progressive' if progressive else ''}"
        folder.add("jpeg", mode, variant, "pillow", lambda: by_pillow(images[mode], "JPEG", quality=85, subsampling=sub, progressive=progressive))
    folder.add("jpeg", "RGB", "kept-rgb", "pillow", lambda: by_pillow(images["RGB"], "JPEG", quality=90, keep_rgb=True))
    folder.add("jpeg", "RGB", "restarts", "pillow", lambda: by_pillow(images["RGB"], "JPEG", quality=90, restart_marker_blocks=3))
    for quality in (1, 50, 100):
        folder.add("jpeg", "RGB", f"quality-{quality}", "pillow", lambda: by_pillow(images["RGB"], "JPEG", quality=quality))
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        folder.add("jpeg", "RGB", f"orientation-{orientation}", "pillow", lambda: by_pillow(images["RGB"], "JPEG", quality=90, exif=exif))
    folder.add("jpeg", "two pictures (MPO)", "two", "pillow", lambda: by_pillow(images["RGB"], "MPO", save_all=True, append_images=[images["L"].convert("RGB")]))
    rgb, gray = scene(), np.asarray(images["L"])
    for bits, top in ((8, 1), (12, 16)):
        dtype = np.uint8 if bits == 8 else np.uint16
        folder.add("jpeg", f"{bits}-bit RGB", "lossy", "imagecodecs", lambda: imagecodecs.jpeg8_encode(rgb.astype(dtype) * top, bitspersample=bits, level=95))
        folder.add("jpeg", f"{bits}-bit gray", "lossy", "imagecodecs", lambda: imagecodecs.jpeg8_encode(gray.astype(dtype) * top, bitspersample=bits, level=95))
    for bits in (8, 12, 16):
        dtype = np.uint8 if bits == 8 else np.uint16
        folder.add("jpeg", f"{bits}-bit gray", "lossless", "imagecodecs", lambda: imagecodecs.jpeg8_encode(gray.astype(dtype), bitspersample=bits, lossless=True))
        folder.add("jpeg", f"{bits}-bit RGB", "lossless", "imagecodecs", lambda: imagecodecs.jpeg8_encode(rgb.astype(dtype), bitspersample=bits, lossless=True))
    for factors in ("1x1", "2x1", "1x2", "2x2", "4x1", "1x4", "4x2", "2x4", "4x4", "1x1,2x2", "3x1", "1x3", "3x3"):
        magick(folder, "jpeg", "RGB", f"factors-{factors.replace(',', '-')}", ["-sampling-factor", factors, "-quality", "85"])
    for name, options in {"gray": ["-colorspace", "Gray"], "CMYK": ["-colorspace", "CMYK"], "RGB-in-RGB": ["-colorspace", "RGB"], "YCCK": ["-colorspace", "CMYK", "-sampling-factor", "2x2"]}.items():
        for extra, more in {"plain": [], "progressive": ["-interlace", "JPEG"], "arithmetic": ["-define", "jpeg:arithmetic-coding=true"]}.items():
            magick(folder, "jpeg", name, extra, [*options, *more])
    magick(folder, "jpeg", "RGB", "arithmetic", ["-define", "jpeg:arithmetic-coding=true"])


def png_chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def packed(samples, bits):
    """Samples of a row as bytes, the first in the highest bits."""
    if bits == 16:
        return samples.astype(">u2").tobytes()
    if bits == 8:
        return samples.astype(np.uint8).tobytes()
    return np.packbits(((samples[:, None] >> np.arange(bits - 1, -1, -1)) & 1).astype(np.uint8).reshape(-1)).tobytes()


def raw_png(pixels, bits, kind, chunks=b"", interlaced=False):
    """`pixels` is height x width x channels of samples of `bits`."""
    parts = [pixels[y0::dy, x0::dx] for x0, y0, dx, dy in PASSES] if interlaced else [pixels]
    rows = b"".join(b"\0" + packed(row.reshape(-1), bits) for part in parts if part.size for row in part)
    head = struct.pack(">IIBBBBB", pixels.shape[1], pixels.shape[0], bits, kind, 0, 0, int(interlaced))
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", head) + chunks + png_chunk(b"IDAT", zlib.compress(rows)) + png_chunk(b"IEND", b"")


def wide_of(pixels, bits):
    """8-bit samples as samples of `bits`; those of 16 differ in both bytes."""
    values = pixels.astype(np.uint32)
    return values * 257 ^ 0x5A if bits == 16 else values >> (8 - bits)


PNG_KINDS = {0: ("gray", 1, (1, 2, 4, 8, 16)), 2: ("RGB", 3, (8, 16)), 3: ("palette", 1, (1, 2, 4, 8)), 4: ("gray with alpha", 2, (8, 16)), 6: ("RGBA", 4, (8, 16))}


def png(folder):
    rgb = scene()
    bands = {1: rgb[:, :, :1], 2: np.dstack([rgb[:, :, 0], alpha()]), 3: rgb, 4: np.dstack([rgb, alpha()])}
    palette = bytes(np.random.default_rng(3).integers(0, 256, 768, dtype=np.uint8))
    for kind, (name, channels, depths) in PNG_KINDS.items():
        for bits, interlaced in itertools.product(depths, (False, True)):
            pixels = wide_of(bands[channels], bits)
            table = png_chunk(b"PLTE", palette[: 3 * 2**bits]) if kind == 3 else b""
            variants = {"plain": b""}
            if kind == 0:
                variants["key"] = png_chunk(b"tRNS", struct.pack(">H", int(pixels[5, 5, 0])))
            if kind == 2:
                variants["key"] = png_chunk(b"tRNS", struct.pack(">HHH", *[int(v) for v in pixels[20, 20]]))
                variants["palette-hint"] = png_chunk(b"PLTE", palette)
            if kind == 3:
                variants["key"] = png_chunk(b"tRNS", bytes([255] * (2**bits // 2) + [0]))
                variants["alphas"] = png_chunk(b"tRNS", bytes(range(255, 255 - 2**bits, -1)) if bits < 8 else bytes(range(255, -1, -1)))
                variants["short-palette"] = b""
            for variant, extra in variants.items():
                head = png_chunk(b"PLTE", palette[: 3 * 2**bits // 2 // 3 * 3]) if variant == "short-palette" else table
                if variant == "short-palette":
                    pixels = pixels % max(1, 2**bits // 2)
                folder.add("png", f"{bits}-bit {name}", f"{variant}{'-interlaced' if interlaced else ''}", "by hand", lambda: raw_png(pixels, bits, kind, head + extra, interlaced))
    for mode, image in pillow_images().items():
        folder.add("png", f"Pillow mode {mode}", "plain", "pillow", lambda: by_pillow(image, "PNG"))
    folder.add("png", "animated", "two", "pillow", lambda: by_pillow(Image.fromarray(rgb), "PNG", save_all=True, append_images=[Image.fromarray(scene(seed=2))]))
    folder.add("png", "animated", "default-image", "pillow", lambda: by_pillow(Image.fromarray(rgb), "PNG", save_all=True, default_image=True, append_images=[Image.fromarray(scene(seed=2))]))
    for kind, (name, _, depths) in PNG_KINDS.items():
        for bits, interlace in itertools.product(depths, ("none", "PNG")):
            options = ["-define", f"png:color-type={kind}", "-define", f"png:bit-depth={bits}", "-depth", str(bits), "-interlace", interlace]
            magick(folder, "png", f"{bits}-bit {name}", f"interlace-{interlace}", options, source="rgba" if kind in (4, 6) else "rgb")
    png_flaws(folder, rgb)


def png_flaws(folder, rgb):
    """What decoders take differently: wrong checksums, unknown and doubled chunks, bytes after the end, no end."""
    good = raw_png(rgb.astype(np.uint32), 8, 2)
    idat, end = good.index(b"IDAT"), good.index(b"IEND")
    size = struct.unpack(">I", good[idat - 4 : idat])[0]
    crc = idat + 4 + size
    text = png_chunk(b"tEXt", b"Title\0x")
    bad_text = text[:-4] + b"\0\0\0\0"
    after_header = good.index(b"IDAT") - 4
    flaws = {
        "wrong checksum of pixels": good[:crc] + b"\0\0\0\0" + good[crc + 4 :],
        "wrong checksum of the header": good[:29] + b"\0\0\0\0" + good[33:],
        "wrong checksum of a text": good[:after_header] + bad_text + good[after_header:],
        "wrong checksum of the end": good[:-4] + b"\0\0\0\0",
        "no end": good[: end - 4],
        "bytes after the end": good + b"trailing bytes",
        "unknown chunk": good[:after_header] + png_chunk(b"abCd", b"x") + good[after_header:],
        "unknown critical chunk": good[:after_header] + png_chunk(b"ABCD", b"x") + good[after_header:],
        "text after pixels": good[: end - 4] + text + good[end - 4 :],
        "pixels in many chunks": split_idat(good, 100),
        "wrong checksum of the zlib stream": bad_adler(good),
        "gamma": good[:after_header] + png_chunk(b"gAMA", struct.pack(">I", 100000)) + good[after_header:],
        "orientation": good[:after_header] + png_chunk(b"eXIf", b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0") + good[after_header:],
    }
    for name, data in flaws.items():
        folder.add("png", name, "8-bit RGB", "by hand", lambda: data)


def split_idat(data, step):
    at = data.index(b"IDAT")
    size = struct.unpack(">I", data[at - 4 : at])[0]
    body = data[at + 4 : at + 4 + size]
    return data[: at - 4] + b"".join(png_chunk(b"IDAT", body[i : i + step]) for i in range(0, size, step)) + data[at + 8 + size :]


def bad_adler(data):
    at = data.index(b"IDAT")
    size = struct.unpack(">I", data[at - 4 : at])[0]
    body = data[at + 4 : at + 4 + size]
    return data[: at - 4] + png_chunk(b"IDAT", body[:-4] + b"\0\0\0\0") + data[at + 8 + size :]


def webp(folder):
    images = pillow_images()
    for mode in ("RGB", "RGBA", "L", "LA", "P", "P-rgba", "1"):
        for name, options in {"lossless": {"lossless": True}, "lossless-exact": {"lossless": True, "exact": True}, "lossy-20": {"quality": 20}, "lossy-80": {"quality": 80}, "lossy-100": {"quality": 100}, "alpha-20": {"quality": 80, "alpha_quality": 20}, "method-6": {"method": 6}, "sharp-yuv": {"use_sharp_yuv": True}}.items():
            folder.add("webp", mode, name, "pillow", lambda: by_pillow(images[mode], "WEBP", **options))
    frames = [Image.fromarray(scene(seed=seed)) for seed in (1, 2, 3)]
    for name, options in {"lossless": {"lossless": True}, "lossy": {"quality": 70}, "mixed": {"allow_mixed": True}, "background": {"lossless": True, "background": (200, 10, 20, 128)}}.items():
        folder.add("webp", "animated RGB", name, "pillow", lambda: by_pillow(frames[0], "WEBP", save_all=True, append_images=frames[1:], **options))
        folder.add("webp", "animated RGBA", name, "pillow", lambda: by_pillow(images["RGBA"], "WEBP", save_all=True, append_images=[images["RGBA"].rotate(20), images["RGB"].convert("RGBA")], **options))
    for name, image in {"RGB": images["RGB"], "RGBA": images["RGBA"]}.items():
        for lossless, (left, top) in itertools.product((True, False), ((0, 0), (6, 10), (20, 0))):
            body = by_pillow(image, "WEBP", lossless=lossless, exact=True)
            for background, method, flags in itertools.product(((0, 0, 0, 0), (200, 30, 90, 255), (200, 30, 90, 100)), range(4), (0x02, 0x12)):
                variant = f"{'lossless' if lossless else 'lossy'}-at-{left}-{top}-method-{method}-background-{background[3]}{'' if flags & 0x10 else '-not-marked-as-alpha'}"
                folder.add("webp", f"animated {name}, first frame smaller", variant, "by hand", lambda: webp_frame(body, image.size, (WIDTH + 27, HEIGHT + 23), (left, top), background, method, flags))
    for level in (0, 50, 100):
        folder.add("webp", "RGB", f"level-{level}", "imagecodecs", lambda: imagecodecs.webp_encode(scene(), level=level))
        folder.add("webp", "RGBA", f"level-{level}", "imagecodecs", lambda: imagecodecs.webp_encode(np.dstack([scene(), alpha()]), level=level))
    magick(folder, "webp", "RGB", "lossy", ["-quality", "80"])
    magick(folder, "webp", "RGBA", "lossy", ["-quality", "80"], source="rgba")
    magick(folder, "webp", "RGBA", "lossless", ["-define", "webp:lossless=true"], source="rgba")


def riff_chunk(kind, data):
    return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def webp_frame(still, size, screen, corner, background, method, flags):
    """An animation of one frame, smaller than the screen. `method` is how it is blended and what comes after it."""
    at, parts = 12, b""
    while at < len(still):
        kind, length = still[at : at + 4], struct.unpack("<I", still[at + 4 : at + 8])[0]
        if kind in (b"VP8 ", b"VP8L", b"ALPH"):
            parts += still[at : at + 8 + length + length % 2]
        at += 8 + length + length % 2
    three = lambda value: struct.pack("<I", value)[:3]
    head = riff_chunk(b"VP8X", bytes([flags, 0, 0, 0]) + three(screen[0] - 1) + three(screen[1] - 1))
    red, green, blue, opacity = background
    anim = riff_chunk(b"ANIM", bytes([blue, green, red, opacity]) + b"\0\0")
    frame = riff_chunk(b"ANMF", three(corner[0] // 2) + three(corner[1] // 2) + three(size[0] - 1) + three(size[1] - 1) + three(100) + bytes([method]) + parts)
    body = b"WEBP" + head + anim + frame
    return b"RIFF" + struct.pack("<I", len(body)) + body


def gif(folder):
    images = pillow_images()
    for mode in ("1", "L", "P", "P-16", "P-2", "P-rgba", "RGB", "RGBA", "LA"):
        for interlace in (0, 1):
            folder.add("gif", mode, f"interlace-{interlace}", "pillow", lambda: by_pillow(images[mode], "GIF", interlace=interlace))
        folder.add("gif", mode, "transparent", "pillow", lambda: by_pillow(images[mode], "GIF", transparency=1))
        folder.add("gif", mode, "87a", "pillow", lambda: by_pillow(images[mode], "GIF").replace(b"GIF89a", b"GIF87a", 1))
    for disposal in range(4):
        frames = [images["P"], Image.fromarray(scene(seed=2)).quantize(50)]
        folder.add("gif", "animated", f"disposal-{disposal}", "pillow", lambda: by_pillow(frames[0], "GIF", save_all=True, append_images=frames[1:], disposal=disposal))
    for name, options in {"colours-256": [], "colours-2": ["-colors", "2"], "colours-5": ["-colors", "5"], "gray": ["-colorspace", "Gray"], "interlaced": ["-interlace", "GIF"]}.items():
        for source in ("rgb", "rgba"):
            magick(folder, "gif", source, name, options, source=source)
    for left, top in ((0, 0), (11, 17)):
        for name, options in {"plain": {}, "transparent": {"transparency": 3}, "grays": {}}.items():
            image = images["L"] if name == "grays" else images["P-16"]
            folder.add("gif", "frame smaller than the screen", f"{name}-at-{left}-{top}", "by hand", lambda: shifted_gif(by_pillow(image, "GIF", **options), WIDTH + 20, HEIGHT + 30, left, top))


def bmp(folder):
    for mode, image in pillow_images().items():
        folder.add("bmp", mode, "plain", "pillow", lambda: by_pillow(image, "BMP"))
    for version in ("BMP", "BMP2", "BMP3"):
        for name, options in {"RGB": [], "gray": ["-colorspace", "Gray"], "palette": ["-type", "Palette"], "16 colours": ["-colors", "16", "-type", "Palette"], "bilevel": ["-type", "Bilevel"], "RGB555": ["-define", "bmp:subtype=RGB555"], "RGB565": ["-define", "bmp:subtype=RGB565"], "ARGB4444": ["-define", "bmp:subtype=ARGB4444"], "ARGB1555": ["-define", "bmp:subtype=ARGB1555"]}.items():
            for compress, source in itertools.product(("None", "RLE"), ("rgb", "rgba")):
                magick(folder, "bmp", f"{name} of {source}", f"{version}-{compress}", ["-compress", compress, *options], source=source, form=version)
    rgb = scene()
    alphas = alpha()
    words = {"RGB555": (0x7C00, 0x3E0, 0x1F, 0), "RGB565": (0xF800, 0x7E0, 0x1F, 0), "BGR555": (0x1F, 0x3E0, 0x7C00, 0), "ARGB1555": (0x7C00, 0x3E0, 0x1F, 0x8000), "RGB444": (0xF00, 0xF0, 0xF, 0)}
    wide = {"BGRX": (0xFF0000, 0xFF00, 0xFF, 0), "XBGR": (0xFF000000, 0xFF0000, 0xFF00, 0), "BGRA": (0xFF0000, 0xFF00, 0xFF, 0xFF000000), "RGBA": (0xFF, 0xFF00, 0xFF0000, 0xFF000000), "ABGR": (0xFF000000, 0xFF0000, 0xFF00, 0xFF), "10 bits a channel": (0x3FF00000, 0xFFC00, 0x3FF, 0), "no masks": (0, 0, 0, 0)}
    for bits, table in ((16, words), (32, wide)):
        for name, masks in table.items():
            pixels = masked(np.dstack([rgb, alphas]), masks, bits)
            for header, top_down in itertools.product((40, 52, 56, 108, 124), (False, True)):
                variant = f"header-{header}{'-top-down' if top_down else ''}"
                folder.add("bmp", f"{bits}-bit {name}", variant, "by hand", lambda: raw_bmp(pixels, bits, 3, header, masks, top_down))
    for bits, header in itertools.product((1, 2, 4, 8, 24), (12, 16, 40, 64, 124)):
        indexes = wide_of(rgb[:, :, :1], bits) if bits <= 8 else rgb[:, :, ::-1].astype(np.uint32)
        folder.add("bmp", f"{bits}-bit", f"header-{header}", "by hand", lambda: raw_bmp([packed(row.reshape(-1), min(bits, 8)) for row in indexes], bits, 0, header))
    for bits in (16, 32):
        pixels = masked(np.dstack([rgb, alphas]), words["RGB555"] if bits == 16 else wide["BGRA"], bits)
        folder.add("bmp", f"{bits}-bit", "header-40", "by hand", lambda: raw_bmp(pixels, bits, 0, 40))


def masked(pixels, masks, bits):
    out = np.zeros(pixels.shape[:2], np.uint64)
    for channel, mask in enumerate(masks):
        if mask:
            shift = (mask & -mask).bit_length() - 1
            out |= (pixels[:, :, channel].astype(np.uint64) * (mask >> shift) // 255) << np.uint64(shift)
    return [row.astype("<u2" if bits == 16 else "<u4").tobytes() for row in out]


def raw_bmp(rows, bits, compression, header, masks=(), top_down=False):
    rows = [row + b"\0" * (-len(row) % 4) for row in rows]
    pixels = b"".join(rows if top_down else rows[::-1])
    entry = 3 if header == 12 else 4
    colours = np.random.default_rng(5).integers(0, 256, (2**bits, entry), dtype=np.uint8).tobytes() if bits <= 8 else b""
    if header == 12:
        info = struct.pack("<IHHHH", 12, WIDTH, HEIGHT, 1, bits)
    else:
        info = struct.pack("<IiiHHIIiiII", header, WIDTH, -HEIGHT if top_down else HEIGHT, 1, bits, compression, len(pixels), 2835, 2835, 0, 0)[:header]
    mask_bytes = b"".join(struct.pack("<I", mask) for mask in masks)
    if header == 40 and masks:
        info += mask_bytes[:12]
    elif header > 40:
        info = (info + (mask_bytes[:12] if header == 52 else mask_bytes)).ljust(header, b"\0")
    start = 14 + len(info) + len(colours)
    return b"BM" + struct.pack("<IHHI", start + len(pixels), 0, 0, start) + info + colours + pixels


TIFF_LAYOUTS = {
    "gray": ("minisblack", 1, ()),
    "white is zero": ("miniswhite", 1, ()),
    "gray with alpha": ("minisblack", 2, ("unassalpha",)),
    "gray with multiplied alpha": ("minisblack", 2, ("assocalpha",)),
    "gray with an extra channel": ("minisblack", 2, ("unspecified",)),
    "RGB": ("rgb", 3, ()),
    "RGB with alpha": ("rgb", 4, ("unassalpha",)),
    "RGB with multiplied alpha": ("rgb", 4, ("assocalpha",)),
    "RGB with an extra channel": ("rgb", 4, ("unspecified",)),
    "RGB with alpha and an extra channel": ("rgb", 5, ("unassalpha", "unspecified")),
    "RGB with multiplied alpha and an extra channel": ("rgb", 5, ("assocalpha", "unspecified")),
    "RGB with 2 extra channels": ("rgb", 5, ("unspecified", "unspecified")),
    "RGB with 3 extra channels": ("rgb", 6, ("unspecified",) * 3),
    "RGB with alpha and 2 extra channels": ("rgb", 6, ("unassalpha", "unspecified", "unspecified")),
    "CMYK": ("separated", 4, ()),
    "CMYK with an extra channel": ("separated", 5, ("unspecified",)),
    "CMYK with alpha": ("separated", 5, ("unassalpha",)),
    "CMYK with 2 extra channels": ("separated", 6, ("unspecified",) * 2),
    "YCbCr": ("ycbcr", 3, ()),
    "CIELAB": ("cielab", 3, ()),
    "palette": ("palette", 1, ()),
}
TIFF_TYPES = ["bool", "u1", "i1", "u2", "i2", "u4", "i4", "f2", "f4", "f8"]
TIFF_COMPRESSIONS = ["none", "lzw", "deflate", "adobe_deflate", "packbits", "zstd", "lzma", "jpeg", "webp", "png", "jpeg2000", "lerc", "jpegxl", "jpegxr"]


def tiff_pixels(channels, dtype):
    """The scene with as many channels, spread over the type's range where Pillow scales it and near 0 … 255 elsewhere."""
    rgb = scene()
    bands = np.dstack([rgb, alpha(), 255 - rgb[:, :, 0], rgb[:, :, 1]])
    pixels = {1: bands[:, :, :1], 2: bands[:, :, [0, 3]]}.get(channels, bands[:, :, :channels])
    if dtype == "bool":
        return pixels > 127
    if dtype == "u2":
        return (pixels.astype(np.uint16) * 257) ^ 0x5A if channels > 1 else pixels.astype(np.uint16) * 3
    if dtype == "i1":
        return (pixels.astype(np.int16) - 128).astype(np.int8)
    return (pixels.astype(np.float64) * 2 - 100).astype(dtype) if dtype[0] in "if" else pixels.astype(dtype)


def by_tifffile(data, **options):
    out = io.BytesIO()
    with tifffile.TiffWriter(out, bigtiff=options.pop("bigtiff", False), byteorder=options.pop("byteorder", "<")) as writer:
        writer.write(data, metadata=None, **options)
    return out.getvalue()


def is_worth_writing(dtype, channels, compression, order, planar, shape):
    """Leaves out what only repeats: rare compressions and types in every order and shape."""
    if channels == 1 and planar == "separate":
        return False
    if compression in TIFF_COMPRESSIONS[8:]:
        return (order, planar, shape) == ("<", "contig", "strip")
    return dtype in ("bool", "u1", "u2") or (compression in ("none", "lzw", "deflate", "zstd", "lzma") and shape != "strip")


def tiff(folder):
    colormap = np.random.default_rng(7).integers(0, 65536, (3, 256), dtype=np.uint16)
    for (layout, (photometric, channels, extra)), dtype in itertools.product(TIFF_LAYOUTS.items(), TIFF_TYPES):
        pixels = tiff_pixels(channels, dtype)
        bits = 1 if dtype == "bool" else 8 * np.dtype(dtype).itemsize
        kind = {"b": "", "u": "", "i": "signed ", "f": "float "}[np.dtype(dtype).kind]
        name = f"{bits}-bit {kind}{layout}"
        base = {"photometric": photometric, "extrasamples": extra or None}
        if photometric == "palette":
            base |= {"colormap": colormap if dtype == "u1" else np.repeat(colormap, 256, axis=1)}
        plain = pixels[:, :, 0] if channels == 1 else pixels
        for compression, order, planar, shape in itertools.product(TIFF_COMPRESSIONS, "<>", ("contig", "separate"), ("strip", "strips", "tiles")):
            if not is_worth_writing(dtype, channels, compression, order, planar, shape):
                continue
            data = np.ascontiguousarray(np.moveaxis(plain, 2, 0)) if planar == "separate" else plain
            options = base | {"compression": None if compression == "none" else compression, "byteorder": order}
            options |= {"planarconfig": planar} if channels > 1 else {}
            options |= {"strip": {"rowsperstrip": HEIGHT}, "strips": {"rowsperstrip": 8}, "tiles": {"tile": (16, 32)}}[shape]
            variant = f"{compression}-{'little' if order == '<' else 'big'}-{planar}-{shape}"
            folder.add("tiff", name, variant, "tifffile", lambda: by_tifffile(data, **options))
            if compression in ("lzw", "deflate", "zstd") and shape != "strip":
                folder.add("tiff", name, f"{variant}-predictor", "tifffile", lambda: by_tifffile(data, predictor=True, **options))
        folder.add("tiff", name, "bigtiff", "tifffile", lambda: by_tifffile(plain, bigtiff=True, **base))
    for bits, (layout, (photometric, channels, extra)) in itertools.product((2, 4, 6, 10, 12, 14), TIFF_LAYOUTS.items()):
        pixels = wide_of(tiff_pixels(channels, "u1"), min(bits, 8)).astype(np.uint8 if bits <= 8 else np.uint16)
        plain = pixels[:, :, 0] if channels == 1 else pixels
        for compression in ("none", "lzw", "adobe_deflate"):
            options = {"colormap": colormap[:, : 2**bits]} if photometric == "palette" else {}
            folder.add("tiff", f"{bits}-bit {layout}", compression, "tifffile", lambda: by_tifffile(plain, photometric=photometric, extrasamples=extra or None, bitspersample=bits, rowsperstrip=8, compression=None if compression == "none" else compression, **options))
    for subsampling, order, shape in itertools.product(((1, 1), (2, 1), (1, 2), (2, 2), (4, 1), (4, 2), (4, 4), (1, 4)), "<>", ("strips", "tiles")):
        where = {"rowsperstrip": 16} if shape == "strips" else {"tile": (16, 32)}
        folder.add("tiff", "8-bit YCbCr", f"jpeg-subsampling-{subsampling[0]}{subsampling[1]}-{order == '<'}-{shape}", "tifffile", lambda: by_tifffile(scene(), photometric="rgb", compression="jpeg", compressionargs={"outcolorspace": "ycbcr"}, subsampling=subsampling, byteorder=order, **where))
        folder.add("tiff", "8-bit YCbCr", f"jpeg-same-{subsampling[0]}{subsampling[1]}-{order == '<'}-{shape}", "tifffile", lambda: by_tifffile(np.asarray(pillow_images()["YCbCr"]), photometric="ycbcr", compression="jpeg", compressionargs={"colorspace": "ycbcr", "outcolorspace": "ycbcr"}, subsampling=subsampling, byteorder=order, **where))
    tiff_by_pillow(folder)
    tiff_by_magick(folder)


def tiff_by_pillow(folder):
    compressions = [None, "tiff_ccitt", "group3", "group4", "tiff_lzw", "tiff_jpeg", "jpeg", "tiff_adobe_deflate", "tiff_raw_16", "packbits", "tiff_thunderscan", "tiff_deflate", "tiff_sgilog", "tiff_sgilog24", "lzma", "zstd", "webp"]
    for (mode, image), compression in itertools.product(pillow_images().items(), compressions):
        folder.add("tiff", f"Pillow mode {mode}", compression or "raw", "pillow", lambda: by_pillow(image, "TIFF", compression=compression))
        folder.add("tiff", f"Pillow mode {mode}", f"{compression or 'raw'}-big", "pillow", lambda: by_pillow(image, "TIFF", compression=compression, big_endian=True))
        for orientation in (3, 6):
            folder.add("tiff", f"Pillow mode {mode}", f"{compression or 'raw'}-turned-{orientation}", "pillow", lambda: by_pillow(image, "TIFF", compression=compression, tiffinfo={274: orientation}))
    for option in (0, 1, 4, 5):
        folder.add("tiff", "Pillow mode 1", f"group3-options-{option}", "pillow", lambda: by_pillow(pillow_images()["1"], "TIFF", compression="group3", tiffinfo={292: option}))
    for photometric in (0, 1):
        for compression in (None, "group4", "tiff_lzw"):
            for mode in ("1", "L", "I;16"):
                folder.add("tiff", f"Pillow mode {mode}", f"{compression or 'raw'}-photometric-{photometric}", "pillow", lambda: by_pillow(pillow_images()[mode], "TIFF", compression=compression, tiffinfo={262: photometric}))


def tiff_by_magick(folder):
    types = {"bilevel": (["-type", "Bilevel"], "rgb", (1,)), "gray": (["-type", "Grayscale"], "rgb", (2, 4, 8, 16, 32)), "gray with alpha": (["-type", "GrayscaleAlpha"], "rgba", (8, 16)), "palette": (["-type", "Palette", "-colors", "100"], "rgb", (8,)), "palette of 13": (["-colors", "13", "-type", "Palette"], "rgb", (2, 4, 8)), "palette with alpha": (["-type", "PaletteAlpha"], "rgba", (8,)), "RGB": (["-type", "TrueColor"], "rgb", (8, 16, 32)), "RGBA": (["-type", "TrueColorAlpha"], "rgba", (8, 16, 32)), "CMYK": (["-colorspace", "CMYK", "-type", "ColorSeparation"], "rgb", (8, 16)), "CMYK with alpha": (["-colorspace", "CMYK", "-type", "ColorSeparationAlpha"], "rgba", (8, 16)), "YCbCr": (["-colorspace", "YCbCr"], "rgb", (8, 16)), "LAB": (["-colorspace", "Lab"], "rgb", (8, 16))}
    for name, (options, source, depths) in types.items():
        for depth, compress in itertools.product(depths, ("None", "LZW", "Zip", "RLE", "JPEG", "Fax", "Group4", "LZMA", "ZSTD", "WebP", "JBIG")):
            magick(folder, "tiff", f"{depth}-bit {name}", compress, [*options, "-depth", str(depth), "-compress", compress], source=source)
        for depth, (extra, more) in itertools.product(depths, {"big": ["-endian", "MSB"], "planes": ["-interlace", "plane"], "lsb-fill": ["-define", "tiff:fill-order=lsb"], "tiles": ["-define", "tiff:tile-geometry=16x16"], "multiplied": ["-define", "tiff:alpha=associated"], "white is zero": ["-define", "quantum:polarity=min-is-white"], "float": ["-define", "quantum:format=floating-point"], "rows": ["-define", "tiff:rows-per-strip=7"]}.items()):
            for compress in ("None", "LZW"):
                magick(folder, "tiff", f"{depth}-bit {name}", f"{compress}-{extra}", [*options, "-depth", str(depth), "-compress", compress, *more], source=source)
    for factors in ("1x1", "2x1", "2x2", "1x2", "4x4"):
        for compress in ("JPEG", "None", "LZW"):
            magick(folder, "tiff", "8-bit YCbCr", f"{compress}-factors-{factors}", ["-colorspace", "YCbCr", "-compress", compress, "-sampling-factor", factors, "-define", f"jpeg:sampling-factor={factors}"])


def avif(folder):
    images = pillow_images()
    for mode in ("RGB", "RGBA", "L", "LA", "P", "P-rgba"):
        for sub, quality in itertools.product(("4:4:4", "4:2:2", "4:2:0", "4:0:0"), (20, 75, 100)):
            folder.add("avif", f"{mode} {sub}", f"quality-{quality}", "pillow", lambda: by_pillow(images[mode], "AVIF", quality=quality, subsampling=sub))
            folder.add("avif", f"{mode} {sub}", f"limited-{quality}", "pillow", lambda: by_pillow(images[mode], "AVIF", quality=quality, subsampling=sub, range="limited"))
        folder.add("avif", mode, "multiplied", "pillow", lambda: by_pillow(images[mode], "AVIF", quality=90, subsampling="4:4:4", alpha_premultiplied=True))
    for sub in ("4:4:4", "4:2:0"):
        folder.add("avif", f"animated {sub}", "two", "pillow", lambda: by_pillow(images["RGB"], "AVIF", save_all=True, append_images=[images["L"].convert("RGB")], subsampling=sub))
        for orientation in range(2, 9):
            exif = Image.Exif()
            exif[0x0112] = orientation
            folder.add("avif", f"turned {sub}", str(orientation), "pillow", lambda: by_pillow(images["RGB"], "AVIF", quality=90, subsampling=sub, exif=exif))
    rgb = scene()
    bands = {"gray": rgb[:, :, 0], "RGB": rgb, "RGBA": np.dstack([rgb, alpha()])}
    for (name, pixels), bits, pixelformat in itertools.product(bands.items(), (8, 10, 12), ("444", "422", "420", "400")):
        data = pixels if bits == 8 else pixels.astype(np.uint16) << (bits - 8)
        folder.add("avif", f"{bits}-bit {name}", f"{pixelformat}", "imagecodecs", lambda: imagecodecs.avif_encode(data, level=90, bitspersample=bits, pixelformat=pixelformat))
    folder.add("avif", "8-bit RGB", "lossless", "imagecodecs", lambda: imagecodecs.avif_encode(rgb, level=100, pixelformat="444"))
    magick(folder, "avif", "RGB", "plain", [])
    magick(folder, "avif", "RGBA", "plain", [], source="rgba")


SOURCES = {}
CONVERT = next((path for path in ("/usr/bin/convert", shutil.which("magick") or "") if Path(path).is_file()), None)


def magick(folder, kind, layout, variant, options, source="rgb", form=None):
    """Through ImageMagick's `convert`, from a PNG; a warning (it often saves something else then) leaves the file out."""

    def write():
        if source not in SOURCES:
            SOURCES[source] = by_pillow(pillow_images()[source.upper()], "PNG")
        done = subprocess.run([CONVERT, "png:-", *options, f"{form or kind}:-"], input=SOURCES[source], capture_output=True, timeout=20)
        return done.stdout if done.returncode == 0 and not done.stderr else None

    if CONVERT:
        folder.add(kind, layout, variant, "magick", write)


def write_corpus(path):
    folder = Folder(path)
    for write in (jpeg, png, webp, gif, bmp, tiff, avif):
        write(folder)
    return len(list(folder.path.iterdir()))


if __name__ == "__main__":
    print(write_corpus(sys.argv[1]), "files")
