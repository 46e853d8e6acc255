#!/usr/bin/env bash
# Hugging Face's tokenizers 0.23.3: of two post-processors in a Sequence the second surrounds every piece that the first one made.
#
# One would guess that the processors of a Sequence nest, each adding its tokens around what there is. That is so where BertProcessing or
# RobertaProcessing stand first and a TemplateProcessing follows. In the opposite order the later one treats every part of the template,
# a single special token too, as a text of its own: BertProcessing ends each of the three with its end token, RobertaProcessing begins
# the second and third with one as well. A text of two words gets 8 or 10 tokens instead of 6, with 3 or 5 end tokens, one of them
# before the text; after Bert the type ids are 1 beyond the first part. No error, no warning.
#
# Seen (tokenizers 0.23.3, Python 3.11), "hello world":
#   [Bert C D, Template A text B] and [Roberta C D, Template A text B]: A C hello world D B (nested)
#   [Template A text B, Bert C D]:    C A D hello world D B D
#   [Template A text B, Roberta C D]: C A D D hello world D D B D
#
# Needs Python 3.10 or newer.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${PYTHON:-python3}" -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check tokenizers==0.23.3

cat > "$work/encode.py" <<'PY'
import sys

import tokenizers
from tokenizers import Tokenizer, models, pre_tokenizers
from tokenizers.processors import BertProcessing, RobertaProcessing, Sequence, TemplateProcessing

IDS = {token: id for id, token in enumerate("? hello world A B C D".split())}
template = TemplateProcessing(single="A $A B", pair="A $A B $B B", special_tokens=[("A", IDS["A"]), ("B", IDS["B"])])
bert = BertProcessing(("D", IDS["D"]), ("C", IDS["C"]))
roberta = RobertaProcessing(("D", IDS["D"]), ("C", IDS["C"]), trim_offsets=False, add_prefix_space=False)


def encoded(*processors):
    tokenizer = Tokenizer(models.WordLevel(IDS, unk_token="?"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = Sequence(list(processors))
    encoding = tokenizer.encode("hello world")
    return encoding.tokens, encoding.type_ids


print("tokenizers", tokenizers.__version__)
as_stated = True
for name, found, expected in [
    ("bert, template", encoded(bert, template), "A C hello world D B"),
    ("roberta, template", encoded(roberta, template), "A C hello world D B"),
    ("template, bert", encoded(template, bert), "C A D hello world D B D"),
    ("template, roberta", encoded(template, roberta), "C A D D hello world D D B D"),
]:
    print(f"{name}: {' '.join(found[0])}; type ids {found[1]}")
    as_stated = as_stated and found[0] == expected.split()
sys.exit(0 if as_stated else 1)
PY
"$work/venv/bin/python" "$work/encode.py" && echo "AS STATED" || { echo "CHANGED"; exit 1; }
