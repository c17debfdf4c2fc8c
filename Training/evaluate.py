import numpy as np, torch
from data import tensors
def auc(scores, truth):
    scores, truth = np.asarray(scores, float), np.asarray(truth, bool)
    _, place, count = np.unique(scores, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[place]
    return float((rank[truth].sum() - truth.sum() * (truth.sum() + 1) / 2) / (truth.sum() * (~truth).sum()))
@torch.inference_mode()
def read_all(model, items, tokens=4000):
    out, order = [None] * len(items), sorted(range(len(items)), key=lambda k: len(items[k]["ids"]))
    while order:
        take = order[-max(1, tokens // len(items[order[-1]]["ids"])):]
        order = order[:-len(take)]
        answer, entail, span = (t.numpy() for t in model(*tensors([items[k] for k in take])))
        for row, k in enumerate(take):
            at, n = items[k]["at"], len(items[k]["ids"])
            s = span[row]
            out[k] = dict(answer=float(answer[row]), entail=entail[row], span=s[:n],
                          margin=float(s[at:n-1].max(0).sum() - s[0].sum()),
                          support=float(entail[row][0] - np.logaddexp(entail[row][1], entail[row][2])))
    return out
