"""
Pictures for make_images.py whose samples lie in the file in ways that are rarely met: kinds of TIFF that libvips does not
read or reads otherwise than Pillow, flaws that Pillow overlooks in a PNG, a WebP, BMP and AVIF of unusual make.
"""

import io
import struct
import zlib

import numpy as np
import tifffile
from PIL import Image


def layout_cases(scene, alpha):
    """(name, bytes) of each; `scene` is RGB and `alpha` gray, of one size and at least 32 pixels on either side."""
    rgb, opacity = np.asarray(scene), np.asarray(alpha)
    yield from tiff_cases(rgb, opacity)
    yield from tiff_gray_cases(rgb[:, :, 0])
    yield from png_cases(scene)
    yield "webp-animated-without-alpha", webp_frame(scene, (100, 80), (6, 10))
    yield "bmp-rle8-overlong", overlong_rle(scene.quantize(16))
    yield "bmp-pixels-at-palette", pixels_at_palette(scene.quantize(200))
    yield "avif-gray-limited", pillow_file(scene.convert("L"), "AVIF", quality=100, subsampling="4:0:0", range="limited")
    yield "avif-alpha-multiplied", multiplied_avif(rgb, opacity)


def tiff_cases(rgb, alpha):
    wide = rgb.astype(np.uint16) * 257 ^ 0x5A
    inks = np.dstack([255 - rgb, alpha])
    wide_inks = inks.astype(np.uint16) * 257 ^ 0x5A
    planes = np.moveaxis(rgb, 2, 0)
    six = np.dstack([rgb, alpha, rgb[:, :, 0], rgb[:, :, 1]])
    noted = {"photometric": "rgb", "extrasamples": ("unassalpha", "unspecified", "unspecified")}
    yield "tiff-cmyk-16", tiff(wide_inks, photometric="separated", compression="lzw")
    yield "tiff-cmyk-16-big-endian", tiff(wide_inks, photometric="separated", compression="zstd", byteorder=">")
    yield "tiff-cmyk-extra", tiff(np.dstack([inks, alpha]), photometric="separated", extrasamples=("unspecified",))
    yield "tiff-ycbcr", pillow_file(Image.fromarray(rgb).convert("YCbCr"), "TIFF")
    yield "tiff-ycbcr-lzw", pillow_file(Image.fromarray(rgb).convert("YCbCr"), "TIFF", compression="tiff_lzw")
    yield "tiff-ycbcr-halved", halved_ycbcr(rgb)
    yield "tiff-rgb-3-extra", tiff(six, photometric="rgb", extrasamples=("unspecified",) * 3)
    yield "tiff-rgba-2-extra", tiff(six, compression="packbits", **noted)
    yield "tiff-rgb-16-planes", tiff(np.moveaxis(wide, 2, 0), photometric="rgb", planarconfig="separate", compression="lzw")
    yield "tiff-rgb-tiles-planes", tiff(planes, photometric="rgb", planarconfig="separate", tile=(16, 32), compression="deflate", predictor=True)
    yield "tiff-rgb-tiles-predictor-16", tiff(wide, photometric="rgb", tile=(16, 32), compression="lzw", predictor=True, byteorder=">")
    yield "tiff-rgb-zstd", tiff(rgb, photometric="rgb", compression="zstd", rowsperstrip=8)
    yield "tiff-rgb-reversed-bits", reversed_bits(tiff(rgb, photometric="rgb", compression="lzw"))
    yield "tiff-rgba-16-multiplied", tiff(np.dstack([wide // 2, wide[:, :, 0] // 2 + 16000]), photometric="rgb", extrasamples=("assocalpha",))
    yield "tiff-bigtiff", tiff(rgb, photometric="rgb", bigtiff=True, compression="packbits")


def tiff_gray_cases(gray):
    wide = gray.astype(np.int32) * 2 - 100
    yield "tiff-gray-2-inverted", tiff(gray >> 6, photometric="miniswhite", bitspersample=2)
    yield "tiff-gray-12", tiff(gray.astype(np.uint16) * 2, photometric="minisblack", bitspersample=12)
    yield "tiff-gray-16-signed", tiff(wide.astype(np.int16), photometric="minisblack", compression="lzw")
    yield "tiff-gray-32", tiff(wide, photometric="minisblack", byteorder=">")
    yield "tiff-gray-float", tiff(wide.astype(np.float32) + 0.25, photometric="minisblack", compression="deflate", predictor=True, tile=(16, 16))
    yield "tiff-gray-16-planar-extra", tiff(np.stack([gray, gray]).astype(np.uint16) * 2, photometric="minisblack", planarconfig="separate", extrasamples=("unspecified",), compression="lzw")


def tiff(pixels, bigtiff=False, byteorder="<", **options):
    out = io.BytesIO()
    with tifffile.TiffWriter(out, bigtiff=bigtiff, byteorder=byteorder) as writer:
        writer.write(np.ascontiguousarray(pixels), metadata=None, **options)
    return out.getvalue()


def pillow_file(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def halved_ycbcr(rgb):
    """Four brightnesses and the two colour samples that they share, compressed: tifffile does not write these."""
    height, width = rgb.shape[0] // 2 * 2, rgb.shape[1] // 2 * 2
    luma, blue, red = np.moveaxis(np.asarray(Image.fromarray(rgb[:height, :width]).convert("YCbCr")), 2, 0)
    blocks = luma.reshape(height // 2, 2, width // 2, 2).transpose(0, 2, 1, 3).reshape(height // 2, width // 2, 4)
    data = zlib.compress(np.dstack([blocks, blue[::2, ::2], red[::2, ::2]]).tobytes())
    shorts = [(256, width), (257, height), (259, 8), (262, 6), (277, 3), (278, height)]
    entries = {tag: struct.pack("<HHIHH", tag, 3, 1, value, 0) for tag, value in shorts}
    start = 8 + 2 + 12 * 10 + 4
    entries[258] = struct.pack("<HHII", 258, 3, 3, start)
    entries[273] = struct.pack("<HHII", 273, 4, 1, start + 6)
    entries[279] = struct.pack("<HHII", 279, 4, 1, len(data))
    entries[530] = struct.pack("<HHIHH", 530, 3, 2, 2, 2)
    page = struct.pack("<H", len(entries)) + b"".join(entries[tag] for tag in sorted(entries)) + b"\0\0\0\0"
    return b"II*\0" + struct.pack("<I", 8) + page + struct.pack("<HHH", 8, 8, 8) + data


def reversed_bits(data):
    """The strips with the bits of each byte in the opposite order, as tag 266 says, which takes the place of another."""
    page = tifffile.TiffFile(io.BytesIO(data)).pages[0]
    out = bytearray(data)
    for offset, length in zip(page.dataoffsets, page.databytecounts):
        bits = np.unpackbits(np.frombuffer(data[offset : offset + length], np.uint8).reshape(-1, 1), axis=1)
        out[offset : offset + length] = np.packbits(bits[:, ::-1], axis=1).tobytes()
    unit = struct.pack("<HHIHH", 296, 3, 1, 1, 0)
    return bytes(out).replace(unit, struct.pack("<HHIHH", 266, 3, 1, 2, 0), 1)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_cases(image):
    good = pillow_file(image, "PNG")
    pixels = good.index(b"IDAT") - 4
    end = good.index(b"IEND") - 4
    yield "png-wrong-checksum", good[: end - 4] + b"\0\0\0\0" + good[end:]
    yield "png-unknown-critical", good[:pixels] + chunk(b"ABCD", b"x") + good[pixels:]
    yield "png-without-end", good[:end]


def webp_frame(image, screen, corner):
    """An animation of one frame that is smaller than the screen, and that is not marked as having alpha."""
    still = pillow_file(image, "WEBP", lossless=True)
    three = [struct.pack("<I", value)[:3] for value in (screen[0] - 1, screen[1] - 1, corner[0] // 2, corner[1] // 2, image.width - 1, image.height - 1, 100)]
    head = b"VP8X" + struct.pack("<I", 10) + b"\2\0\0\0" + three[0] + three[1]
    frame = b"".join(three[2:]) + b"\0" + still[12:]
    body = b"WEBP" + head + b"ANIM" + struct.pack("<I", 6) + b"\xff\x20\x20\xff\0\0" + b"ANMF" + struct.pack("<I", len(frame)) + frame
    return b"RIFF" + struct.pack("<I", len(body)) + body


def overlong_rle(image):
    """Runs that reach beyond the end of their row, as ImageMagick fills rows up to four bytes."""
    rows = np.asarray(image)[::-1]
    data = b"".join(b"".join(bytes([1, value]) for value in row.tolist()) + bytes([3, 5, 0, 0]) for row in rows) + b"\0\1"
    colours = b"".join(bytes([b, g, r, 0]) for r, g, b in np.array(image.getpalette()).reshape(-1, 3)[:16].tolist())
    info = struct.pack("<IiiHHIIiiII", 40, image.width, image.height, 1, 8, 1, len(data), 2835, 2835, 16, 16)
    start = 14 + len(info) + len(colours)
    return b"BM" + struct.pack("<IHHI", start + len(data), 0, 0, start) + info + colours + data


def pixels_at_palette(image):
    """The header says that pixels begin where the palette does."""
    data = bytearray(pillow_file(image, "BMP"))
    struct.pack_into("<I", data, 10, 54)
    return bytes(data)


def multiplied_avif(rgb, alpha):
    colours = (rgb.astype(np.uint16) * alpha[:, :, None] // 255).astype(np.uint8)
    return pillow_file(Image.fromarray(np.dstack([colours, alpha])), "AVIF", quality=100, subsampling="4:4:4", alpha_premultiplied=True)
