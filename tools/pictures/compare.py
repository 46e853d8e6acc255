"""
Compares what the service makes of pictures with what Pillow makes of them in the order of open_clip: files of every kind
that `corpus.py` writes, and the test images of Pillow's own source distribution. Writes the table of docs/pictures.md.

    npm run build
    python3 -m venv pictures-venv
    pictures-venv/bin/pip install -r tools/pictures/requirements.txt
    pictures-venv/bin/python tools/pictures/compare.py

`--details` lists every file that is neither equal nor near; `--only` takes a regular expression of file names. ImageMagick's
`convert` writes its part of the files where it is installed. Ends with 1 when a file gives other pixels or ends the process.
"""

import argparse
import io
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import warnings
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import PIL
import tifffile

from corpus import write_corpus
from make_images import square

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
DOCS = ROOT / "docs" / "pictures.md"
ACCEPTED = re.compile(rb"^(\xff\xd8\xff|\x89PNG\r\n\x1a\n|RIFF....WEBP|GIF8[79]a|BM........|II[*+]\0|MM\0[*+]|....ftyp(avif|avis|(mif1|msf1)....(....){0,8}avif))", re.DOTALL)
FORMATS = {"jpeg": "JPEG", "png": "PNG", "webp": "WebP", "gif": "GIF", "bmp": "BMP", "tiff": "TIFF", "avif": "AVIF"}

# Mean difference, of 255, up to which a file counts as near: in general, with nothing but hard edges (and then at most so much in
# one place), and for AVIF with halved colours, which is blurred otherwise than in Pillow.
NEAR, NEAR_EDGES, EDGES_MAX, NEAR_AVIF = 0.5, 4.5, 32, 6.0

EQUAL, CLOSE, MEANT, NEITHER, REFUSED, OURS_ONLY, OTHER, CRASH = "equal", "near", "as meant", "neither", "refused", "only we", "OTHER PIXELS", "CRASH"
BEST_FIRST = [EQUAL, CLOSE, MEANT, NEITHER, OURS_ONLY, REFUSED, OTHER, CRASH]


def of_pillow(data, side):
    """Pillow's square, or None where Pillow refuses."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return np.asarray(square(data, side))
    except Exception:
        return None


class Ours:
    """One Node process that loads pictures as a replica does; a new one when it ends on a picture."""

    def __init__(self):
        self.process = None

    def load(self, path, side):
        if self.process is None or self.process.poll() is not None:
            node = ROOT / "node_modules" / ".bin" / "node"
            self.process = subprocess.Popen([node, HERE / "ours.mjs"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.process.stdin.write(f"{side} {path}\n".encode())
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            return {"code": "crash", "message": f"the process ended with {self.process.wait()}"}
        answer = json.loads(line)
        if "bytes" in answer:
            pixels = self.process.stdout.read(answer["bytes"])
            answer["square"] = np.frombuffer(pixels, np.uint8).reshape(side, side, 3)
        return answer


def outcome_of(path, ours, sides):
    """(outcome, detail, mean difference) of a file: the worst of its sides."""
    data = path.read_bytes()
    results = [outcome_at(path, data, ours, side) for side in sides]
    return max(results, key=lambda result: (BEST_FIRST.index(result[0]), result[2]))


def outcome_at(path, data, ours, side):
    theirs = of_pillow(data, side)
    mine = ours.load(path, side)
    if mine.get("code") == "crash":
        return CRASH, mine["message"], 0
    if "square" not in mine:
        return NEITHER if theirs is None else REFUSED, mine["message"], 0
    if theirs is not None:
        outcome = compared(path, theirs, mine["square"])
        if outcome[0] != OTHER:
            return outcome
    meant = of_pillow(rewritten(data), side)
    if meant is not None and compared(path, meant, mine["square"])[0] != OTHER:
        return MEANT, "", 0
    return (OURS_ONLY, "", 0) if theirs is None else outcome


def compared(path, theirs, mine):
    difference = np.abs(theirs.astype(int) - mine.astype(int))
    mean, largest = float(difference.mean()), int(difference.max())
    is_near = mean <= NEAR or (mean <= NEAR_EDGES and largest <= EDGES_MAX) or (path.suffix == ".avif" and mean <= NEAR_AVIF)
    return EQUAL if largest == 0 else CLOSE if is_near else OTHER, f"mean {mean:.2f}, largest {largest}", mean


def rewritten(data):
    """A TIFF as tifffile reads it, written plainly: little-endian, samples side by side, not compressed."""
    try:
        page = tifffile.TiffFile(io.BytesIO(data)).pages[0]
        pixels, extra = page.asarray(), [int(meaning) for meaning in page.extrasamples]
        if page.planarconfig == 2 and page.samplesperpixel > 1:
            pixels = np.moveaxis(pixels, 0, -1)
        if extra and max(extra) == 0:
            pixels, extra = np.squeeze(pixels[:, :, : -len(extra)]), []
        out = io.BytesIO()
        tifffile.imwrite(out, pixels.astype(pixels.dtype.newbyteorder("<")), photometric=page.photometric, extrasamples=extra or None, metadata=None, byteorder="<", planarconfig=1 if pixels.ndim == 3 else None)
        return out.getvalue()
    except Exception:
        return b""


def sdist_images(folder):
    """Pillow's own test images in the formats that the service decodes, told by their first bytes."""
    folder.mkdir(exist_ok=True)
    subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-binary", ":all:", "--no-deps", "-d", folder, f"pillow=={PIL.__version__}"], check=True)
    with tarfile.open(next(folder.glob("pillow-*.tar.gz"))) as archive:
        archive.extractall(folder, filter="data")
    return folder


def accepted_in(folder):
    return sorted(path for path in folder.rglob("Tests/images/**/*") if path.is_file() and ACCEPTED.match(path.read_bytes()[:64]))


def kind_of(path, from_sdist):
    """(format, layout) for the table."""
    if not from_sdist:
        return tuple(path.name.split("__")[:2])
    data = path.read_bytes()[:16]
    by_magic = {b"\xff\xd8": "jpeg", b"\x89P": "png", b"RI": "webp", b"GI": "gif", b"BM": "bmp", b"II": "tiff", b"MM": "tiff"}
    return by_magic.get(data[:2], "avif"), "~ test images of Pillow"


def table_of(results):
    """One row a format and layout; layouts that neither Pillow nor the service opens are named below it."""
    rows, closed = defaultdict(list), defaultdict(list)
    for kind, outcome, detail, mean in results:
        rows[kind].append((outcome, detail, mean))
    lines = ["| format | layout | files | equal | near (mean off, of 255) | as meant | refused | neither | only we |", "| --- | --- | --: | --: | --- | --: | --- | --: | --: |"]
    for form, layout in sorted(rows, key=lambda kind: (list(FORMATS).index(kind[0]), kind[1])):
        found = rows[form, layout]
        counts = Counter(outcome for outcome, *_ in found)
        if set(counts) == {NEITHER}:
            closed[form].append(layout.replace("-", " "))
            continue
        worst = max((mean for outcome, _, mean in found if outcome == CLOSE), default=0)
        near = f"{counts[CLOSE]} (≤ {worst:.1f})" if counts[CLOSE] else ""
        cells = [FORMATS[form], layout.lstrip("~ ").replace("-", " "), len(found), counts[EQUAL], near, counts[MEANT], refusals(found), counts[NEITHER], counts[OURS_ONLY]]
        lines.append("| " + " | ".join(str(cell or "") for cell in cells) + " |")
    for form, layouts in closed.items():
        lines += ["", f"Opened neither by Pillow nor by the service, {FORMATS[form]}: {'; '.join(layouts)}."]
    return "\n".join(lines)


def refusals(found):
    """How many, and the kinds that their messages name."""
    counts = Counter()
    for outcome, detail, _ in found:
        if outcome == REFUSED:
            named = re.match(r"TIFF files with (.*?) are not read", detail)
            counts[named.group(1) if named else "other"] += 1
    return "; ".join(f"{count} {name}" for name, count in counts.most_common())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--corpus", type=Path, help="folder made by corpus.py; made anew without it")
    parser.add_argument("--sdist", type=Path, help="folder with Pillow's unpacked source; downloaded without it")
    parser.add_argument("--details", action="store_true")
    parser.add_argument("--only", default="", help="regular expression of file names; the table is printed, not written")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        corpus = options.corpus or Path(temporary) / "corpus"
        if not options.corpus:
            write_corpus(corpus)
        sdist = options.sdist or sdist_images(Path(temporary) / "pillow")
        files = [(path, False) for path in sorted(corpus.iterdir())] + [(path, True) for path in accepted_in(sdist)]
        ours = Ours()
        results = []
        for path, from_sdist in files:
            if not re.search(options.only, path.name):
                continue
            outcome, detail, mean = outcome_of(path, ours, (224,) if from_sdist else (40, 96))
            results.append((kind_of(path, from_sdist), outcome, detail, mean))
            if options.details and outcome not in (EQUAL, CLOSE, NEITHER):
                print(f"{path.name}: {outcome} {detail}")
    table = table_of(results)
    if options.only:
        print(table)
    else:
        intro = DOCS.read_text().split("<!-- table -->")[0]
        DOCS.write_text(f"{intro}<!-- table -->\n\n{table}\n")
    counts = Counter(outcome for _, outcome, *_ in results)
    print(", ".join(f"{count} {outcome}" for outcome, count in counts.most_common()))
    sys.exit(1 if counts[OTHER] or counts[CRASH] else 0)


if __name__ == "__main__":
    main()
