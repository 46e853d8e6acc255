#!/usr/bin/env bash
# sharp 0.35.5 (libvips 8.18.7, libheif 1.23.5): a gray AVIF of limited range comes out with black at 16 and white at 235.
#
# One would guess that samples that the file says run from 16 to 235 are spread to 0 to 255, as they are for colour: of the same gray ramp
# sharp spreads 4:4:4 and 4:2:0, and leaves 4:0:0, which is what encoders write for gray pictures, as it is stored, with `space: 'srgb'` and
# no word of the range in metadata(). Pillow 13.0.0 (libavif 1.4.2), which wrote the files, spreads all three. A gray picture read
# by both is 8 of 255 apart on average, and never black nor white in one of them.
#
# Seen (Linux x64, Node 24.21, Python 3.11), least and greatest sample of a ramp from 0 to 255:
#   full range,    4:0:0, 4:2:0 and 4:4:4: Pillow 0 255, sharp 0 255
#   limited range, 4:2:0 and 4:4:4:        Pillow 0 255, sharp 0 255
#   limited range, 4:0:0:                  Pillow 0 255, sharp 16 235
#
# Needs Node 20.9 or newer and Python 3.10 or newer.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${PYTHON:-python3}" -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check pillow==13.0.0
(cd "$work" && npm init --yes > /dev/null && npm install --save-exact --no-audit --no-fund --loglevel=error sharp@0.35.5 > /dev/null)

cat > "$work/write.py" <<'PY'
import json
from pathlib import Path

from PIL import Image, features

ramp = Image.frombytes("L", (256, 32), bytes(range(256)) * 32)
extremes = {}
for range_ in ("full", "limited"):
    for planes in ("4:0:0", "4:2:0", "4:4:4"):
        name = f"{range_} {planes.replace(':', '')}"
        ramp.save(f"{name}.avif", quality=100, range=range_, subsampling=planes)
        extremes[name] = list(Image.open(f"{name}.avif").convert("L").getextrema())
Path("pillow.json").write_text(json.dumps({"libavif": features.version("avif"), "extremes": extremes}))
PY
cat > "$work/read.mjs" <<'JS'
import { readFileSync } from 'node:fs';
import process from 'node:process';
import sharp from 'sharp';

const { libavif, extremes } = JSON.parse(readFileSync('pillow.json', 'utf8'));
console.log(`Pillow's libavif ${libavif}; sharp ${sharp.versions.sharp}, libvips ${sharp.versions.vips}, libheif ${sharp.versions.heif}`);
let asStated = true;
for (const [name, pillow] of Object.entries(extremes)) {
  const pixels = await sharp(`${name}.avif`).raw().toBuffer();
  const ours = [pixels.reduce((a, b) => Math.min(a, b)), pixels.reduce((a, b) => Math.max(a, b))];
  console.log(`${name}: Pillow ${pillow.join(' ')}, sharp ${ours.join(' ')}`);
  asStated &&= String(pillow) === '0,255' && String(ours) === (name === 'limited 400' ? '16,235' : '0,255');
}
process.exit(asStated ? 0 : 1);
JS
cd "$work"
venv/bin/python write.py
node read.mjs && echo "AS STATED" || { echo "CHANGED"; exit 1; }
