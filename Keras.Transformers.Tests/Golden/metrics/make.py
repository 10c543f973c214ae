"""Makes the expected values of the metrics: NAME.json, a list of {name, config, inputs, options, expected}.

    python make.py [folder]

Counts and correlations follow their definitions, written out here in the slowest way. Entities, BLEU and chrF come from the packages seqeval 1.2 and sacrebleu 2.6, stems from nltk, drawn means from numpy.
Cases of the documentation of `evaluate` (its figures, as printed there) are in published.json, which this does not make.
"""
import collections, itertools, json, math, os, random, re, string, sys

FOLDER = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
rnd = random.Random(18)
cases = collections.defaultdict(list)


def case(metric, expected, inputs, options=None, config=None, name=None):
    of = cases[metric]
    of.append({"name": name or f"{metric}-{len(of):02d}", "metric": metric, "config": config, "inputs": inputs, "options": options or {}, "expected": expected})


def plain(value):
    if isinstance(value, float) and math.isnan(value): return "nan"
    return value


# Classes: every quotient from its set of samples.
def quotient(part, whole, zero): return part / whole if whole else zero


def scores(metric, samples, zero):
    """samples: (weight, predicted as the class, is of the class)."""
    tp = sum(w for w, p, t in samples if p and t)
    fp = sum(w for w, p, t in samples if p and not t)
    fn = sum(w for w, p, t in samples if t and not p)
    return {"precision": quotient(tp, tp + fp, zero), "recall": quotient(tp, tp + fn, zero), "f1": quotient(2 * tp, 2 * tp + fp + fn, zero)}[metric]


def mean(values, weights=None):
    kept = [(v, w) for v, w in zip(values, weights or [1] * len(values)) if not math.isnan(v)]
    if not kept: return math.nan
    total = sum(w for _, w in kept)
    return sum(v * w for v, w in kept) / total if total else sum(v for v, _ in kept) / len(kept)


def class_score(metric, p, t, average="binary", labels=None, pos_label=1, sample_weight=None, zero_division="warn"):
    zero = {"warn": 0.0, "nan": math.nan}.get(zero_division, zero_division)
    w = sample_weight or [1] * len(t)
    of = lambda c: [(wi, pi == c, ti == c) for wi, pi, ti in zip(w, p, t)]
    if average == "binary": return scores(metric, of(pos_label), zero)
    labels = labels or sorted(set(p) | set(t))
    if average == "micro": return scores(metric, [s for c in labels for s in of(c)], zero)
    each = [scores(metric, of(c), zero) for c in labels]
    if average == "none": return each
    return mean(each, [sum(wi for wi, ti in zip(w, t) if ti == c) for c in labels] if average == "weighted" else None)


def label_score(metric, p, t, average, sample_weight=None, zero_division="warn", labels=None):
    zero = 0.0 if zero_division == "warn" else zero_division
    w = sample_weight or [1] * len(t)
    columns = labels or range(len(t[0]))
    of = lambda c: [(w[r], p[r][c], t[r][c]) for r in range(len(t))]
    if average == "samples": return mean([scores(metric, [(1, p[r][c], t[r][c]) for c in columns], zero) for r in range(len(t))], w)
    if average == "micro": return scores(metric, [s for c in columns for s in of(c)], zero)
    each = [scores(metric, of(c), zero) for c in columns]
    if average == "none": return each
    return mean(each, [sum(wi for wi, _, ti in of(c) if ti) for c in columns] if average == "weighted" else None)


draw = lambda n, k: [rnd.randrange(k) for _ in range(n)]
weights = lambda n: [round(rnd.random() * 3, 3) for _ in range(n)]
for metric in ("f1", "precision", "recall"):
    for options in ({}, {"pos_label": 0}, {"sample_weight": weights(30)}):
        p, t = draw(30, 2), draw(30, 2)
        case(metric, {metric: class_score(metric, p, t, **options)}, {"predictions": p, "references": t}, options)
    for average, extra in itertools.product(("micro", "macro", "weighted", "none"), ({}, {"labels": [3, 1, 7]}, {"sample_weight": weights(40)})):
        p, t = draw(40, 5), draw(40, 5)
        options = {"average": average, **extra}
        case(metric, {metric: class_score(metric, p, t, **options)}, {"predictions": p, "references": t}, options)
    for zero in (0, 1, "nan", "warn"):
        for average in ("macro", "none", "weighted"):
            p, t = [0, 0, 2, 2, 0], [0, 1, 2, 0, 1]
            labels = [0, 1, 2, 9]
            expected = class_score(metric, p, t, average, labels=labels, zero_division=zero)
            case(metric, {metric: [plain(e) for e in expected] if average == "none" else plain(expected)}, {"predictions": p, "references": t}, {"average": average, "labels": labels, "zero_division": zero})
    for average in ("micro", "macro", "weighted", "none", "samples"):
        p, t = [draw(4, 2) for _ in range(12)], [draw(4, 2) for _ in range(12)]
        for extra in ({}, {"sample_weight": weights(12)}, {"labels": [2, 0]}):
            options = {"average": average, **extra}
            case(metric, {metric: label_score(metric, p, t, **options)}, {"predictions": p, "references": t}, options, "multilabel")

for n in range(4):
    p, t, w = draw(25, 3), draw(25, 3), weights(25)
    right = [a == b for a, b in zip(p, t)]
    case("accuracy", {"accuracy": sum(right) / 25}, {"predictions": p, "references": t})
    case("accuracy", {"accuracy": sum(wi for wi, r in zip(w, right) if r) / sum(w)}, {"predictions": p, "references": t}, {"sample_weight": w})
    case("accuracy", {"accuracy": sum(right)}, {"predictions": p, "references": t}, {"normalize": False})
rows_p, rows_t = [draw(2, 2) for _ in range(9)], [draw(2, 2) for _ in range(9)]
case("accuracy", {"accuracy": sum(a == b for a, b in zip(rows_p, rows_t)) / 9}, {"predictions": rows_p, "references": rows_t}, config="multilabel")


def matthews(p, t, w=None):
    """The correlation of indicator vectors of classes, weighted."""
    w, classes = w or [1] * len(t), sorted(set(p) | set(t))
    cov = lambda x, y: sum(sum(wi * (xi == c) * (yi == c) for wi, xi, yi in zip(w, x, y)) / sum(w)
                           - sum(wi * (xi == c) for wi, xi in zip(w, x)) / sum(w) * sum(wi * (yi == c) for wi, yi in zip(w, y)) / sum(w) for c in classes)
    spread = cov(p, p) * cov(t, t)
    return cov(p, t) / math.sqrt(spread) if spread > 1e-15 else 0.0


for k in (2, 4):
    p, t, w = draw(30, k), [x if rnd.random() < 0.5 else rnd.randrange(k) for x in draw(30, k)], weights(30)
    case("matthews_correlation", {"matthews_correlation": matthews(p, t)}, {"predictions": p, "references": t})
    case("matthews_correlation", {"matthews_correlation": matthews(p, t, w)}, {"predictions": p, "references": t}, {"sample_weight": w})
case("matthews_correlation", {"matthews_correlation": 0.0}, {"predictions": [1, 1, 1], "references": [0, 1, 1]})
p, t = [draw(3, 2) for _ in range(20)], [draw(3, 2) for _ in range(20)]
each = [matthews([r[c] for r in p], [r[c] for r in t]) for c in range(3)]
case("matthews_correlation", {"matthews_correlation": each}, {"predictions": p, "references": t}, config="multilabel")
case("matthews_correlation", {"matthews_correlation": sum(each) / 3}, {"predictions": p, "references": t}, {"average": "macro"}, "multilabel")


# The area: pairs of a sample of the class and another; half a point where scores are equal.
def area(s, t, w=None):
    w = w or [1] * len(t)
    pairs = [(wi * wj, 1 if si > sj else 0.5 if si == sj else 0) for wi, si, ti in zip(w, s, t) if ti for wj, sj, tj in zip(w, s, t) if not tj]
    return sum(a * b for a, b in pairs) / sum(a for a, _ in pairs)


def part_of_area(s, t, limit):
    points = [(0.0, 0.0)] + [(sum(x >= c and not y for x, y in zip(s, t)) / t.count(0), sum(x >= c and y for x, y in zip(s, t)) / t.count(1)) for c in sorted(set(s), reverse=True)]
    height = lambda x: max(a[1] + (b[1] - a[1]) * (x - a[0]) / (b[0] - a[0]) for a, b in zip(points, points[1:]) if a[0] <= x <= b[0] and b[0] > a[0])
    cut = [q for q in points if q[0] <= limit]
    if cut[-1][0] < limit: cut.append((limit, height(limit)))
    a = sum((y[0] - x[0]) * (x[1] + y[1]) / 2 for x, y in zip(cut, cut[1:]))
    low = limit * limit / 2
    return 0.5 * (1 + (a - low) / (limit - low))


s, t, w = [round(rnd.random(), 1) for _ in range(40)], draw(40, 2), weights(40)
case("roc_auc", {"roc_auc": area(s, t)}, {"prediction_scores": s, "references": t})
case("roc_auc", {"roc_auc": area(s, t, w)}, {"prediction_scores": s, "references": t}, {"sample_weight": w})
for limit in (0.1, 0.35, 0.8): case("roc_auc", {"roc_auc": part_of_area(s, t, limit)}, {"prediction_scores": s, "references": t}, {"max_fpr": limit})
t3 = draw(30, 3)
s3 = [[x / sum(row) for x in row] for row in ([rnd.random() + (i == c) * 0.4 for i in range(3)] for c in t3)]
one = lambda c, rows=range(30): area([s3[r][c] for r in rows], [t3[r] == c for r in rows])
ovr = [one(c) for c in range(3)]
counts = [t3.count(c) for c in range(3)]
case("roc_auc", {"roc_auc": sum(ovr) / 3}, {"prediction_scores": s3, "references": t3}, {"multi_class": "ovr"}, "multiclass")
case("roc_auc", {"roc_auc": ovr}, {"prediction_scores": s3, "references": t3}, {"multi_class": "ovr", "average": "none"}, "multiclass")
case("roc_auc", {"roc_auc": mean(ovr, counts)}, {"prediction_scores": s3, "references": t3}, {"multi_class": "ovr", "average": "weighted"}, "multiclass")
case("roc_auc", {"roc_auc": area([x for r in s3 for x in r], [c == k for c in t3 for k in range(3)])}, {"prediction_scores": s3, "references": t3}, {"multi_class": "ovr", "average": "micro"}, "multiclass")
pairs = [(a, b, [r for r in range(30) if t3[r] in (a, b)]) for a, b in itertools.combinations(range(3), 2)]
ovo = [(one(a, rows) + one(b, rows)) / 2 for a, b, rows in pairs]
case("roc_auc", {"roc_auc": sum(ovo) / 3}, {"prediction_scores": s3, "references": t3}, {"multi_class": "ovo"}, "multiclass")
case("roc_auc", {"roc_auc": mean(ovo, [len(rows) for *_, rows in pairs])}, {"prediction_scores": s3, "references": t3}, {"multi_class": "ovo", "average": "weighted"}, "multiclass")
tl = [draw(3, 2) for _ in range(25)]
sl = [[round(rnd.random(), 2) for _ in range(3)] for _ in range(25)]
each = [area([r[c] for r in sl], [r[c] for r in tl]) for c in range(3)]
for average, expected in (("none", each), ("macro", sum(each) / 3), ("weighted", mean(each, [sum(r[c] for r in tl) for c in range(3)])), ("micro", area(sum(sl, []), sum(tl, [])))):
    case("roc_auc", {"roc_auc": expected}, {"prediction_scores": sl, "references": tl}, {"average": average}, "multilabel")


# Numbers.
def pearson(x, y):
    mx, my = math.fsum(x) / len(x), math.fsum(y) / len(y)
    return math.fsum((a - mx) * (b - my) for a, b in zip(x, y)) / math.sqrt(math.fsum((a - mx) ** 2 for a in x) * math.fsum((b - my) ** 2 for b in y))


ranks = lambda x: [sum(b < a for b in x) + (sum(b == a for b in x) + 1) / 2 for a in x]


def chance(r, n):
    """Both tails of Student's t with n - 2 degrees of freedom, by Simpson's rule over the angle of t = sqrt(dof) tan(a)."""
    dof = n - 2
    start = math.atan(abs(r) * math.sqrt(dof / (1 - r * r)) / math.sqrt(dof))
    step = (math.pi / 2 - start) / 20000
    f = lambda a: math.cos(a) ** (dof - 1)
    integral = step / 3 * sum((1 if i in (0, 20000) else 4 if i % 2 else 2) * f(start + i * step) for i in range(20001))
    return 2 * integral * math.exp(math.lgamma((dof + 1) / 2) - math.lgamma(dof / 2)) / math.sqrt(math.pi)


for n in (3, 5, 12, 60, 400):
    x = [round(rnd.gauss(0, 1), 2 if n < 100 else 1) for _ in range(n)]
    y = [round(a * 0.4 + rnd.gauss(0, 1), 1) for a in x]
    for metric, r, p in (("pearsonr", pearson(x, y), "p-value"), ("spearmanr", pearson(ranks(x), ranks(y)), "spearmanr_pvalue")):
        case(metric, {metric: r}, {"predictions": x, "references": y})
        case(metric, {metric: r, p: chance(r, n)}, {"predictions": x, "references": y}, {"return_pvalue": True})
x, y, w = [rnd.gauss(0, 2) for _ in range(12)], [rnd.gauss(0, 2) for _ in range(12)], weights(12)
rx, ry = [x[i:i + 3] for i in range(0, 12, 3)], [y[i:i + 3] for i in range(0, 12, 3)]
for metric, error in (("mse", lambda a, b: (a - b) ** 2), ("mae", lambda a, b: abs(a - b))):
    case(metric, {metric: mean([error(a, b) for a, b in zip(x, y)])}, {"predictions": x, "references": y})
    case(metric, {metric: mean([error(a, b) for a, b in zip(x, y)], w)}, {"predictions": x, "references": y}, {"sample_weight": w})
    columns = [mean([error(a[c], b[c]) for a, b in zip(rx, ry)]) for c in range(3)]
    case(metric, {metric: columns}, {"predictions": rx, "references": ry}, {"multioutput": "raw_values"}, "multilist")
    case(metric, {metric: mean(columns)}, {"predictions": rx, "references": ry}, {}, "multilist")
    case(metric, {metric: mean(columns, [1, 2, 5])}, {"predictions": rx, "references": ry}, {"multioutput": [1, 2, 5]}, "multilist")
    if metric == "mse": case(metric, {metric: mean([math.sqrt(c) for c in columns])}, {"predictions": rx, "references": ry}, {"squared": False}, "multilist")

p, t = draw(30, 2), draw(30, 2)
for task in ("sst2", "mnli", "mnli_mismatched", "mnli_matched", "qnli", "rte", "wnli", "hans"):
    case("glue", {"accuracy": sum(a == b for a, b in zip(p, t)) / 30}, {"predictions": p, "references": t}, config=task)
for task in ("mrpc", "qqp"): case("glue", {"accuracy": sum(a == b for a, b in zip(p, t)) / 30, "f1": class_score("f1", p, t)}, {"predictions": p, "references": t}, config=task)
case("glue", {"matthews_correlation": matthews(p, t)}, {"predictions": p, "references": t}, config="cola")
case("glue", {"pearson": pearson(x, y), "spearmanr": pearson(ranks(x), ranks(y))}, {"predictions": x, "references": y}, config="stsb")

# Entities: by the package.
from seqeval import scheme as schemes
from seqeval.metrics import accuracy_score, classification_report

tags = {"IOB1": "IOB", "IOB2": "IOB", "IOE1": "IOE", "IOE2": "IOE", "IOBES": "IOBES", "BILOU": "BILOU", None: "IOBES"}


def seqeval(p, t, suffix=False, scheme=None, mode=None, zero_division="warn"):
    report = classification_report(t, p, suffix=suffix, output_dict=True, scheme=getattr(schemes, scheme) if scheme else None, mode=mode, zero_division=zero_division)
    whole = report["micro avg"]
    result = {k: {"precision": v["precision"], "recall": v["recall"], "f1": v["f1-score"], "number": v["support"]} for k, v in report.items() if not k.endswith(" avg")}
    return {**result, "overall_precision": whole["precision"], "overall_recall": whole["recall"], "overall_f1": whole["f1-score"], "overall_accuracy": accuracy_score(t, p)}


number = lambda v: {k: number(x) for k, x in v.items()} if isinstance(v, dict) else v.item() if hasattr(v, "item") else v


def texts(prefixes, suffix):
    make = lambda: "O" if (c := rnd.choice(prefixes)) == "O" else (rnd.choice(["PER", "LOC", "A-B"]) + "-" + c if suffix else c + "-" + rnd.choice(["PER", "LOC", "A-B"]))
    return [[make() for _ in range(n)] for n in (1, 6, 12, 30, 60)]


for scheme, prefixes in tags.items():
    for mode, suffix in itertools.product((None, "strict"), (False, True)):
        if scheme is None and mode == "strict": continue
        for zero in ("warn", 1):
            t = texts(prefixes, suffix)
            p = [[a if rnd.random() < 0.6 else b for a, b in zip(x, y)] for x, y in zip(t, texts(prefixes, suffix))]
            options = {k: v for k, v in {"scheme": scheme, "mode": mode, "suffix": suffix or None, "zero_division": zero}.items() if v is not None}
            case("seqeval", number(seqeval(p, t, **options)), {"predictions": p, "references": t}, options)
for scheme in ("IOB2", "IOE2", "IOBES", "BILOU"):
    t = texts(tags[scheme], False)
    p = [[a if rnd.random() < 0.8 else b for a, b in zip(x, y)] for x, y in zip(t, texts(tags[scheme], False))]
    case("seqeval", number(seqeval(p, t, mode="strict")), {"predictions": p, "references": t}, {"mode": "strict"})
case("seqeval", number(seqeval([["O", "O"]], [["O", "O"]], zero_division=1)), {"predictions": [["O", "O"]], "references": [["O", "O"]]}, {"zero_division": 1})
case("seqeval", number(seqeval([["B", "I", "O", "B-"]], [["B", "I", "O", "I-X"]])), {"predictions": [["B", "I", "O", "B-"]], "references": [["B", "I", "O", "I-X"]]})

# Translations: by the package.
from sacrebleu.metrics import BLEU, CHRF

hard = ["It's 3.5% (or $1,200.50) -- isn't it? \"Yes\", he said: a/b_c [x] {y}.", "The U.S.A. & U.K. sign&lt;ed&gt; a well-known e-mail@x.org; 1990-2000!", "Ein Öl- und Gasfeld, «déjà vu»… 😀 costs €5,–!", "",
        "在2020年，北京的GDP增长了3.5%（约¥1,000亿）。“好的”，他说……", "これは日本語のテキストです。123円！", "한국어 텍스트, 3.14!", "a\tb\u00a0c\u2003d \u3000 e", "   leading and trailing   ", "𝒳 + 𝒴 = 𠀀𠀁, ½ cup №5 ™",
        "x-\ny <skipped> z &quot;quoted&quot; &amp;amp;", "end 2019.", "1,000,000.5.6,7", "no-break 5-6 a5-b", "⅓ ² Ⅷ 4th‑5th — “quotes” ‘s’ ¿qué?"]
words = "the a cat dog sat on mat big red house of and in to runs fast green tree , .".split()
sentence = lambda n: " ".join(rnd.choice(words) for _ in range(n))
noisy = lambda text: " ".join(w for w in text.split(" ") if rnd.random() < 0.8) + (" " + rnd.choice(words) if rnd.random() < 0.5 else "")
systems = [(hard, [[noisy(h), h.upper() if i % 3 else h + " more"] for i, h in enumerate(hard)])]
for n in (1, 3, 12):
    refs = [[sentence(rnd.randrange(1, 15)) for _ in range(2)] for _ in range(12)]
    systems.append(([noisy(r[0]) for r in refs], refs))
systems.append((["xyz"], [["the cat"]]))
systems.append((["the cat"], [["the cat sat on the mat"]]))


def bleu(p, r, **options):
    effective = options.pop("use_effective_order", False)
    score = BLEU(effective_order=effective, **options)
    out = score.corpus_score(p, [list(c) for c in zip(*r)])
    return {"score": out.score, "counts": list(out.counts), "totals": list(out.totals), "precisions": out.precisions, "bp": out.bp, "sys_len": out.sys_len, "ref_len": out.ref_len}, str(score.get_signature())


for p, r in systems:
    for options in ({}, {"tokenize": "intl"}, {"tokenize": "char"}, {"tokenize": "none"}, {"tokenize": "zh"}, {"lowercase": True}, {"smooth_method": "none"}, {"smooth_method": "floor"}, {"smooth_method": "floor", "smooth_value": 0.5},
                    {"smooth_method": "add-k"}, {"smooth_method": "add-k", "smooth_value": 2.5}, {"use_effective_order": True}, {"smooth_method": "none", "use_effective_order": True}):
        expected, signature = bleu(p, r, **options)
        case("sacrebleu", expected, {"predictions": p, "references": r}, options)
        cases["sacrebleu"][-1]["signature"] = signature.rsplit("|version", 1)[0]
    for options in ({}, {"word_order": 2}, {"word_order": 2, "lowercase": True}, {"whitespace": True}, {"eps_smoothing": True, "word_order": 1}, {"char_order": 3, "beta": 1}):
        score = CHRF(**options)
        out = score.corpus_score(p, [list(c) for c in zip(*r)])
        case("chrf", {"score": out.score, "char_order": out.char_order, "word_order": out.word_order, "beta": out.beta}, {"predictions": p, "references": r}, options)
        cases["chrf"][-1]["signature"] = str(score.get_signature()).rsplit("|version", 1)[0]
for h in hard:
    for tokenizer in ("13a", "intl", "char", "zh", "none"):
        cases["sacrebleu_words"].append({"name": f"{tokenizer}: {h[:20]!r}", "tokenize": tokenizer, "text": h, "expected": BLEU(tokenize=tokenizer).tokenizer(h.rstrip()).split()})


def nmt_bleu(p, r, max_order=4, smooth=False):
    cut = lambda text: BLEU().tokenizer(text).split()
    grams = lambda w, n: collections.Counter(tuple(w[i:i + n]) for i in range(len(w) - n + 1))
    pairs = [(cut(a), [cut(x) for x in b]) for a, b in zip(p, r)]
    precisions = []
    for n in range(1, max_order + 1):
        found = sum(min(c, max(grams(x, n)[g] for x in b)) for a, b in pairs for g, c in grams(a, n).items())
        possible = sum(max(0, len(a) - n + 1) for a, _ in pairs)
        precisions.append((found + 1) / (possible + 1) if smooth else found / possible if possible else 0.0)
    length, reference = sum(len(a) for a, _ in pairs), sum(min(map(len, b)) for _, b in pairs)
    penalty = 1.0 if length > reference else math.exp(1 - reference / length)
    product = math.prod(precisions) ** (1 / max_order)
    return {"bleu": product * penalty, "precisions": precisions, "brevity_penalty": penalty, "length_ratio": length / reference, "translation_length": length, "reference_length": reference}


for p, r in systems[1:]:
    for options in ({}, {"max_order": 2}, {"smooth": True}): case("bleu", nmt_bleu(p, r, **options), {"predictions": p, "references": r}, options)

# Summaries.
from nltk.stem.porter import PorterStemmer
import numpy

stemmer = PorterStemmer()


def rouge_words(text, stem): return [stemmer.stem(w) if stem and len(w) > 3 else w for w in re.findall("[a-z0-9]+", text.lower())]


def f1(common, reference, predicted):
    a, b = common / max(1, predicted), common / max(1, reference)
    return 2 * a * b / (a + b) if a + b else 0.0


def longest(a, b):
    """One of the longest common subsequences, as places in a: from the end, the later word of a is given up first unless that loses."""
    table = {}
    for i in range(len(a) + 1):
        for j in range(len(b) + 1): table[i, j] = 0 if not i or not j else table[i - 1, j - 1] + 1 if a[i - 1] == b[j - 1] else max(table[i - 1, j], table[i, j - 1])
    i, j, places = len(a), len(b), set()
    while i and j:
        if a[i - 1] == b[j - 1]: i, j = i - 1, j - 1; places.add(i)
        elif table[i, j - 1] > table[i - 1, j]: j -= 1
        else: i -= 1
    return places


def rouge_one(kind, reference, text, stem):
    a, b = rouge_words(reference, stem), rouge_words(text, stem)
    if kind == "rougeL": return f1(len(longest(a, b)), len(a), len(b))
    if kind == "rougeLsum":
        ra, rb = [[rouge_words(s, stem) for s in x.split("\n") if s] for x in (reference, text)]
        left_a, left_b, hits = collections.Counter(sum(ra, [])), collections.Counter(sum(rb, [])), 0
        for s in ra:
            for place in sorted(set().union(*[longest(s, c) for c in rb])):
                if left_a[s[place]] and left_b[s[place]]: left_a[s[place]] -= 1; left_b[s[place]] -= 1; hits += 1
        return f1(hits, len(sum(ra, [])), len(sum(rb, [])))
    n = int(kind[5])
    ga, gb = [collections.Counter(tuple(x[i:i + n]) for i in range(len(x) - n + 1)) for x in (a, b)]
    return f1(sum((ga & gb).values()), sum(ga.values()), sum(gb.values()))


story = lambda: "\n".join(sentence(rnd.randrange(3, 12)).capitalize() for _ in range(rnd.randrange(1, 4)))
p = [story() for _ in range(6)] + ["The runner's quickly running; dogs, 3 ponies!", "", "naïve CAFÉ relational conditional"]
r = [[story(), story()] for _ in range(6)] + [["A runner ran quick; the pony's dog 3", "x"], ["something", "b"], ["naive cafe relate condition", "y z"]]
kinds = ["rouge1", "rouge2", "rouge3", "rougeL", "rougeLsum"]
for stem in (False, True):
    each = {k: [max(rouge_one(k, x, a, stem) for x in b) for a, b in zip(p, r)] for k in kinds}
    case("rouge", each, {"predictions": p, "references": r}, {"rouge_types": kinds, "use_aggregator": False, "use_stemmer": stem})
    case("rouge", {k: sum(v) / len(v) for k, v in each.items()}, {"predictions": p, "references": r}, {"rouge_types": kinds, "use_stemmer": stem})
    for seed in (0, 42):
        numpy.random.seed(seed)
        expected = {}
        for k in kinds:
            means = [numpy.mean(numpy.array(each[k])[numpy.random.choice(numpy.arange(len(p)), size=len(p))]) for _ in range(1000)]
            expected[k] = float(numpy.percentile(means, 50))
        case("rouge", expected, {"predictions": p, "references": r}, {"rouge_types": kinds, "use_stemmer": stem})
        cases["rouge"][-1]["seed"] = seed
stems = "caresses ponies ties caress cats feed agreed disabled matting mating meeting milling messing meetings happy enjoy sky skies dying flies dies spied died relational conditional rational valency hesitancy digitizer conformably radically differently vilely analogously vietnamization predication operator feudalism decisiveness hopefulness callousness formality sensitivity sensibility triplicate formative formalize electricity electrical hopeful goodness revival allowance inference airliner gyroscopic adjustable defensible irritant replacement adjustment dependent adoption homologou communism activate angularity homologous effective bowdlerize probate rate cease controlling rolling geology theology archaeology proceed innings news oed ying yyyy sayings buying tried spy fully beautifully nationally generally operational controllable falling hopping filing fizzed tanned hissing"
cases["stems"] = [{"name": w, "expected": stemmer.stem(w)} for w in stems.split()]

# Answers.
normal = lambda s: " ".join(re.sub(r"\b(a|an|the)\b", " ", "".join(c for c in s.lower() if c not in set(string.punctuation))).split())


def words_f1(a, b, empty=False):
    a, b = normal(a).split(), normal(b).split()
    if empty and not (a and b): return float(a == b)
    same = sum((collections.Counter(a) & collections.Counter(b)).values())
    return 2 * same / (len(a) + len(b)) if same else 0.0


answers = [("Denver Broncos", ["Denver Broncos", "the Broncos"]), ("the  A Carolina, Panthers!", ["Carolina Panthers"]), ("1976", ["In 1976", "1976."]), ("nothing at all", ["an answer"]), ("", ["the"]), ("The-end: théa a\u0301b “quoted”", ["theend théa ́b quoted"]),
           ("ÀB İx", ["àb i̇x", "an ab"])]
predictions = [{"id": str(i), "prediction_text": a} for i, (a, _) in enumerate(answers)]
references = [{"id": str(i), "answers": {"text": b, "answer_start": [0] * len(b)}} for i, (_, b) in enumerate(answers)]
case("squad", {"exact_match": 100 * sum(max(normal(x) == normal(a) for x in b) for a, b in answers) / len(answers), "f1": 100 * sum(max(words_f1(x, a) for x in b) for a, b in answers) / len(answers)}, {"predictions": predictions, "references": references})


def squad_v2(rows, limit):
    """rows: (prediction, probability of no answer, answers)."""
    result, scored = {}, []
    for text, none, truth in rows:
        kept = [x for x in truth if normal(x)] or [""]
        scored.append((float(max(normal(x) == normal(text) for x in kept)), max(words_f1(x, text, True) for x in kept), none, bool(truth), bool(text)))
    cut = lambda s, k: s[k] if s[2] <= limit else float(not s[3])
    for prefix, part in (("", scored), ("HasAns_", [s for s in scored if s[3]]), ("NoAns_", [s for s in scored if not s[3]])):
        if part: result.update({prefix + "exact": 100 * sum(cut(s, 0) for s in part) / len(part), prefix + "f1": 100 * sum(cut(s, 1) for s in part) / len(part), prefix + "total": len(part)})
    for k, name in ((0, "exact"), (1, "f1")):
        best = now = sum(not s[3] for s in scored)
        at = 0.0
        for s in sorted(scored, key=lambda s: s[2]):
            now += s[k] if s[3] else -1 if s[4] else 0
            if now > best: best, at = now, s[2]
        result.update({f"best_{name}": 100 * best / len(scored), f"best_{name}_thresh": at})
    return result


rows = [("Denver Broncos", 0.1, ["Denver Broncos", "Broncos"]), ("", 0.9, []), ("wrong", 0.4, []), ("the Panthers team", 0.6, ["Carolina Panthers"]), ("in 1976", 0.2, ["1976"]), ("", 0.95, ["the"]), ("a", 0.3, ["x", "the"])]
for limit in (1.0, 0.5):
    case("squad_v2", squad_v2(rows, limit), {"predictions": [{"id": str(i), "prediction_text": a, "no_answer_probability": n} for i, (a, n, _) in enumerate(rows)],
                                             "references": [{"id": str(i), "answers": {"text": t, "answer_start": [0] * len(t)}} for i, (_, _, t) in enumerate(rows)]}, {} if limit == 1 else {"no_answer_threshold": limit})

for metric, of in cases.items():
    with open(os.path.join(FOLDER, f"{metric}.json"), "w", encoding="utf-8", newline="\n") as file:
        file.write("[\n" + ",\n".join(json.dumps(c, ensure_ascii=False, allow_nan=False) for c in of) + "\n]\n")
