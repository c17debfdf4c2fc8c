#!/usr/bin/env python3
"""Learns how the reader's signs tell which sentence answers, and how sure that is: the weights of `ReaderFinder`.

usage: fit.py read SOURCE... --reader FOLDER --out FOLDER      searches on a server, reads what it finds, keeps the signs
       fit.py fit FIT_SOURCE... --tested SOURCE... --out FOLDER      learns from the first, prints figures of both

Runs in the environment that `Training/run` makes (OpenVINO, tokenizers, NumPy). SOURCE: as of `run`; those that end in "-fit" are for learning.
"""
import argparse
import gzip
import json
import os
import pathlib
import re
import sys
import tempfile

import numpy as np

sys.dont_write_bytecode = True
sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[2] / "Training")]
import judge  # noqa: E402
import sources  # noqa: E402
from server import ROOT, Project, Server  # noqa: E402

SENTENCE_END = re.compile(r"(?<=[.!?])[\"”')\]]*\s+(?=[A-Z0-9\"“(\[])|\n+")
TELLING = re.compile(r"\w+")
SMALL = set("the a an of in on at to for by with from and or is was are were be been it its this that these those as what which who whom whose when where how "
            "why did do does has have had many much not no most some any their his her he she they there than into about during after before".split())


def units(text):
    """Sentences and lines, by place."""
    at, out = 0, []
    for match in list(SENTENCE_END.finditer(text)) + [None]:
        end = match.start() if match else len(text)
        if text[at:end].strip():
            out.append((at, end))
        at = match.end() if match else end
    return out


def missing(question, text):
    """Whether a name or a number of the question stands nowhere in the text."""
    text = judge.plain(text)
    names = re.findall(r"(?<!^)(?<![.?!] )\b[A-Z]\w+|\b\d[\d.,]*\b", question)
    return float(sum(judge.plain(name)[:5] not in text for name in names))


def covered(question, text):
    words = [w for w in TELLING.findall(judge.plain(question)) if w not in SMALL]
    theirs = {w[:5] for w in TELLING.findall(judge.plain(text))}
    return sum(w[:5] in theirs for w in words) / max(1, len(words))


class Reader:
    def __init__(self, folder, threads):
        import openvino
        from tokenizers import Tokenizer
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        model = openvino.Core().compile_model(
            str(folder / "reader.xml"), "CPU", {"INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1, "INFERENCE_PRECISION_HINT": "f32"})
        self.request = model.create_infer_request()

    def __call__(self, question, passage):
        """The answer's logit, and for each token its place and how much likelier it begins or ends an answer than there is none."""
        first = self.tokenizer.encode(question, add_special_tokens=False).ids[:96]
        second = self.tokenizer.encode(passage, add_special_tokens=False)
        body = second.ids[: 384 - 3 - len(first)]
        ids, at = [101, *first, 102, *body, 102], len(first) + 2
        row = np.array([ids], np.int64)
        types = np.array([[0] * at + [1] * (len(ids) - at)], np.int64)
        values = self.request.infer([row, np.ones_like(row), types])[0][0]
        starts, ends = values[4:4 + len(ids)], values[4 + len(ids):]
        return float(values[0]), [(*place, float(starts[at + n] - starts[0]), float(ends[at + n] - ends[0])) for n, place in enumerate(second.offsets[:len(body)])]


def best_span(tokens, begin, end, longest=30):
    best = None
    inside = [token for token in tokens if token[0] >= begin and token[1] <= end]
    for n, first in enumerate(inside):
        last = max(inside[n:n + longest], key=lambda token: token[3])
        if best is None or first[2] + last[3] > best[0]:
            best = (first[2] + last[3], first[0], last[1])
    return best


def signs(question, hits, reader):
    """What is known of each sentence of the hits."""
    text, out = question["turns"][-1], []
    for rank, hit in enumerate(hits):
        head = " > ".join(hit["heading_path"]) + "\n" if hit["heading_path"] else ""
        answer, tokens = reader(text, head + hit["text"])
        around = f"{hit['document_name']} {head} {hit['text']}"
        for begin, end in units(hit["text"]):
            span = best_span(tokens, begin + len(head), end + len(head))
            if span:
                out.append(dict(
                    rank=rank, answer=answer, margin=span[0], cosine=(hit["vector"] or {}).get("score") or 0, lexical=(hit["lexical"] or {}).get("score") or 0,
                    covered=covered(text, around), here=covered(text, hit["text"][begin:end]), missing=missing(text, around),
                    right=bool(judge.holds(hit["text"][begin:end], question)) if question["expected"] else False,
                    words=(head + hit["text"])[span[1]:span[2]]))
    return out


def read(options):
    reader = Reader(options.reader, options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        server = Server(options.binary, folder, ["--reader-enabled", "false"])
        try:
            for name in options.subject:
                source = sources.load(name, options.data, options.evaluation)
                project = Project(server, name, source.documents)
                with gzip.open(options.out / f"{name}.jsonl.gz", "wt") as file:
                    for number, question in enumerate(sources.drawn(source, options.each)):
                        row = dict(question, signs=signs(question, project.search(question["turns"][-1]), reader))
                        file.write(json.dumps(row) + "\n")
                        print(f"\r{name}: {number + 1}", end="", file=sys.stderr)
                print(file=sys.stderr)
        finally:
            server.stop()


# ---- learning

def auc(scores, truth):
    order = np.argsort(scores, kind="stable")
    rank = np.empty(len(scores))
    rank[order] = np.arange(1, len(scores) + 1)
    truth = np.asarray(truth, bool)
    return (rank[truth].sum() - truth.sum() * (truth.sum() + 1) / 2) / (truth.sum() * (~truth).sum())


def logistic(x, y, weight, decay=1e-3, rounds=60):
    """Weights by Newton's method; the last one is the constant."""
    x = np.hstack([x, np.ones((len(x), 1))])
    mean, scale = np.zeros(x.shape[1]), np.ones(x.shape[1])
    mean[:-1], scale[:-1] = x[:, :-1].mean(0), x[:, :-1].std(0) + 1e-9
    z = (x - mean) / scale
    w = np.zeros(x.shape[1])
    weight = weight / weight.sum()
    for _ in range(rounds):
        p = 1 / (1 + np.exp(-z @ w))
        gradient = z.T @ (weight * (p - y)) + decay * np.r_[w[:-1], 0]
        hessian = (z * (weight * p * (1 - p))[:, None]).T @ z + decay * np.diag(np.r_[np.ones(len(w) - 1), 1e-9])
        w -= np.linalg.solve(hessian, gradient)
    w = w / scale
    w[-1] -= (w * mean)[:-1].sum()
    return w


CHOICE = ("margin", "rank", "here")
TRUST = ("margin", "lead", "here")


def columns(some, names):
    return np.array([[each[name] for name in names] for each in some], float).reshape(len(some), len(names))


def load(folder, names, first):
    rows = []
    for name in names:
        with gzip.open(folder / f"{name}.jsonl.gz", "rt") as file:
            mine = [json.loads(line) for line in file]
        for row in mine:
            row["signs"] = [each for each in row["signs"] if each["rank"] < first]
        rows += [dict(row, source=name, share=1 / len(mine)) for row in mine if row["signs"]]
    return rows


def choose(rows, w):
    """The best sentence of each question, with how far it is ahead of the best of another passage."""
    out = []
    for row in rows:
        scores = columns(row["signs"], CHOICE) @ w[:-1] + w[-1]
        best = int(scores.argmax())
        other = [s for s, each in zip(scores, row["signs"]) if each["rank"] != row["signs"][best]["rank"]]
        out.append(dict(row["signs"][best], lead=float(min(4, scores[best] - max(other, default=-9))), source=row["source"], share=row["share"],
                        answerable=bool(row["expected"] or row["all_of"]), held=any(each["right"] for each in row["signs"])))
    return out


def figures(best, scores):
    """Of one source: AUC, and how many right ones can be shown unmarked while at most 2 or 4 % of all are shown and wrong."""
    right = np.array([each["right"] for each in best])
    answerable = np.array([each["answerable"] for each in best])
    held = np.array([each["held"] for each in best])
    order = np.argsort(-scores)
    wrong = np.cumsum(~right[order]) / len(best)
    shown = [np.cumsum(right[order])[np.searchsorted(wrong, limit, "right") - 1] if (wrong <= limit).any() else 0 for limit in (0.02, 0.04)]
    two, fifteen = (np.quantile(scores[held], q) for q in (0.02, 0.15))
    return (f"{len(best):4} right at all {right.sum() / max(1, held.sum()):.2f} AUC answerable {auc(scores, answerable):.3f} right {auc(scores, right):.3f} unmarked at 2 % "
            f"{shown[0] / max(1, held.sum()):.2f} 4 % {shown[1] / max(1, held.sum()):.2f}; refused at 2 % {np.mean(scores[~answerable] < two):.2f} marked at 15 % {np.mean(scores[~answerable] < fifteen):.2f}")


def fit(options):
    rows, tested = load(options.out, options.subject, options.first), load(options.out, options.tested, options.first)
    signs_ = [dict(each, share=row["share"] / len(row["signs"])) for row in rows for each in row["signs"]]
    w = logistic(columns(signs_, CHOICE), np.array([each["right"] for each in signs_], float), np.array([each["share"] for each in signs_]))
    print("choice", dict(zip(CHOICE + ("constant",), w.round(3))))
    best = choose(rows, w)
    names = tuple(options.signs.split(",")) if options.signs else TRUST
    v = logistic(columns(best, names), np.array([each["right"] for each in best], float), np.array([each["share"] for each in best]))
    print("trust", dict(zip(names + ("constant",), v.round(3))))
    for name in options.subject + options.tested:
        mine = choose([row for row in rows + tested if row["source"] == name], w)
        scores = columns(mine, names) @ v[:-1] + v[-1]
        print(f"{name:20}", figures(mine, scores))
        for sure in (0.6, 0.65, 0.7, 0.75):
            shown = 1 / (1 + np.exp(-scores)) >= sure
            right = np.array([each["right"] for each in mine])
            held = max(1, sum(each["held"] for each in mine))
            print(f"    sure {sure}: wrong as fact {(shown & ~right).mean():.3f}, right unmarked {(shown & right).sum() / held:.2f}", end="")
        print("; refused below 0.05, 0.1, 0.15, with an answer and without:", *(
            f"{np.mean([1 / (1 + np.exp(-s)) < low for s, each in zip(scores, mine) if each['held'] == held]):.2f}" for low in (0.05, 0.1, 0.15) for held in (True, False)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["read", "fit"])
    parser.add_argument("subject", nargs="+")
    parser.add_argument("--reader", type=pathlib.Path, help="folder of reader.xml and the tokenizer.json of the embedding model")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--tested", nargs="*", default=[])
    parser.add_argument("--signs", help="other signs of trust than TRUST, with commas")
    parser.add_argument("--first", type=int, default=4, help="passages that are read")
    parser.add_argument("--each", type=int, default=200)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--binary", default=str(ROOT / ".build/release/parley"))
    parser.add_argument("--data", type=pathlib.Path, default=os.environ.get("READER_DATA", ROOT.parent / "shared" / "training"))
    parser.add_argument("--evaluation", type=pathlib.Path, default=ROOT.parent / "shared" / "data")
    options = parser.parse_args()
    (read if options.what == "read" else fit)(options)


main()
