"""What the reader's order is worth: `rerank.py RUN COLLECTION --tokenizer tokenizer.json --reader reader.xml | --base model.onnx [--first 20]`.

RUN: a run in TREC's form, as `parley evaluate COLLECTION --runs FOLDER` writes it. The first documents of each query are read and put in order anew, by the
reading alone and by its place and the run's together (reciprocal ranks). Prints nDCG@10 of each.
"""
import argparse
import json
import math
from pathlib import Path

import numpy as np
import openvino
from tokenizers import Tokenizer


def lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def ndcg(ranked, judged):
    def gain(values):
        return sum(value / math.log2(place + 2) for place, value in enumerate(values[:10]))
    return gain([judged.get(each, 0) for each in ranked]) / (gain(sorted(judged.values(), reverse=True)) or 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path)
    parser.add_argument("collection", type=Path)
    parser.add_argument("--tokenizer", required=True)
    parser.add_argument("--reader", help="a reader; its answer's logit is the score")
    parser.add_argument("--base", help="the model that the reader was made from; its only output is the score")
    parser.add_argument("--first", type=int, default=20)
    options = parser.parse_args()
    tokenizer = Tokenizer.from_file(options.tokenizer)
    tokenizer.no_padding()
    tokenizer.enable_truncation(384, strategy="only_second")
    request = openvino.Core().compile_model(options.reader or options.base, "CPU", {"INFERENCE_NUM_THREADS": 1, "INFERENCE_PRECISION_HINT": "f32"}).create_infer_request()
    texts = {each["_id"]: f'{each.get("title", "")} {each["text"]}'.strip() for each in lines(options.collection / "corpus.jsonl")}
    queries = {each["_id"]: each["text"] for each in lines(options.collection / "queries.jsonl")}
    judged, ranked = {}, {}
    for line in (options.collection / "qrels.tsv").read_text().splitlines()[1:]:
        query, document, value = line.split("\t")[:3]
        judged.setdefault(query, {})[document] = int(value)
    for line in options.run.read_text().splitlines():
        query, _, document, *_ = line.split()
        ranked.setdefault(query, []).append(document)
    found = []
    for number, query in enumerate(judged):
        head = ranked.get(query, [])[:options.first]
        scores = []
        for document in head:
            row = tokenizer.encode(queries[query], texts[document])
            scores.append(float(np.ravel(request.infer([np.array([v], np.int64) for v in (row.ids, row.attention_mask, row.type_ids)])[0])[0]))
        read = [head[k] for k in np.argsort(-np.array(scores), kind="stable")]
        place = {document: 1 / (10 + head.index(document)) + 1 / (10 + read.index(document)) for document in head}
        both = sorted(head, key=lambda document: -place[document])
        found.append([ndcg(order, judged[query]) for order in (head, read, both)])
        print(f"\r{number + 1} of {len(judged)}", end="", flush=True)
    print("\nnDCG@10: as found {:.3f}, as read {:.3f}, both {:.3f}".format(*np.mean(found, 0)))


main()
