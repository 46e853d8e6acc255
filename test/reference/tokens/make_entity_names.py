"""
Makes libs/clip/src/tokenizer/html-entity-names.ts: the names of characters in HTML 5, as Python's `html.entities` has them
(https://html.spec.whatwg.org/entities.json).

    python test/reference/tokens/make_entity_names.py
"""

from html.entities import html5
from pathlib import Path
from textwrap import wrap

TARGET = Path(__file__).resolve().parents[3] / "libs" / "clip" / "src" / "tokenizer" / "html-entity-names.ts"

HEAD = """/**
 * The names of characters in HTML 5 (https://html.spec.whatwg.org/entities.json): each with its character's code points in
 * hexadecimal, joined by `+`; after `!` instead of `=` where the name also counts without its semicolon. Made by
 * `test/reference/tokens/make_entity_names.py`.
 */
export const HTML_ENTITY_NAMES = `
"""


def main():
    names = sorted(name[:-1] for name in html5 if name.endswith(";"))
    assert all(name.endswith(";") or html5[name] == html5[name + ";"] for name in html5)
    entries = []
    for name in names:
        points = "+".join(f"{ord(character):x}" for character in html5[name + ";"])
        entries.append(f"{name}{'!' if name in html5 else '='}{points}")
    lines = wrap(" ".join(entries), width=128, break_long_words=False, break_on_hyphens=False)
    TARGET.write_text(HEAD + "\n".join(lines) + "\n`;\n", encoding="ascii")
    print(len(names), "names")


if __name__ == "__main__":
    main()
