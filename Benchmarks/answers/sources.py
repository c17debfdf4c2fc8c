"""Questions by other authors, each source with the documents they are put to.

A question is a dict: turns, expected (alternatives, one of which a right answer holds; empty where the documents do not tell), all_of (or all of which),
and document, where one file alone can be right.
"""
import dataclasses
import gzip
import hashlib
import json
import pathlib
import random

ROOT = pathlib.Path(__file__).resolve().parents[2]
QUESTIONS = ROOT / "Benchmarks" / "Questions"
# The first passage of each article of the SQuAD 2.0 development set as it is kept: where neighbouring passages are least alike.
ARTICLES = [0, 24, 72, 140, 257, 302, 327, 336, 357, 401, 450, 470, 513, 542, 569, 608, 630, 669, 694, 743]
# Articles that the reader was never trained on (Training/data.py): two by which it and its use were calibrated, and a quarter that only judges.
FITTED, KEPT = (0, 8), (3, 7, 11, 15, 19)


@dataclasses.dataclass
class Source:
    name: str
    documents: list
    questions: list


def question(text, expected=(), **more):
    return {"turns": [text], "expected": list(expected), "all_of": [], "document": None} | more


def lines(path, language=None):
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file if line.strip()]
    return [row for row in rows if language in (None, row.get("lang"))]


def squad(data, articles):
    """People's questions, half of which look as if the text answered them. The project holds all twenty articles."""
    rows = lines(data / "squad2-dev20.jsonl.gz")
    passages = list(dict.fromkeys(row["passage"] for row in rows))
    place = {passage: number for number, passage in enumerate(passages)}
    ends = ARTICLES[1:] + [len(passages)]
    documents = [(f"article-{n + 1}.txt", "\n\n".join(passages[at:end]).encode()) for n, (at, end) in enumerate(zip(ARTICLES, ends))]
    asked = [row for row in rows if any(ARTICLES[each] <= place[row["passage"]] < ends[each] for each in articles)]
    return documents, [question(row["question"], [each["text"] for each in row["answers"]]) for row in asked]


def passages(data, name, half, most=150):
    """A source of single passages. Every second one is left out of the project, so that the questions on it have no answer there."""
    rows = [row for row in lines(data / f"{name}.jsonl.gz", "en") if row["answers"]]
    mark = {row["passage"]: hashlib.md5(row["passage"].encode()).digest() for row in rows}
    texts = [text for text in mark if half in (None, mark[text][0] % 2)]
    texts = sorted(texts, key=lambda text: mark[text])[:2 * most]
    inside = set(texts[::2])
    documents = [(f"text-{number + 1}.txt", text.encode()) for number, text in enumerate(texts[::2])]
    asked = [
        question(row["question"], [each["text"] for each in row["answers"]] if row["passage"] in inside else []) for row in rows if row["passage"] in set(texts)
    ]
    return documents, asked


def squad_in(data, language):
    """Questions in another language on paragraphs in it, of which every second is left out."""
    rows = [row for row in lines(data / "xquad-given.jsonl.gz", language)]
    texts = list(dict.fromkeys(row["passage"] for row in rows))
    inside = set(texts[::2])
    documents = [(f"text-{number + 1}.txt", text.encode()) for number, text in enumerate(texts[::2])]
    return documents, [question(row["question"], [each["text"] for each in row["answers"]] if row["passage"] in inside else []) for row in rows]


def own(name, folder, pattern="*.md"):
    """A set of Benchmarks/Questions with its documents."""
    documents = [(path.name, path.read_bytes()) for path in sorted(folder.glob(pattern)) if path.is_file() and path.name != "SOURCE.md"]
    asked = []
    for row in lines(QUESTIONS / f"{name}.jsonl"):
        expected = row.get("answer") or []
        asked.append({
            "turns": row.get("turns") or [row["question"]], "expected": [expected] if isinstance(expected, str) else expected, "all_of": row.get("all_of", []),
            "document": row.get("document"), "kind": row.get("kind"),
        })
    return documents, asked


def load(name, data, evaluation):
    """The source of that name. `data`: the training data, parts of which only judge; `evaluation`: the folder of real documents."""
    if name == "squad":
        found = squad(data, KEPT)
    elif name == "squad-fit":
        found = squad(data, FITTED)
    elif name.removesuffix("-fit") in ("newsqa-dev", "bioasq-factoid", "narrativeqa-part", "fairytaleqa-part"):
        found = passages(data, name.removesuffix("-fit"), 0 if name.endswith("-fit") else 1)
    elif name in ("mrqa-duorc", "contrast-quoref"):
        found = passages(data, name, None)
    elif name.startswith("xquad-"):
        found = squad_in(data, name.removeprefix("xquad-"))
    elif name in ("documents", "fresh", "third"):
        found = own(name, evaluation / "documents", "*")
    elif name == "sample":
        found = own(name, ROOT / "docs")
    else:
        found = own(name, QUESTIONS / name)
    return Source(name, *found)


def drawn(source, each):
    """So many questions with an answer and so many without, the same ones each time; whoever asks fewer asks the first of them."""
    chance, out = random.Random(7), []
    for answerable in (True, False):
        some = [row for row in source.questions if bool(row["expected"] or row["all_of"]) == answerable]
        chance.shuffle(some)
        out += some[:each]
    return out
