"""Makes the files that Parley loads: `export.py --checkpoint FILE --tokenizer tokenizer.json --data FOLDER --out FOLDER`.

  reader.xml, reader.bin   an OpenVINO graph; weights and the activations of matrix products in int8
  reader.json              names, layout of the output, calibration, thresholds
  reference.jsonl          forty pairs with token ids and outputs, to test a program that runs the graph

The graph puts the two signs of an answer, the answer head and the margin of the best span over "no answer", into one calibrated logit.
"""
from __future__ import annotations

import argparse
import hashlib
import json
import random
from pathlib import Path

import nncf
import numpy as np
import openvino
import torch
from openvino import opset13 as ops
from tokenizers import Tokenizer
from torch import nn

from data import LABELS, SEP, calibration, encode, tensors, training_questions, training_statements
from evaluate import Graph, auc, best_span, read_all
from model import Reader

VERSION = "1"
MAX_TOKENS, QUESTION_TOKENS, OVERLAP = 384, 96, 64
INPUTS = ("input_ids", "attention_mask", "token_type_ids")


class Positions(nn.Module):
    """Embeddings of places in eight bits; the quantizer leaves them alone since they are no matrix product."""

    def __init__(self, weight):
        super().__init__()
        scale = weight.abs().amax(1, keepdim=True) / 127
        self.register_buffer("steps", (weight / scale).round().to(torch.int8))
        self.register_buffer("scale", scale)

    @property
    def weight(self):
        return self

    def __getitem__(self, places):
        return self.steps[places].float() * self.scale[places]


class Shipped(nn.Module):
    """One output, so that one reading of one tensor is enough: answer, three entailment logits, start of each token, end of each token."""

    def __init__(self, reader, weights, temperature):
        super().__init__()
        self.reader, self.weights, self.temperature = reader, weights, temperature

    def forward(self, ids, mask, types):
        answer, entail, span = self.reader(ids, mask, types)
        inside = ((types == 1) & (ids != SEP)).to(span.dtype)[..., None]
        passage = span * inside + (inside - 1) * 1000.0
        margin = passage.max(1).values.sum(-1) - span[:, 0].sum(-1)
        by_answer, by_margin, bias = self.weights
        answer = by_answer * answer + by_margin * margin + bias
        start, end = (torch.cat([span[:, :1], passage[:, 1:]], 1)).unbind(-1)
        return torch.cat([answer[:, None], entail / self.temperature, start, end], 1)


def logistic(features, truth, weight, steps=200):
    """Newton's method with a little ridge; returns weights and bias."""
    x, w = np.column_stack([features, np.ones(len(features))]), np.zeros(features.shape[1] + 1)
    for _ in range(steps):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        gradient = x.T @ (weight * (p - truth)) + 1e-3 * w
        w -= np.linalg.solve((x * (weight * p * (1 - p))[:, None]).T @ x + 1e-3 * np.eye(len(w)), gradient)
    return w


def balanced(groups):
    """Each group counts the same, and in each the answerable lines count as much as the others."""
    out = []
    for truth in groups:
        truth = np.asarray(truth, float)
        out.append(np.where(truth > 0, 0.5 / max(1, truth.sum()), 0.5 / max(1, (1 - truth).sum())))
    return np.concatenate(out) * 1000


def calibration_lines(folder):
    """Documents that were not trained on: the calibration article, and questions and statements of the other sources."""
    rng = random.Random(11)
    _, questions, passages = training_questions(folder, rng)
    _, statements = training_statements(folder, rng, passages)
    article = calibration(folder)
    other = [row for row in questions if row.get("answers") or row.get("derived")]
    return article, rng.sample(other, 150), [row for row in rng.sample(statements, 400) if not row.get("two_way")][:250]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for option in ("checkpoint", "tokenizer", "data", "out"):
        parser.add_argument(f"--{option}", required=True)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer.from_file(options.tokenizer)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    saved = torch.load(options.checkpoint, weights_only=True)
    reader = Reader()
    reader.load_state_dict(saved["model"])
    reader.eval()
    # Rows that no input can reach are not shipped.
    reader.position = Positions(reader.position.weight[:MAX_TOKENS].detach())

    article, others, statements = calibration_lines(options.data)
    questions = [*article, *others]
    items, said = encode(questions, tokenizer, MAX_TOKENS), encode(statements, tokenizer, MAX_TOKENS)
    reader.compute = torch.bfloat16
    raw = read_all(reader, items)
    truth = np.array([row["answerable"] for row in questions], float)
    groups = truth[: len(article)], truth[len(article):]
    signs = np.array([[r["answer"], r["margin"]] for r in raw])
    weights = logistic(signs, truth, balanced(groups))
    print("AUC on the calibration article and on other sources: answer head, margin, both:")
    for part in (slice(len(article)), slice(len(article), None)):
        print([round(auc(sign[part], truth[part]), 3) for sign in (*signs.T, signs @ weights[:2])])
    gold = np.array([LABELS.index(row["label"]) for row in statements])
    logits = np.array([r["entail"] for r in read_all(reader, said)])
    temperature = min(np.arange(0.6, 3.01, 0.05), key=lambda t: -log_softmax(logits / t)[np.arange(len(gold)), gold].mean())
    reader.compute = torch.float32
    print("weights of answer, margin, bias:", np.round(weights, 3), "temperature of entailment:", round(float(temperature), 2), flush=True)

    graph = quantized(Shipped(reader, [float(w) for w in weights], float(temperature)), random.Random(5).sample(items, 60) + random.Random(5).sample(said, 60))
    openvino.save_model(graph, out / "reader.xml")

    # Thresholds come from the graph as it is shipped.
    run = Graph(out / "reader.xml")
    read_back = read_all(run, items)
    calibrated = np.array([r["answer"] for r in read_back])
    print("as shipped:", [round(auc(calibrated[part], truth[part]), 3) for part in (slice(len(article)), slice(len(article), None))], flush=True)
    weight = balanced(groups)
    refuse, warn = (weighted_quantile(calibrated[truth > 0], weight[truth > 0], share) for share in (0.02, 0.15))
    described = dict(
        version=VERSION, sha256=hashlib.sha256((out / "reader.bin").read_bytes()).hexdigest(), vocabulary="that of all-MiniLM-L6-v2 (bert-base-uncased)",
        inputs={name: "int64 [batch, tokens]" for name in INPUTS}, max_tokens=MAX_TOKENS, question_tokens=QUESTION_TOKENS, overlap=OVERLAP,
        output=dict(name="reading", shape="float32 [batch, 4 + 2 * tokens]", layout=["answer", *LABELS, "start of each token", "end of each token"]),
        calibration=dict(answer="folded into the graph: probability = sigmoid(answer)", answer_weights=[round(float(w), 4) for w in weights],
                         entail_temperature=round(float(temperature), 3), note="folded into the graph: probabilities = softmax"),
        thresholds=dict(refuse_below=round(float(refuse), 3), warn_below=round(float(warn), 3),
                        on="answer logit; 2 % and 15 % of the answerable calibration lines"))
    (out / "reader.json").write_text(json.dumps(described, indent=2) + "\n")

    with open(out / "reference.jsonl", "w") as file:
        for item in random.Random(3).sample(items, 24) + random.Random(3).sample(said, 16):
            row, values = item["row"], run(*tensors([item]), raw=True)[0]
            n = len(item["ids"])
            span = best_span(np.stack([values[4: 4 + n], values[4 + n:]], 1), item)
            file.write(json.dumps(dict(
                first=row.get("question") or row["hypothesis"], passage=row.get("passage") or row["premise"], ids=item["ids"], passage_at=item["at"],
                answer=round(float(values[0]), 4), entail=[round(float(v), 4) for v in values[1:4]],
                start=[round(float(v), 3) for v in values[4: 4 + n]], end=[round(float(v), 3) for v in values[4 + n:]],
                span=span)) + "\n")
    print({f.name: f.stat().st_size for f in out.iterdir()})


def log_softmax(x):
    x = x - x.max(-1, keepdims=True)
    return x - np.log(np.exp(x).sum(-1, keepdims=True))


def weighted_quantile(values, weight, share):
    order = np.argsort(values)
    return values[order][np.searchsorted(np.cumsum(weight[order]) / weight.sum(), share)]


def quantized(module, items):
    example = torch.full((2, 24), 2000), torch.ones(2, 24).long(), torch.ones(2, 24).long()
    graph = openvino.convert_model(module, example_input=example)
    for port, name in zip(graph.inputs, INPUTS):
        port.get_tensor().set_names({name})
        port.get_node().set_friendly_name(name)
        port.get_node().set_partial_shape(openvino.PartialShape([-1, -1]))
        port.get_node().set_element_type(openvino.Type.i64)
    graph.validate_nodes_and_infer_types()
    graph.outputs[0].get_tensor().set_names({"reading"})
    lines = nncf.Dataset([[t.numpy() for t in tensors([item])] for item in items])
    graph = nncf.quantize(graph, lines, model_type=nncf.ModelType.TRANSFORMER, preset=nncf.QuantizationPreset.MIXED, subset_size=len(items))
    return rows_first(graph)


def rows_first(graph):
    """Takes the rows of the words' embeddings in eight bits and scales those: the runtime would unfold the whole table to 47 MB."""
    words = next(
        node for node in graph.get_ordered_ops()
        if node.get_type_name() == "Gather" and node.input_value(0).get_node().get_type_name() == "Multiply"
        and node.input_value(0).get_shape()[0] > MAX_TOKENS)
    scaled, ids, axis = words.input_value(0).get_node(), words.input_value(1), words.input_value(2)
    steps, scale = scaled.input_value(0).get_node().input_value(0), scaled.input_value(1)
    rows = ops.multiply(ops.convert(ops.gather(steps, ids, axis), "f32"), ops.gather(scale, ids, axis))
    for reader in words.output(0).get_target_inputs():
        reader.replace_source_output(rows.output(0))
    graph.validate_nodes_and_infer_types()
    return graph


if __name__ == "__main__":
    main()
