"""Texts that tokenizers differ on, and a corpus whose letters and words their vocabularies are drawn from."""

import random
import unicodedata

CORPUS = """a photo of a cat and two cats on the table
it's the dog's ball, we'll see (maybe) 100% true: 3.14159 + 2 = 5?
das Mädchen läuft über die Straße und isst Äpfel
¿dónde está el gato? mañana por la tarde, ¡sí!
le café déjà vu près de la forêt à Noël
ΟΔΟΣ οδός Ελληνικά γράμματα σς
Привет мир это кошка на столе Ёлка
一只猫的照片 猫の写真 ねこのしゃしん 고양이 사진
tiếng Việt mến yêu được
hello world hello there hellohello aaaa abab banana
😀 🚀 ❤️ … — “quotes” ½ ² ①""".splitlines()

FIXED = [
    *["", " ", "  ", "\n", "a", " a", "a ", "  a  b  ", "a\tb\nc\r\nd", "a\u0085b", "a\u00a0b", "a\u200bb", "a\u200db", "a\ufeffb", "a\u3000b", "\u2028x", "a\u180eb", "\x00a\x01"],
    *["café, crème", "cafe\u0301", "ΟΔΟΣ", "ΟΔΟΣ ΣΑΣ. Σ", "İstanbul I ı", "ẞ ß ﬁ ﬀ", "x² ½ Ⅷ ٣ ३ 12 3", "a1b22c333", "१२३४", "a'ſ b'S c'll d'LL", "don't DON'T we'll 'S ſ's"],
    *["me\u0302\u0301n ye\u0302u", "mến yêu", "\u1112\u1161\u11ab\u1100\u1173\u11af 한글", "ｶﾞ ﾊﾟ カ\u3099", "Ａｂｃ１２３", "①㍿™ \u00ad～", "e\u0302", "a\u0308\u0301", "\u0301a", "é\u0301é"],
    *["一只猫", "猫と犬 고양이", "𠀀𠀁 𫠠𬺡 豈", "ไทย ភាសា မြန်", "مُحَمَّد שָׁלוֹם", "हिन्दी नमस्ते", "👍🏽 👨‍👩‍👧 🇩🇪🇫🇷 1️⃣", "a😀b 😀😀"],
    *["...", "a.b,c;d", "!?!?", "---", "a - b", "a_b __x__", "a+b=c <d> $e ^f `g |h ~i", "«a» „b“ ‘c’ …", "‿⁀ 〆 ・ 、。", "a/b\\c", "@#%&*"],
    *["<mask>", "a <mask> b", "cat", "cat cats concat cat", "CAT  CAT x", "(cat) cat_ cat1 1cat", "<|x|>", "<|x|><|x|><|x|>", "a<|x|>b", "É é E\u0301", "cats  dog", "<unk> unk", "▁a ▁", "a▁b"],
    *["aaaaaaaaaaaaaaaaaaaaaaaaaa", "abababababababababababababab", "bananabananabananabanana", "hellohellohellohello" * 3, "x" * 25, "Straßenbahnhaltestelle", "猫" * 15, "e" * 7, " " * 9 + "e" + " " * 5],
]

ALPHABETS = [
    "abehlnot  ",
    "catCAT<|x|>mask ",
    "aäàáéëñßÄÉ\u0301\u0308\u0302 ",
    "ΟΔΣσςοά .",
    "猫犬一只のねこ고양이 a",
    "0123456789²½Ⅷ٣१ a.",
    " \t\n\r\u0085\u00a0\u2009\u3000\u200b\ufeffab",
    "!?.,;:-_()'\"…—«»„“ab ",
    "😀🚀❤\ufe0f\u200d👍🏽🇩🇪 a",
    "ếêeệ\u0302\u0301\u0323 mny",
    "가각\u1100\u1161\u11a8ｶﾞﾊﾟ\u3099 ",
]


def drawn_texts(count: int, seed: int) -> list[str]:
    """The fixed ones, then drawn ones; without `count`, as many of these as there are alphabets, twice."""
    draw = random.Random(seed)
    words = [word for line in CORPUS for word in line.split()]
    drawn = []
    for at in range(max(0, count - len(FIXED)) if count else 2 * len(ALPHABETS)):
        if at % 5 == 4:
            drawn.append((" " * draw.choice([1, 1, 2])).join(draw.choice(words) for _ in range(draw.randint(1, 12))))
        elif at % 5 == 3 and count:
            drawn.append("".join(_assigned(draw) for _ in range(draw.randint(1, 12))))
        else:
            alphabet = ALPHABETS[at % len(ALPHABETS)]
            drawn.append("".join(draw.choice(alphabet) for _ in range(draw.randint(1, 30))))
    return [*FIXED, *drawn]


def _assigned(draw: random.Random) -> str:
    """A character that Python's Unicode knows; whether a newer one is a letter depends on the version of the runtime."""
    while True:
        character = chr(draw.choice([draw.randrange(0x20, 0x3000), draw.randrange(0x20, 0x11000), draw.randrange(0x20000)]))
        if unicodedata.category(character) not in ("Cs", "Cn"):
            return character
