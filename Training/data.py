"""Loads the question and entailment sets, splits them by document, and derives hard wrong lines from right ones.

Forms of the lines: ../shared/training/README.md. Only sources with a stated licence are trained on; the others judge.
"""
from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path

import torch

import facts

CLS, SEP = 101, 102
LABELS = ("supported", "contradicted", "not_enough")

# The first words of each of the 20 articles of squad2-dev20, which stand one after another; True: it has unanswerable questions by people.
ARTICLES = {
    "The 1973 oil crisis": True, "Computational complexity theory": True, "Construction is the process": False, "e for Development Economics": False,
    "European Union law is": True, "The French and Indian War": True, "There are three major types of rock": False, "Established originally by": True,
    "Huguenot numbers peaked": True, "The immune system is": True, "Jacksonville is the largest": False, "Oxygen is a chemical": False,
    "Starting in the late 1950s": True, "The word pharmacy": False, "Following a referendum in 1997": True, "Formed in November 1990": False,
    "Southern California, often": False, "The economy of Victoria": False, "Warsaw (Polish": True, "The Yuan dynasty (Chinese": True,
}
# A quarter of them, every fourth, is never trained on; two more fix the calibration.
UNSEEN = tuple(ARTICLES)[3::4]
CALIBRATION = "The 1973 oil crisis", "Huguenot numbers peaked"
# Words that would bring an article that is not trained on in by another source.
UNSEEN_WORDS = re.compile(r"Harvard|Huguenot|oil crisis|OPEC|Oxygen|oxygen|BSkyB|Sky Television|Yuan dynasty|Kublai|Gini|income inequality|economic inequality")

# Whole sources that are never trained on, though their licence would allow it.
HELD_SOURCES = ("wice", "narrativeqa-part", "mrqa-duorc")
# How many lines of a source are taken, and how often each. People's own unanswerable questions are rare and count most.
QUESTIONS = {"squad2-dev20": (99999, 4), "squad1-train-part": (2500, 1), "squad1-train-sentences": (4000, 1), "boolq-dev": (800, 1),
             "qnli-dev": (1736, 2), "tatqa-text": (600, 1)}
STATEMENTS = {"snli-dev-test": (8000, 1), "mnli-dev": (9782, 1), "fever-gold": (6000, 1), "fever-symmetric": (1040, 2), "begin": (1500, 1)}


def read(folder, name, language="en"):
    with gzip.open(Path(folder) / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        return [row for row in map(json.loads, file) if row["lang"] == language]


def articles(folder):
    """Lines of squad2-dev20 by article."""
    found, current, of_passage = {name: [] for name in ARTICLES}, None, {}
    for row in read(folder, "squad2-dev20"):
        passage = row["passage"]
        if passage not in of_passage:
            current = next((name for name in ARTICLES if passage.startswith(name)), current)
            of_passage[passage] = current
        found[of_passage[passage]].append(row)
    assert all(found.values()), [name for name, rows in found.items() if not rows]
    return found


def calibration(folder):
    found = articles(folder)
    return [row for name in CALIBRATION for row in found[name]]


def held_back(text, share=0.05):
    """A twentieth of the documents of every other source is kept to look at the training; the same ones in every run."""
    return int(hashlib.md5(text.encode()).hexdigest()[:8], 16) < share * 0xFFFFFFFF


# ---- wrong lines made of right ones

NUMBER = re.compile(r"\b\d[\d,.:]*\d\b|\b\d\b")
NAME = re.compile(r"(?<![.!?] )(?<!^)\b[A-Z][\w'-]+(?: [A-Z][\w'-]+)*")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"“(\[])")
SUBJECT = re.compile(r"^((?:The |An? |This |Its |Their )?[\w'’ -]{3,45}?) (is|was|has|had|are|were|have|can|may|must|will|became|made|used"
                     r"|contains?|includes?|began|led) (.{12,200})$")
PLURAL = ("are", "were", "have")
OPPOSITES = [pair.split("/") for pair in (
    "first/last before/after largest/smallest highest/lowest more/less most/least northern/southern north/south east/west eastern/western increase/decrease "
    "increased/decreased begin/end began/ended won/lost oldest/youngest male/female minimum/maximum earliest/latest early/late best/worst always/never "
    "inside/outside public/private positive/negative old/new high/low large/small major/minor higher/lower larger/smaller longer/shorter allowed/forbidden "
    "accepted/rejected above/below internal/external upper/lower left/right strong/weak common/rare same/different all/none rich/poor buy/sell").split()]
OPPOSITE = {a: b for pair in OPPOSITES for a, b in (pair, pair[::-1])}
DENIALS = ((" is ", " is not "), (" was ", " was not "), (" are ", " are not "), (" were ", " were not "), (" can ", " cannot "), (" has ", " has never "),
           (" had ", " had never "), (" will ", " will not "), (" may ", " may not "))
SMALL = set("the a an of in on at to for by with from and or is was are were be been it its this that these those as what which who whom whose when where how "
            "why did do does has have had many much not no most some any their his her he she they there than into about during after before".split())


def sentences(text):
    return [part for part in SENTENCE_END.split(text.replace("\n", " ")) if part.strip()]


def other_number_or_name(text, passage, rng):
    """The text with one number or name exchanged for another one of the passage."""
    for kind in rng.sample((NUMBER, NAME), 2):
        mine = kind.findall(text)
        others = sorted({o for o in kind.findall(passage) if o not in text and not any(m in o or o in m for m in mine)})
        if mine and others:
            return text.replace(rng.choice(mine), rng.choice(others), 1)


def opposite(text, passage, rng):
    words = [w for w in text.split() if w in OPPOSITE and OPPOSITE[w] not in passage.lower()]
    if words:
        word = rng.choice(words)
        return re.sub(rf"(?<!\w){word}(?!\w)", OPPOSITE[word], text, count=1)


def akin(text, passage, rng):
    """Another kind of the same thing: "refresh token" for "access token", where the passage speaks of both."""
    words = re.findall(r"[\w-]+", text)
    found = []
    for first, second in zip(words, words[1:]):
        if first.lower() in SMALL or second.lower() in SMALL or first[0].isupper():
            continue
        for other in re.findall(rf"([a-z-]{{4,}}) {re.escape(second)}\b", passage):
            if other not in SMALL and other not in text.lower():
                found.append((f"{first} {second}", f"{other} {second}"))
    if found:
        old, new = rng.choice(found)
        return text.replace(old, new, 1)


def other_subject(text, passage, rng):
    """A sentence with the subject of another one of the passage."""
    mine = SUBJECT.match(text)
    mates = [o for o in map(SUBJECT.match, sentences(passage)) if o and mine and o[1].lower() not in text.lower() and (o[2] in PLURAL) == (mine[2] in PLURAL)]
    return f"{rng.choice(mates)[1]} {mine[2]} {mine[3]}" if mates else None


def denial(text, _, rng):
    hits = [(a, b) for a, b in DENIALS if a in text and " not " not in text and " never " not in text]
    if hits:
        return text.replace(*rng.choice(hits), 1)


def first_that_works(makers, text, passage, rng):
    for maker in rng.sample(makers, len(makers)):
        if (made := maker(text, passage, rng)) and made != text:
            return made


def unanswerable(question, passage):
    return dict(question=question, passage=passage, answers=[], answerable=False)


def derived_questions(rows, rng, other=2000, removed=1200):
    """Unanswerable lines made of answerable ones, hardest first: exchanged words, the answering sentence taken out, a neighbouring passage."""
    rows, out = rng.sample(rows, len(rows)), []
    for row in (r for r in rows if r["answerable"] and not r.get("yesno")):
        made = first_that_works((other_number_or_name, opposite, akin), row["question"], row["passage"], rng)
        if made and len(out) < other:
            out.append(unanswerable(made, row["passage"]))
    spans = [r for r in rows if r["answers"]]
    for row in spans[:removed]:
        texts = [a["text"].lower() for a in row["answers"]]
        rest = [s for s in sentences(row["passage"]) if not any(t in s.lower() for t in texts)]
        if len(rest) >= 2:
            out.append(unanswerable(row["question"], " ".join(rest)))
    return out


def neighbours(order, rows, rng, count):
    """A passage close by in the same article, without the answer's words."""
    at, out = {passage: i for i, passage in enumerate(order)}, []
    for row in rng.sample(rows, min(len(rows), 2 * count)):
        i = at[row["passage"]] + rng.choice((-2, -1, 1, 2))
        if 0 <= i < len(order) and row["answers"] and not any(a["text"].lower() in order[i].lower() for a in row["answers"]) and len(out) < count:
            out.append(unanswerable(row["question"], order[i]))
    return out


def statement(premise, hypothesis, right):
    # What was exchanged may contradict or merely not be said: only "not supported" is sure.
    return dict(premise=premise, hypothesis=hypothesis, label="supported" if right else "not_enough", two_way=not right)


def exchanged_sentences(passages, rng, count):
    """Sentences of a passage as statements, as they stand and with something exchanged or denied."""
    out = []
    for passage in passages:
        parts = [s for s in sentences(passage) if 25 < len(s) < 200]
        if len(parts) < 2:
            continue
        said = rng.choice(parts)
        wrong = first_that_works((other_number_or_name, akin, other_subject, opposite, denial), said, passage, rng)
        if wrong:
            at = parts.index(said)
            # What was exchanged in may stand outside of the few sentences around.
            premise = " ".join(parts[max(0, at - rng.randint(0, 2)): at + rng.randint(1, 3)])
            out += [statement(premise, said, True), statement(premise, wrong, False)]
        if len(out) >= count:
            break
    return out


# ---- what is trained on

def training_questions(folder, rng):
    """Lines to train on, and lines of other documents of the same sources to look at."""
    out, look, passages = [], [], []
    by_article = articles(folder)
    # Sentences of qnli-dev come from the same 20 articles: only those found in an article that is trained on are used.
    ours = [row for name, rows in by_article.items() if name not in UNSEEN + CALIBRATION for row in rows]
    own_text = " ".join(dict.fromkeys(row["passage"] for row in ours))
    for name, (cap, times) in QUESTIONS.items():
        rows = ours if name == "squad2-dev20" else read(folder, name)
        if name == "qnli-dev":
            rows = [row for row in rows if row["passage"] in own_text]
        if name.startswith("squad1"):
            rows = [row for row in rows if not UNSEEN_WORDS.search(row["passage"] + row["question"])]
        if name == "squad2-dev20":
            order = list(dict.fromkeys(row["passage"] for row in rows))
            out += neighbours(order, [row for row in rows if row["answers"]], rng, 600)
        else:
            look += [row for row in rows if held_back(row["passage"])]
            rows = [row for row in rows if not held_back(row["passage"])]
        rows = rng.sample(rows, min(cap, len(rows)))
        out += rows * times
        if name in ("squad2-dev20", "squad1-train-part"):
            passages += [row["passage"] for row in rows]
    answerable = {id(row): row for row in out if row["answerable"]}  # each once
    out += derived_questions(list(answerable.values()), rng)
    out += facts.questions(rng, 800)
    return out, look, list(dict.fromkeys(passages))


def training_statements(folder, rng, passages):
    out, look = [], []
    for name, (cap, times) in STATEMENTS.items():
        rows = read(folder, name)
        look += [row for row in rows if held_back(row["premise"])]
        rows = [row for row in rows if not held_back(row["premise"])]
        rows = rng.sample(rows, min(cap, len(rows)))
        if name == "fever-gold":
            evidence = [row["premise"] for row in rows]
            for row in list(rows):
                if row["label"] == "supported" and rng.random() < 0.3:
                    wrong = first_that_works((other_number_or_name, opposite, denial), row["hypothesis"], row["premise"], rng)
                    rows += [statement(row["premise"], wrong, False)] if wrong else []
            for row in rows:
                if rng.random() < 0.2:  # the evidence among other sentences, as in a passage
                    parts = [row["premise"], *rng.sample(evidence, rng.randint(1, 2))]
                    rng.shuffle(parts)
                    row["premise"] = " ".join(parts)
        out += rows * times
    rng.shuffle(passages)
    out += exchanged_sentences(passages * 2, rng, 4000)
    out += facts.statements(rng, 1000)
    return out, look


# ---- rows to tensors

def encode(rows, tokenizer, limit, rng=None, first_limit=96):
    """Rows to token ids: [CLS] question-or-statement [SEP] passage [SEP].

    A passage that is too long is cut at its end; in training (`rng`), to a window of random length that holds the answer.
    """
    first = tokenizer.encode_batch([row.get("question") or row["hypothesis"] for row in rows], add_special_tokens=False)
    second = tokenizer.encode_batch([row.get("passage") or row["premise"] for row in rows], add_special_tokens=False)
    out = []
    for row, a, b in zip(rows, first, second):
        head = a.ids[:first_limit]
        room, start, end, shift = limit - 3 - len(head), -1, -1, 0
        if row.get("answers"):
            answer = rng.choice(row["answers"]) if rng else row["answers"][0]
            left, right = answer["start"], answer["start"] + len(answer["text"])
            hits = [i for i, (u, v) in enumerate(b.offsets) if v > left and u < right]
            if hits:
                start, end = hits[0], hits[-1]
        if rng and len(b.ids) > room:
            # Without an answer of its own a window is laid at random: nothing in its place may tell that there is none.
            low, high = (max(0, end - room + 1), start) if start >= 0 else (0, len(b.ids) - room)
            shift = max(0, min(len(b.ids) - room, rng.randint(min(low, high), high)))
        body = b.ids[shift: shift + room]
        inside = start >= shift and end < shift + len(body) and start >= 0
        at = len(head) + 2
        out.append(dict(row=row, ids=[CLS, *head, SEP, *body, SEP], at=at, offsets=b.offsets[shift: shift + room],
                        start=at + start - shift if inside else -1, end=at + end - shift if inside else -1))
    return out


def tensors(items):
    shape = len(items), max(len(item["ids"]) for item in items)
    ids, mask, types = (torch.zeros(shape, dtype=torch.long) for _ in range(3))
    for k, item in enumerate(items):
        n = len(item["ids"])
        ids[k, :n], mask[k, :n], types[k, item["at"]: n] = torch.tensor(item["ids"]), 1, 1
    return ids, mask, types


def batches(items, tokens, rng, pool=1200):
    """Endless batches of about so many tokens, each of lines of about one length, so that little is spent on padding."""
    while True:
        rng.shuffle(items)
        for at in range(0, len(items), pool):
            made = [[]]
            for item in sorted(items[at: at + pool], key=lambda item: len(item["ids"])):
                if made[-1] and (len(made[-1]) + 1) * len(item["ids"]) > tokens:
                    made.append([])
                made[-1].append(item)
            rng.shuffle(made)
            yield from made
