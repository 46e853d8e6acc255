#!/usr/bin/env bash
# Pillow 13.0.0: TIFFs whose channels lie on planes of their own (PlanarConfiguration 2) are other pictures, depending on compression.
#
# One would guess that the same samples give the same picture, packed or not, side by side or on planes. Two kinds do not, silently:
#   16-bit RGB and RGBA on planes that are NOT compressed are read as if the planes had 8 bits: the low and high bytes of the upper half,
#   one after the other, as pixels. Compressed files of the same samples, and 8-bit ones, are right.
#   8-bit gray with alpha on planes that ARE compressed has alpha 0 everywhere, so that pasting or resizing it gives nothing (black).
#   Not compressed it is refused with an error, side by side it is right.
#
# Seen (Pillow 13.0.0, tifffile 2026.3.3, Linux x64), mean difference of 255 to what was written, little- and big-endian alike:
#   RGB 16 bit planes not compressed 53.8; LZW, Deflate, PackBits 0.0; side by side 0.0
#   RGBA 16 bit planes not compressed 43.4; LZW, Deflate, PackBits 0.0; side by side 0.0
#   gray with alpha planes LZW, Deflate, PackBits: gray 0.0, alpha 231.5 (all of it 0); side by side 0.0
# tifffile reads back all of them as written.
#
# Needs Python 3.11 or newer: PYTHON=python3.12 findings/pillow-tiff-planes.sh
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${PYTHON:-python3}" -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check pillow==13.0.0 tifffile==2026.3.3 imagecodecs==2026.3.6 numpy==2.4.6

cat > "$work/read.py" <<'PY'
import io
import sys

import numpy as np
import PIL
import tifffile
from PIL import Image

y, x = np.mgrid[0:48, 0:64]
RGB = np.dstack([x * 4, y * 5, (x + y) * 2]).astype(np.uint8)
ALPHA = (255 - y).astype(np.uint8)
KINDS = {
    "RGB 8 bit": (RGB, 1, {"photometric": "rgb"}),
    "RGB 16 bit": (RGB, 257, {"photometric": "rgb"}),
    "RGBA 16 bit": (np.dstack([RGB, ALPHA]), 257, {"photometric": "rgb", "extrasamples": ["unassalpha"]}),
    "gray with alpha": (np.dstack([RGB[..., 0], ALPHA]), 1, {"photometric": "minisblack", "extrasamples": ["unassalpha"]}),
}


def differences(kind, order, compression, planes):
    """Mean difference of each channel, of 255, to what was written; None where Pillow refuses the file."""
    shown, factor, options = KINDS[kind]
    samples = (shown.astype(np.uint16) * factor) if factor > 1 else shown
    file = io.BytesIO()
    stored = np.moveaxis(samples, 2, 0) if planes else samples
    tifffile.imwrite(file, stored, byteorder=order, compression=compression, planarconfig="separate" if planes else "contig", metadata=None, **options)
    if not np.array_equal(tifffile.imread(io.BytesIO(file.getvalue())), stored):
        raise SystemExit("tifffile does not read what it wrote")
    try:
        pixels = np.asarray(Image.open(io.BytesIO(file.getvalue()))).astype(int)
    except (OSError, ValueError, SyntaxError):
        return None
    return [round(float(np.abs(pixels[..., at] - shown[..., at]).mean()), 1) for at in range(shown.shape[2])]


def expected(kind, compression, planes, found):
    if planes and kind.endswith("16 bit") and compression is None:
        return found is not None and sum(found) / len(found) > 30
    if planes and kind == "gray with alpha":
        return found == [0.0, round(float(ALPHA.mean()), 1)] if compression else found is None
    return found is not None and sum(found) == 0


print("Pillow", PIL.__version__, "tifffile", tifffile.__version__)
as_stated = True
for kind in KINDS:
    for planes in (False, True):
        for compression in (None, "lzw", "zlib", "packbits"):
            found = [differences(kind, order, compression, planes) for order in "<>"]
            print(f"{kind}, {'planes' if planes else 'side by side'}, {compression or 'not compressed'}: {found[0] if found[0] else 'refused'}")
            as_stated = as_stated and found[0] == found[1] and expected(kind, compression, planes, found[0])
sys.exit(0 if as_stated else 1)
PY
"$work/venv/bin/python" "$work/read.py" && echo "AS STATED" || { echo "CHANGED"; exit 1; }
