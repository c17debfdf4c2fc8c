"""The reader: a small BERT that reads a question or a statement together with a passage, and its heads."""
from __future__ import annotations

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from torch import nn


class Linear(nn.Linear):
    """Weights stay fp32, the product is computed in the type of its input: bf16 doubles the speed of training on CPUs that have it."""

    def forward(self, x):
        return F.linear(x, self.weight.to(x.dtype), self.bias.to(x.dtype))


class Norm(nn.LayerNorm):
    def forward(self, x):
        return F.layer_norm(x, self.normalized_shape, self.weight.to(x.dtype), self.bias.to(x.dtype), self.eps)


class Layer(nn.Module):
    def __init__(self, width, heads, inner):
        super().__init__()
        self.heads = heads
        self.qkv, self.out = Linear(width, 3 * width), Linear(width, width)
        self.up, self.down = Linear(width, inner), Linear(inner, width)
        self.norm1, self.norm2 = Norm(width, eps=1e-12), Norm(width, eps=1e-12)

    def forward(self, x, bias):
        rows, tokens, width = x.shape
        q, k, v = (part.view(rows, tokens, self.heads, -1).transpose(1, 2) for part in self.qkv(x).chunk(3, dim=-1))
        # Written out: PyTorch's fused attention takes nearly three times as long in bf16 on a CPU, forward and backward together.
        weights = (q @ k.transpose(-1, -2) * (width // self.heads) ** -0.5 + bias).softmax(-1)
        x = self.norm1(x + self.out((weights @ v).transpose(1, 2).reshape(rows, tokens, width)))
        return self.norm2(x + self.down(F.gelu(self.up(x))))


class Reader(nn.Module):
    """Gives the answer logit, three entailment logits, and a start and an end logit for each token.

    Position 0 ([CLS]) of start and end stands for "no answer here", as in SQuAD 2.0.
    """

    def __init__(self, layers=12, width=384, heads=12, inner=1536, vocabulary=30522):
        super().__init__()
        self.word, self.position, self.kind = nn.Embedding(vocabulary, width), nn.Embedding(512, width), nn.Embedding(2, width)
        self.norm = Norm(width, eps=1e-12)
        self.layers = nn.ModuleList(Layer(width, heads, inner) for _ in range(layers))
        self.answer_pool, self.answer = Linear(width, width), Linear(width, 1)
        self.entail_pool, self.entail = Linear(width, width), Linear(width, 3)
        self.span = Linear(width, 2)
        self.compute = torch.float32

    def forward(self, ids, mask, types):
        x = self.word(ids) + self.position.weight[: ids.shape[1]] + self.kind(types)
        x = self.norm(x).to(self.compute)
        bias = ((1 - mask[:, None, None, :].to(x.dtype)) * -10000.0)
        for layer in self.layers:
            x = layer(x, bias)
        x = x.float()
        first = x[:, 0]
        answer = self.answer(torch.tanh(self.answer_pool(first))).squeeze(-1)
        return answer, self.entail(torch.tanh(self.entail_pool(first))), self.span(x)


def load_base(path):
    """The packaged cross-encoder, its int8 weights brought back to fp32. The relevance head becomes the answer head."""
    graph = onnx.load(path).graph
    arrays = {item.name: onnx.numpy_helper.to_array(item) for item in graph.initializer}

    def restored(name):
        zero, scale = (arrays[name.replace("_quantized", suffix)].astype(np.float32) for suffix in ("_zero_point", "_scale"))
        return (arrays[name].astype(np.float32) - zero) * scale

    found = {name.removeprefix("bert."): value for name, value in arrays.items() if name.endswith((".bias", "LayerNorm.weight"))}
    for name in arrays:
        if name.startswith("bert.emb") and name.endswith("weight_quantized"):
            found[name.removeprefix("bert.").replace("_quantized", "")] = restored(name)
    for node in graph.node:
        if node.op_type == "MatMulInteger":  # its name tells the layer: /bert/encoder/layer.0/attention/self/query/MatMul_quant
            layer = node.name.strip("/").rsplit("/", 1)[0].replace("/", ".").removeprefix("bert.")
            found[layer + ".weight"] = restored(node.input[1]).T
    found = {name: torch.tensor(np.ascontiguousarray(value)) for name, value in found.items()}

    model = Reader(1 + max(int(name.split(".")[2]) for name in found if name.startswith("encoder.layer.")))
    state = {f"{ours}.weight": found[f"embeddings.{theirs}_embeddings.weight"]
             for ours, theirs in (("word", "word"), ("position", "position"), ("kind", "token_type"))}
    for part in ("weight", "bias"):
        state |= {f"norm.{part}": found[f"embeddings.LayerNorm.{part}"], f"answer.{part}": found[f"classifier.{part}"],
                  f"answer_pool.{part}": found[f"pooler.dense.{part}"], f"entail_pool.{part}": found[f"pooler.dense.{part}"]}
        for index in range(len(model.layers)):
            old, new = f"encoder.layer.{index}.", f"layers.{index}."
            state[f"{new}qkv.{part}"] = torch.cat([found[f"{old}attention.self.{name}.{part}"] for name in ("query", "key", "value")])
            for ours, theirs in (("out", "attention.output.dense"), ("norm1", "attention.output.LayerNorm"), ("up", "intermediate.dense"),
                                 ("down", "output.dense"), ("norm2", "output.LayerNorm")):
                state[f"{new}{ours}.{part}"] = found[f"{old}{theirs}.{part}"]
    missing = model.load_state_dict(state, strict=False).missing_keys
    assert sorted(missing) == ["entail.bias", "entail.weight", "span.bias", "span.weight"], missing
    return model
