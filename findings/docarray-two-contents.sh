#!/usr/bin/env bash
# docarray 0.21.0: of two contents a Document keeps the one of a fixed rank when it is made, and the last one when they are set.
#
# A document has one content, so that the second of two drops the first: one would guess the later one stays, as it does when `text`,
# `blob` and `tensor` are set one after the other. A constructor, from_dict and from_json keep the tensor, else the blob, else the text, in
# whatever order they stand, and say nothing; with protocol='protobuf' the same JSON is refused (ParseError, "multiple content oneof
# fields"). JSON of a picture with a caption beside it loses the caption, without a word.
#
# Seen (docarray 0.21.0, jina-hubble-sdk 0.39.0, pydantic 1.10.26, protobuf 3.20.3, Python 3.10):
#   d.blob, then d.text: keeps text       Document(blob=…, text=…), from_dict, from_json: keep blob
#   d.tensor, then d.text: keeps text     Document(tensor=…, text=…), from_dict, from_json: keep tensor
#   d.tensor, then d.blob: keeps blob     Document(tensor=…, blob=…), from_dict, from_json: keep tensor
#   from_json(…, protocol='protobuf') of blob and text, either order: ParseError
#
# Needs Python 3.8 to 3.11: PYTHON=python3.10 findings/docarray-two-contents.sh
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${PYTHON:-python3}" -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check docarray==0.21.0 jina-hubble-sdk==0.39.0 numpy==1.26.4 protobuf==3.20.3 pydantic==1.10.26

cat > "$work/contents.py" <<'PY'
import json
import sys

import docarray
import numpy as np
from docarray import Document
from google.protobuf.json_format import ParseError

PLAIN = {"text": "a cat", "blob": b"x", "tensor": np.zeros(2)}
AS_JSON = {"text": "a cat", "blob": "eA==", "tensor": [0, 0]}
RANK = ["text", "blob", "tensor"]


def kept(document):
    return [name for name in RANK if getattr(document, name) is not None and len(getattr(document, name)) > 0]


def set_in_turn(*names):
    document = Document()
    for name in names:
        setattr(document, name, PLAIN[name])
    return kept(document)


print("docarray", docarray.__version__)
as_stated = True
for first in RANK:
    for second in RANK:
        if first == second:
            continue
        made = [
            kept(Document(**{name: PLAIN[name] for name in (first, second)})),
            kept(Document.from_dict({name: AS_JSON[name] for name in (first, second)})),
            kept(Document.from_json(json.dumps({name: AS_JSON[name] for name in (first, second)}))),
        ]
        in_turn = set_in_turn(first, second)
        print(f"{first}, then {second}: made with both keeps {made}, set in turn keeps {in_turn}")
        as_stated = as_stated and made == [[max(first, second, key=RANK.index)]] * 3 and in_turn == [second]
for names in (("text", "blob"), ("blob", "text")):
    try:
        Document.from_json(json.dumps({name: AS_JSON[name] for name in names}), protocol="protobuf")
        as_stated = False
    except ParseError as error:
        print(f"protocol='protobuf', {names}: ParseError {str(error)[:60]}…")
sys.exit(0 if as_stated else 1)
PY
"$work/venv/bin/python" "$work/contents.py" && echo "AS STATED" || { echo "CHANGED"; exit 1; }
