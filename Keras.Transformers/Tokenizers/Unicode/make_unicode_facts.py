"""Makes UnicodeFacts.txt: what Hugging Face's fast BERT tokenizer knows about every code point.

    python make_unicode_facts.py > UnicodeFacts.txt        (needs the package tokenizers; made with 0.20.3)

The facts are those of Unicode, but of the versions that the reference was built with: its punctuation and mark categories
are older than its decompositions. So they are asked of its components, one code point at a time, instead of being taken
from one edition of the Unicode database. A rerun gives the same bytes.
"""
from tokenizers import normalizers, pre_tokenizers

SCALARS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
HANGUL = range(0xAC00, 0xAC00 + 11172)  # decomposed by rule


def bert(**on):
    options = dict(clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=False)
    return normalizers.BertNormalizer(**{**options, **on}).normalize_str


def ranges(points):
    runs = []
    for c in sorted(points):
        if runs and runs[-1][1] == c - 1:
            runs[-1][1] = c
        else:
            runs.append([c, c])
    return " ".join(f"{a:X}" if a == b else f"{a:X}-{b:X}" for a, b in runs)


clean, chinese, strip, nfd = bert(clean_text=True), bert(handle_chinese_chars=True), bert(strip_accents=True), normalizers.NFD().normalize_str
pieces = pre_tokenizers.BertPreTokenizer().pre_tokenize_str


def pieces_around(c):
    return len(pieces("a" + chr(c) + "a"))


def combining_classes():
    """Canonical combining classes, seen in how NFD orders two marks: a mark moves before another of a greater class."""
    def moves(first, second):
        return first != second and nfd("a" + first + second) == "a" + second + first

    plain = [c for c in SCALARS if nfd(chr(c)) == chr(c)]
    marks = [c for c in plain if moves("\u0345", chr(c)) or moves("\u0301", chr(c)) or moves(chr(c), "\u0334")]
    order = {}
    for c in marks:  # class = number of known classes above its own; named by Unicode's value below
        order[c] = sum(moves(chr(m), chr(c)) for m in KNOWN_CLASSES)
    names = {}
    for m, value in KNOWN_CLASSES.items():
        names[sum(moves(chr(k), chr(m)) for k in KNOWN_CLASSES)] = value
    by_class = {}
    for c in marks:
        by_class.setdefault(names[order[c]], []).append(c)
    return by_class


# One mark of each class that Unicode uses.
KNOWN_CLASSES = {
    0x0334: 1, 0x093C: 7, 0x3099: 8, 0x094D: 9, 0x05B0: 10, 0x05B1: 11, 0x05B2: 12, 0x05B3: 13, 0x05B4: 14, 0x05B5: 15,
    0x05B6: 16, 0x05B7: 17, 0x05B8: 18, 0x05B9: 19, 0x05BB: 20, 0x05BC: 21, 0x05BD: 22, 0x05BF: 23, 0x05C1: 24, 0x05C2: 25, 0xFB1E: 26,
    0x064B: 27, 0x064C: 28, 0x064D: 29, 0x064E: 30, 0x064F: 31, 0x0650: 32, 0x0651: 33, 0x0652: 34, 0x0670: 35, 0x0711: 36, 0x0C55: 84,
    0x0C56: 91, 0x0E38: 103, 0x0E48: 107, 0x0EB8: 118, 0x0EC8: 122, 0x0F71: 129, 0x0F72: 130, 0x0F74: 132, 0x0321: 202, 0x1DCE: 214,
    0x031B: 216, 0x302A: 218, 0x0316: 220, 0x059A: 222, 0x302E: 224, 0x1D16D: 226, 0x05AE: 228, 0x0301: 230, 0x0315: 232, 0x035C: 233,
    0x035D: 234, 0x0345: 240,
}

print("# What Hugging Face's fast BERT tokenizer (tokenizers 0.20.3) knows about code points. Made by make_unicode_facts.py; do not edit.")
print("removed", ranges(c for c in SCALARS if clean(chr(c)) == ""))
print("space", ranges(c for c in SCALARS if pieces_around(c) == 2))
print("punctuation", ranges(c for c in SCALARS if pieces_around(c) == 3))
print("ideograph", ranges(c for c in SCALARS if chinese(chr(c)) != chr(c)))
print("mark", ranges(c for c in SCALARS if nfd(chr(c)) == chr(c) and strip(chr(c)) == ""))
for value, points in sorted(combining_classes().items()):
    print("class", value, ranges(points))
print("decomposition", " ".join(
    f"{c:X}=" + ".".join(f"{ord(d):X}" for d in nfd(chr(c))) for c in SCALARS if c not in HANGUL and nfd(chr(c)) != chr(c)))
