"""Embeds texts with Python's onnxruntime and tokenizers: a JSON list on each line in, the seconds it took out."""
import json, os, sys, time
import numpy, onnxruntime, tokenizers

folder = sys.argv[1]
tokenizer = tokenizers.Tokenizer.from_file(folder + "/tokenizer.json")
tokenizer.no_padding()
tokenizer.enable_truncation(256)
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = min(4, os.cpu_count())
session = onnxruntime.InferenceSession(folder + "/model.onnx", options, providers=["CPUExecutionProvider"])

for line in sys.stdin:
    start = time.perf_counter()
    for text in json.loads(line):
        encoded = tokenizer.encode(text)
        ids = numpy.array([encoded.ids], dtype=numpy.int64)
        feed = {"input_ids": ids, "attention_mask": numpy.ones_like(ids), "token_type_ids": numpy.zeros_like(ids)}
        vector = session.run(None, feed)[0][0].mean(axis=0)
        vector /= numpy.linalg.norm(vector)
    print(time.perf_counter() - start, flush=True)
