#!/usr/bin/env bash
# Pillow 13.0.0: numbers of big-endian TIFFs are byte-swapped once the file is compressed, where they are signed or floating-point.
#
# One would guess that compression, which is lossless here, changes no value: depth maps, heights and masks of 16 or 32 bits written with
# `byteorder='>'` are read right as long as they are not compressed, and 16-bit unsigned ones always. With LZW, Deflate, PackBits or
# Zstandard every int16, int32 and float32 sample has its bytes in the wrong order: 1 becomes 256, 1.0 becomes 4.6e-41, a picture of it
# black or noise. No error, no warning; `Image.mode`, size and tags are right. tifffile (which wrote the files) and OpenCV read all right.
#
# Seen (Pillow 13.0.0, tifffile 2026.3.3, opencv-python-headless 5.0.0.93, Linux x64): wrong in Pillow are 12 of 12 compressed big-endian
# files of int16, int32 and float32, and none of 28 others (uint16, little-endian, not compressed); in OpenCV none.
#
# Needs Python 3.11 or newer: PYTHON=python3.12 findings/pillow-tiff-big-endian-compressed.sh
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${PYTHON:-python3}" -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
  pillow==13.0.0 tifffile==2026.3.3 imagecodecs==2026.3.6 numpy==2.4.6 opencv-python-headless==5.0.0.93

cat > "$work/read.py" <<'PY'
import io
import sys

import cv2
import numpy as np
import PIL
import tifffile
from PIL import Image

y, x = np.mgrid[0:48, 0:64]
values = x * 3 + y


def same(read, written):
    return read is not None and np.array_equal(np.asarray(read).astype(np.float64), written.astype(np.float64))


wrong, others, other_readers = [], [], []
for kind in ("uint16", "int16", "int32", "float32"):
    for order in "<>":
        for compression in (None, "lzw", "zlib", "packbits", "zstd"):
            written, file = values.astype(kind), io.BytesIO()
            tifffile.imwrite(file, written, byteorder=order, compression=compression, photometric="minisblack", metadata=None)
            name = f"{kind} {'big' if order == '>' else 'little'}-endian {compression or 'not compressed'}"
            pixels = np.asarray(Image.open(io.BytesIO(file.getvalue())))
            is_case = order == ">" and compression is not None and kind != "uint16"
            (wrong if is_case else others).append((name, same(pixels, written), same(pixels.astype(kind).byteswap(), written)))
            # OpenCV's Zstandard depends on its build.
            if not same(tifffile.imread(io.BytesIO(file.getvalue())), written):
                other_readers.append(f"tifffile {name}")
            if compression != "zstd" and not same(cv2.imdecode(np.frombuffer(file.getvalue(), np.uint8), cv2.IMREAD_UNCHANGED), written):
                other_readers.append(f"OpenCV {name}")
            if is_case and compression == "lzw":
                print(f"{name}: written {written[0, 1:4].tolist()}, Pillow reads {pixels[0, 1:4].tolist()} (mode {Image.open(io.BytesIO(file.getvalue())).mode})")

swapped = sum(not right and swap for _, right, swap in wrong)
print(f"Pillow {PIL.__version__}: byte-swapped {swapped} of {len(wrong)} compressed big-endian signed or float files; wrong {sum(not right for _, right, _ in others)} of {len(others)} others")
print(f"tifffile {tifffile.__version__}, OpenCV {cv2.__version__}: wrong {len(other_readers)} {other_readers}")
sys.exit(0 if swapped == len(wrong) == 12 and all(right for _, right, _ in others) and not other_readers else 1)
PY
"$work/venv/bin/python" "$work/read.py" && echo "AS STATED" || { echo "CHANGED"; exit 1; }
