"""Reads kept documents with a reader and prints figures: `evaluate.py --reader reader.xml --tokenizer tokenizer.json --data FOLDER [--base model.onnx]`.

Judged: a quarter of the articles of squad2-dev20, whole sources that are never trained on, and lines with an exchanged word.
"""
from __future__ import annotations

import argparse
import json
import random
import re
import string
import time
from collections import Counter
from pathlib import Path

import numpy as np
import openvino
import torch
from tokenizers import Tokenizer

import data
import facts
from data import LABELS, UNSEEN, articles, encode, tensors

# Sources without a clear licence may judge though they may not teach; at most so many lines of each.
ASKED = {"newsqa-dev": 500, "bioasq-factoid": 500, "subjqa": 500, "fairytaleqa-part": 400, "narrativeqa-part": 300}
SAID = {"climate-fever": 600, "healthver-dev-test": 600, "wice": 400, "rte": 500, "scitail-test": 500, "snli-counterfactual": 500, "commitmentbank": 306,
        "control-dev-test": 300, "aggrefact-part": 300, "qags": 372, "multirc": 400}


class Graph:
    """A reader in OpenVINO's format; gives what the model in PyTorch gives, or its own output as it is."""

    def __init__(self, path, threads=1):
        self.model = openvino.Core().compile_model(str(path), "CPU", {"INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1, "INFERENCE_PRECISION_HINT": "f32"})
        self.request = self.model.create_infer_request()

    def __call__(self, ids, mask, types, raw=False):
        values = self.request.infer([t.numpy() for t in (ids, mask, types)])[0].copy()
        if raw:
            return values
        n = ids.shape[1]
        return (torch.tensor(v) for v in (values[:, 0], values[:, 1:4], np.stack([values[:, 4: 4 + n], values[:, 4 + n:]], 2)))


def auc(scores, truth):
    scores, truth = np.asarray(scores, float), np.asarray(truth, bool)
    if truth.all() or not truth.any():
        return float("nan")
    _, place, count = np.unique(scores, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[place]
    return float((rank[truth].sum() - truth.sum() * (truth.sum() + 1) / 2) / (truth.sum() * (~truth).sum()))


def best_span(span, item, longest=30):
    """First and last token of the best span inside the passage."""
    at, n = item["at"], len(item["ids"]) - 1
    total = span[at:n, 0][:, None] + span[at:n, 1][None]
    total[np.tril_indices(n - at, -1)] = total[np.triu_indices(n - at, longest)] = -np.inf
    first, last = divmod(int(total.argmax()), n - at)
    return [at + first, at + last]


@torch.inference_mode()
def read_all(model, items, tokens=4000):
    """Readings of all lines, in batches of like length."""
    out, order = [None] * len(items), sorted(range(len(items)), key=lambda k: len(items[k]["ids"]))
    while order:
        # A graph is read line by line: int8 gains nothing from batches.
        take = order[-(1 if isinstance(model, Graph) else max(1, tokens // len(items[order[-1]]["ids"]))):]
        order = order[: -len(take)]
        answer, entail, span = (t.numpy() for t in model(*tensors([items[k] for k in take])))
        for row, k in enumerate(take):
            item, scores = items[k], span[row]
            at, n = item["at"], len(item["ids"])
            reading = dict(answer=float(answer[row]), entail=entail[row], support=float(entail[row][0] - np.logaddexp(*entail[row][1:])))
            if n - 1 > at:
                first, last = best_span(scores, item)
                offsets = item["offsets"]
                passage = item["row"].get("passage") or item["row"]["premise"]
                reading |= dict(margin=float(scores[at: n - 1].max(0).sum() - scores[0].sum()), text=passage[offsets[first - at][0]: offsets[last - at][1]])
            out[k] = reading
    return out


# ---- what a reading is compared with

def words(text):
    return [w for w in re.findall(r"\w+", text.lower()) if w not in data.SMALL]


def overlap(first, second):
    mine, theirs = words(first), {w[:5] for w in words(second)}
    return sum(w[:5] in theirs for w in mine) / max(1, len(mine))


def plain(text):
    text = "".join(c for c in text.lower() if c not in string.punctuation)
    return re.sub(r"\b(a|an|the)\b", " ", text).split()


def f1(guess, answers):
    best = 0.0
    for answer in answers:
        a, b = plain(guess), plain(answer["text"])
        same = sum((Counter(a) & Counter(b)).values())
        best = max(best, 2 * same / (len(a) + len(b)) if same else float(a == b))
    return best


def bootstrap(scores, truth, rounds=200):
    rng, scores, truth = np.random.default_rng(1), np.asarray(scores), np.asarray(truth, bool)
    found = [auc(scores[k], truth[k]) for k in (rng.integers(0, len(scores), len(scores)) for _ in range(rounds))]
    return np.nanquantile(found, (0.025, 0.975))


def ask_figures(name, rows, read, thresholds, base=None):
    truth, scores = np.array([row["answerable"] for row in rows]), np.array([r["answer"] for r in read])
    line = [name, len(rows), f"{auc([overlap(r['question'], r['passage']) for r in rows], truth):.3f}", f"{base:.3f}" if base else "-"]
    if (~truth).any():
        low, high = bootstrap(scores, truth)
        refused, warned = (float((scores[~truth] < np.quantile(scores[truth], share)).mean()) for share in (0.02, 0.15))
        line += [f"**{auc(scores, truth):.3f}** ({low:.2f}-{high:.2f})", f"{refused:.0%}", f"{warned:.0%}"]
        line += [f"{(scores[kind] < thresholds[t]).mean():.0%}" for t in ("refuse_below", "warn_below") for kind in (truth, ~truth)]
    else:
        line += ["-"] * 7
    placed = [(f1(r["text"], row["answers"]), float(plain(r["text"]) in [plain(a["text"]) for a in row["answers"]]))
              for row, r in zip(rows, read) if row["answers"]]
    line += ["{1:.2f} / {0:.2f}".format(*np.mean(placed, 0))] if placed else ["-"]
    return line


def said_figures(name, rows, read, alone):
    truth = np.array([row["label"] == "supported" for row in rows])
    scores = np.array([r["support"] for r in read])
    low, high = bootstrap(scores, truth)
    right = [LABELS[int(r["entail"].argmax())] == row["label"] for row, r in zip(rows, read) if not row.get("two_way")]
    return [name, len(rows), f"{auc([overlap(r['hypothesis'], r['premise']) for r in rows], truth):.3f}", f"{auc([r['support'] for r in alone], truth):.3f}",
            f"{auc([-len(r['hypothesis']) for r in rows], truth):.3f}", f"**{auc(scores, truth):.3f}** ({low:.2f}-{high:.2f})",
            f"{np.mean(right):.2f}" if right else "-"]


def table(head, lines):
    return "\n".join(["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)] + ["| " + " | ".join(map(str, line)) + " |" for line in lines])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for option in ("reader", "tokenizer", "data"):
        parser.add_argument(f"--{option}", required=True)
    parser.add_argument("--base", help="the base's ONNX file, to compare with its relevance")
    parser.add_argument("--share", type=float, default=1, help="share of the lines of the left out sources that are read")
    options = parser.parse_args()
    tokenizer = Tokenizer.from_file(options.tokenizer)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    run, described = Graph(options.reader), json.loads(Path(options.reader).with_suffix(".json").read_text())
    limit, thresholds, rng = described["max_tokens"], described["thresholds"], random.Random(21)
    of = lambda name, cap: (lambda rows: rng.sample(rows, min(len(rows), int(cap * options.share))))(data.read(options.data, name))
    base = None
    if options.base:
        from model import load_base
        torch.set_num_threads(1)
        base = load_base(options.base)

    by_article, lines = articles(options.data), []
    unseen = [row for name in UNSEEN for row in by_article[name]]
    with_no = {row["passage"] for row in unseen if not row["answerable"]}
    sets = {"squad2-dev20, unseen articles, passages with both": [row for row in unseen if row["passage"] in with_no],
            "squad2-dev20, unseen articles, all answerable": [row for row in unseen if row["passage"] not in with_no][:250]}
    for name, rows in (sets | {name: of(name, cap) for name, cap in ASKED.items()}).items():
        items = encode(rows, tokenizer, limit)
        truth = [row["answerable"] for row in rows]
        before = auc([r["answer"] for r in read_all(base, items)], truth) if base and not all(truth) else None
        lines.append(ask_figures(name, rows, read_all(run, items), thresholds, before))
        print(lines[-1], flush=True)
    print(table(["questions", "n", "word overlap", "base's relevance", "reader (95 %)", "refused at 2 % false refusals", "warned at 15 % false warnings",
                 "refused, answerable", "refused, others", "warned, answerable", "warned, others", "span EM / F1"], lines), flush=True)

    lines = []
    for name, cap in SAID.items():
        rows = of(name, cap)
        alone = read_all(run, encode([row | dict(premise=".") for row in rows], tokenizer, limit))
        lines.append(said_figures(name, rows, read_all(run, encode(rows, tokenizer, limit)), alone))
        print(lines[-1], flush=True)
    print(table(["statements", "n", "word overlap", "statement alone", "shortness", "reader (95 %)", "three-way accuracy"], lines), flush=True)

    # Notes of other things and values than any that is trained on would be better still; these come from the same makers with another seed.
    made = list(facts.statements(random.Random(99), 150))
    passed = [r["entail"].argmax() == 0 for r in read_all(run, encode(made, tokenizer, limit))]
    for label in LABELS:
        kinds = [p for p, row in zip(passed, made) if row["label"] == label]
        print(f"made-up notes, {label}: {np.mean(kinds):.1%} of {len(kinds)} called supported")

    row = encode([dict(question="What was it that changed?", passage="word " * 215)], tokenizer, 230)
    for threads in (1, 2):
        graph, took = Graph(options.reader, threads), []
        for _ in range(30):
            began = time.perf_counter()
            graph(*tensors(row), raw=True)
            took.append((time.perf_counter() - began) * 1000)
        print(f"one pair of {len(row[0]['ids'])} tokens, {threads} threads: best {min(took):.1f} ms, median {np.median(took):.1f} ms")


if __name__ == "__main__":
    main()
