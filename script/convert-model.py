#!/usr/bin/env python3
"""Converts a small language model for Parley, at install time only.

usage: convert-model.py MODEL.gguf FOLDER

Reads a GGUF file (architecture llama, weights Q4_1, byte-level BPE tokenizer of the SmolLM kind) and writes into FOLDER
  model.xml, model.bin   a stateful OpenVINO graph that gives the logits of the last position
  tokenizer.bpe          the vocabulary and its merges, laid out to be searched without being parsed
so that the GGUF file is not needed at run time.
Needs openvino, openvino_genai, openvino_tokenizers (all 2026.4.1), gguf and numpy.
"""
import os
import shutil
import struct
import sys
import tempfile

import numpy as np
import openvino
import openvino_genai
from gguf import GGUFReader
from openvino import opset13

BLOCK = 32  # weights that share one scale and one minimum in Q4_1
NORMAL = 1  # llama.cpp's type of an ordinary token


def rotary_order(rows, heads):
    """Undoes the order in which llama.cpp keeps the rows of rotated projections: pairs apart instead of together."""
    count = rows.shape[0]
    return rows.reshape(heads, count // heads // 2, 2, -1).swapaxes(1, 2).reshape(count, -1)


def exact_zero_points(reader):
    """The zero points of all Q4_1 tensors, by the bytes of the tensor's scales.

    A block holds q (0...15), a scale d and a minimum m: w = d * q + m = d * (q - z) with z = -m / d, which is no whole number.
    """
    heads = {
        "attn_q": int(reader.fields["llama.attention.head_count"].contents()),
        "attn_k": int(reader.fields["llama.attention.head_count_kv"].contents()),
    }
    found = {}
    for tensor in reader.tensors:
        if tensor.tensor_type.name != "Q4_1":
            continue
        inputs, outputs = (int(size) for size in tensor.shape)
        blocks = tensor.data.reshape(outputs, inputs // BLOCK, 4 + BLOCK // 2)
        scale, minimum = (blocks[..., at : at + 2].copy().view(np.float16)[..., 0] for at in (0, 2))
        for name, count in heads.items():
            if name in tensor.name:
                scale, minimum = rotary_order(scale, count), rotary_order(minimum, count)
        zero = -minimum.astype(np.float32) / np.where(scale == 0, 1, scale).astype(np.float32)
        found[scale.tobytes()] = zero.astype(np.float16)
    return found


def source_constant(node):
    while node.get_type_name() == "Convert":
        node = node.input_value(0).get_node()
    return node


def restore_zero_points(model, zeros):
    """Puts the exact zero points where openvino_genai rounded them to whole numbers, which costs as much as the four bits do."""
    patched = set()
    for node in model.get_ordered_ops():
        if node.get_type_name() != "Subtract":
            continue
        weights = node.input_value(0).get_node()
        if weights.get_type_name() != "Convert" or weights.get_input_element_type(0) != openvino.Type.u4:
            continue
        multiply = next(iter(node.output(0).get_target_inputs())).get_node()
        scale = source_constant(next(v.get_node() for v in multiply.input_values() if v.get_node() != node))
        key = np.ascontiguousarray(scale.get_data()).astype(np.float16).tobytes()
        if key not in zeros:
            sys.exit("convert-model: the graph has 4-bit weights that the GGUF file does not have; pin openvino_genai to 2026.4.1.")
        constant = opset13.constant(zeros[key].reshape(scale.shape))
        node.input(1).replace_source_output(constant.output(0))
        patched.add(key)
    if len(patched) != len(zeros) or not zeros:
        sys.exit(f"convert-model: {len(patched)} of {len(zeros)} zero points were restored; is every weight matrix Q4_1?")
    return len(patched)


def keep_last_position(model):
    """Computes logits for the last position alone: a prompt's other rows are never looked at."""
    matmul = model.output("logits").get_node()
    while matmul.get_type_name() != "MatMul":
        matmul = matmul.input_value(0).get_node()
    start, stop, step, axis = (opset13.constant(np.array([value], np.int64)) for value in (-1, 2**31 - 1, 1, 1))
    last = opset13.slice(matmul.input_value(0), start, stop, step, axis)
    matmul.input(0).replace_source_output(last.output(0))
    model.validate_nodes_and_infer_types()


def convert_graph(source, reader, folder):
    with tempfile.TemporaryDirectory() as temporary:
        # Loading the pipeline writes openvino_model.xml and .bin beside the GGUF file.
        openvino_genai.LLMPipeline(shutil.copy(source, temporary), "CPU", enable_save_ov_model=True)
        model = openvino.Core().read_model(os.path.join(temporary, "openvino_model.xml"))
        patched = restore_zero_points(model, exact_zero_points(reader))
        keep_last_position(model)
        openvino.save_model(model, os.path.join(folder, "model.xml"), compress_to_fp16=False)
    print(f"model.xml: {patched} zero points restored")


def byte_alphabet():
    """GPT-2's printable alphabet: bytes that print stand for themselves, the others for U+0100 and up."""
    printing = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printing]
    return {chr(byte): byte for byte in printing} | {chr(256 + index): byte for index, byte in enumerate(others)}


def write_tokenizer(reader, path):
    """Little-endian: "PARLEYT1"; the counts of tokens and merges, the id that ends a turn (u32 each);
    ends[tokens] of the tokens' bytes; first[tokens + 1], the merges of each left token; then, sorted by left and right token,
    right[merges], rank[merges], result[merges] (u32); kinds[tokens] (u8: 0 text, 1 special); the bytes of all tokens."""
    fields = reader.fields
    name = fields["tokenizer.ggml.model"].contents(), fields["tokenizer.ggml.pre"].contents()
    if name != ("gpt2", "smollm"):
        sys.exit(f"convert-model: the tokenizer is of the kind {name}, not gpt2/smollm.")
    tokens = fields["tokenizer.ggml.tokens"].contents()
    types = fields["tokenizer.ggml.token_type"].contents()
    alphabet = byte_alphabet()
    ids = {token: index for index, (token, kind) in enumerate(zip(tokens, types)) if kind == NORMAL}
    merges = []
    for rank, pair in enumerate(fields["tokenizer.ggml.merges"].contents()):
        left, right = pair.split(" ")
        merges.append((ids[left], ids[right], rank, ids[left + right]))
    merges.sort()
    pieces = [bytes(alphabet[c] for c in t) if kind == NORMAL else t.encode() for t, kind in zip(tokens, types)]
    columns = np.array(merges, np.uint32).T
    with open(path, "wb") as file:
        file.write(b"PARLEYT1")
        file.write(struct.pack("<3I", len(tokens), len(merges), int(fields["tokenizer.ggml.eos_token_id"].contents())))
        file.write(np.cumsum([len(piece) for piece in pieces]).astype("<u4").tobytes())
        file.write(np.searchsorted(columns[0], np.arange(len(tokens) + 1)).astype("<u4").tobytes())
        for column in columns[1:]:
            file.write(column.astype("<u4").tobytes())
        file.write(bytes(int(kind != NORMAL) for kind in types))
        file.write(b"".join(pieces))
    print(f"tokenizer.bpe: {len(tokens)} tokens, {len(merges)} merges")


def main(source, folder):
    reader = GGUFReader(source)
    os.makedirs(folder, exist_ok=True)
    write_tokenizer(reader, os.path.join(folder, "tokenizer.bpe"))
    convert_graph(source, reader, folder)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
