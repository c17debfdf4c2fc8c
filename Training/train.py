"""Trains the reader on a CPU: `train.py --base model.onnx --tokenizer tokenizer.json --data FOLDER --out FOLDER [--minutes 73]`.

The learning rate falls with the time, so a run ends well on a machine of any speed. A checkpoint is written every eight minutes;
`--resume` goes on from it. A run is repeatable up to the number of steps that the machine manages in the time.
"""
from __future__ import annotations

import argparse
import os
import random
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

from data import LABELS, batches, calibration, encode, tensors, training_questions, training_statements
from evaluate import auc, read_all
from model import load_base

FRESH = ("entail", "entail_pool", "span")  # begin anew and may move faster


def question_loss(model, items):
    ids, mask, types = tensors(items)
    answer, _, span = model(ids, mask, types)
    answerable = torch.tensor([item["row"]["answerable"] for item in items])
    loss = F.binary_cross_entropy_with_logits(answer, answerable.float())
    outside = types == 0
    outside[:, 0] = False  # [CLS] stands for "no answer here"
    span = span.masked_fill(outside[..., None], -1e4)
    for side, key in enumerate(("start", "end")):
        logits = span[..., side]
        place = torch.tensor([item[key] for item in items])
        target = torch.where(answerable, place, torch.zeros_like(place)).clamp(min=0)
        known = ~answerable | (place > 0)
        total = logits.logsumexp(-1)
        # Where the place of an answer is not known, it is anywhere but at [CLS].
        gold = torch.where(known, logits.gather(1, target[:, None]).squeeze(1), logits[:, 1:].logsumexp(-1))
        loss = loss + 0.5 * (total - gold).mean()
    return loss


def statement_loss(model, items):
    _, entail, _ = model(*tensors(items))
    logs = F.log_softmax(entail, -1)
    gold = torch.tensor([LABELS.index(item["row"]["label"]) for item in items])
    # A source that tells only supported from not supported leaves open which of the two other classes it is.
    either = torch.tensor([bool(item["row"].get("two_way")) for item in items]) & (gold > 0)
    return -torch.where(either, logs[:, 1:].logsumexp(-1), logs.gather(1, gold[:, None]).squeeze(1)).mean()


def optimizer_for(model, rate, frozen, decay=0.93):
    for part in (model.word, model.position, model.kind, model.norm, *model.layers[:frozen]):
        part.requires_grad_(False)
    groups = []
    for name, weight in model.named_parameters():
        if weight.requires_grad:
            part = name.split(".")
            # Lower layers know words and grammar already and move less.
            scale = decay ** (len(model.layers) - 1 - int(part[1])) if part[0] == "layers" else 5 if part[0] in FRESH else 1
            groups.append(dict(params=[weight], top=rate * scale, weight_decay=0.01 if weight.dim() > 1 else 0))
    return torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98))


class Neighbours:
    """Takes the second core only while nobody else wants it: two threads that wait for each other are slower than one."""

    def __init__(self):
        self.seen = self.measure()

    @staticmethod
    def measure():
        fields = [int(value) for value in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
        own = sum(os.times()[:2]) * os.sysconf("SC_CLK_TCK")
        return sum(fields) - fields[3] - fields[4], own, time.time() * os.sysconf("SC_CLK_TCK")

    def threads(self):
        before, self.seen = self.seen, self.measure()
        busy, own, ticks = (now - then for now, then in zip(self.seen, before))
        return 2 if (busy - own) / ticks < 0.25 else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for option in ("base", "tokenizer", "data", "out"):
        parser.add_argument(f"--{option}", required=True)
    for option, kind, default in (("minutes", float, 73), ("rate", float, 8e-5), ("frozen", int, 2), ("seed", int, 7), ("tokens", int, 2400)):
        parser.add_argument(f"--{option}", type=kind, default=default)
    parser.add_argument("--statements", type=float, default=0.5, help="the share of each step's tokens that goes to statements")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint in --out")
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    rng, out = random.Random(options.seed), Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer.from_file(options.tokenizer)
    tokenizer.no_truncation()
    tokenizer.no_padding()

    questions, look, passages = training_questions(options.data, rng)
    statements, look_statements = training_statements(options.data, rng, passages)
    items = encode(questions, tokenizer, 200, rng), encode(statements, tokenizer, 180, rng)
    look_rng = random.Random(1)
    looks = [encode(look_rng.sample(rows, 150), tokenizer, 320) for rows in (calibration(options.data), look, look_statements)]
    print(f"{len(questions)} questions, {len(statements)} statements; tokens of one pass:", [sum(len(i["ids"]) for i in part) for part in items], flush=True)

    model = load_base(options.base)
    model.compute = torch.bfloat16
    optimizer = optimizer_for(model, options.rate, options.frozen)
    step, spent, seen = 0, 0.0, [0, 0, 0]
    if options.resume:
        saved = torch.load(out / "checkpoint.pt", weights_only=True)
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        step, spent, seen = saved["step"], saved["spent"], saved["seen"]
    order = random.Random(options.seed + step)  # a run that goes on sees other lines than it began with
    shares = 1 - options.statements, options.statements
    sources = [batches(part, int(options.tokens * share), order) for part, share in zip(items, shares)]
    start, saved_at, neighbours = time.time() - spent, time.time(), Neighbours()
    threads = 1
    torch.set_num_threads(threads)
    sums, saves = [0.0, 0.0], 0
    while (part := (time.time() - start) / (options.minutes * 60)) < 1:
        for group in optimizer.param_groups:
            group["lr"] = group["top"] * min(part / 0.04 + 0.02, (1 - part) / 0.96)
        optimizer.zero_grad()
        for kind, (source, loss_of) in enumerate(zip(sources, (question_loss, statement_loss))):
            batch = next(source)
            loss = loss_of(model, batch)
            loss.backward()
            sums[kind] += loss.item()
            seen[kind] += len(batch)
            seen[2] += sum(len(item["ids"]) for item in batch)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        step += 1
        if step % 10 == 0:
            torch.set_num_threads(threads := neighbours.threads())
        if step % 50 == 0:
            took = time.time() - start
            print(f"{step} {part:.3f} losses {sums[0] / 50:.3f} {sums[1] / 50:.3f}; seen {seen}; {seen[2] / took:.0f} tokens/s, {threads} threads", flush=True)
            sums = [0.0, 0.0]
        if time.time() - saved_at > 480:
            save(model, optimizer, out, step, time.time() - start, seen)
            saved_at, saves = time.time(), saves + 1
            if saves % 2 == 0:
                figures(model, looks)
    save(model, optimizer, out, step, time.time() - start, seen)
    figures(model, looks)


def save(model, optimizer, out, step, spent, seen):
    torch.save(dict(model=model.state_dict(), optimizer=optimizer.state_dict(), step=step, spent=spent, seen=seen), out / "new.pt")
    (out / "new.pt").rename(out / "checkpoint.pt")


def figures(model, looks):
    """Of documents that are not trained on, from the sources that are; only to see that a run goes well."""
    article, questions, statements = (read_all(model, items) for items in looks)
    text = [f"{name} answer {auc([r['answer'] for r in read], truth):.3f} margin {auc([r['margin'] for r in read], truth):.3f}"
            for name, read, items in (("calibration articles", article, looks[0]), ("other sources", questions, looks[1]))
            for truth in [[item["row"]["answerable"] for item in items]]]
    right = [LABELS[int(r["entail"].argmax())] == item["row"]["label"] for r, item in zip(statements, looks[2]) if not item["row"].get("two_way")]
    supported = auc([r["support"] for r in statements], [item["row"]["label"] == "supported" for item in looks[2]])
    print("look:", *text, f"supported {supported:.3f} three-way {sum(right) / len(right):.3f}", sep="; ", flush=True)


if __name__ == "__main__":
    main()
