"""What was sent, how it was answered, and what went wrong."""
import array
import collections
import os
import threading

P99, LONGEST = 2.0, 10.0  # Seconds within which answers come: nearly all, and every one.


class Record:
    """The answers to one kind of input."""

    def __init__(self, title):
        self.title = title
        self.seconds = array.array("f")
        self.statuses = collections.Counter()
        self.slowest = (0.0, "")

    def add(self, what, answer):
        self.seconds.append(answer.seconds)
        self.statuses[answer.status] += 1
        if answer.seconds > self.slowest[0]:
            self.slowest = (answer.seconds, what)

    def share(self, part):
        ordered = sorted(self.seconds)
        return ordered[int((len(ordered) - 1) * part)] if ordered else 0.0

    def line(self):
        counts = ", ".join(f"{count} × {status}" for status, count in sorted(self.statuses.items()))
        return (
            f"{self.title}: {len(self.seconds)} answers, median {self.share(0.5) * 1000:.1f} ms, p99 {self.share(0.99):.2f} s, "
            f"slowest {self.slowest[0]:.2f} s ({self.slowest[1]}); {counts}")


class Report:
    """Collects faults, each kind once in full and then counted, and keeps the inputs."""

    def __init__(self, folder, longest=LONGEST):
        self.folder, self.longest, self.lock = folder, longest, threading.Lock()
        self.faults = collections.OrderedDict()
        self.notes = collections.Counter()
        self.kept = 0

    def fault(self, kind, text, name=None, data=None):
        """- Parameter kind: faults of one kind are counted and three of them told."""
        with self.lock:
            found = self.faults.setdefault(kind, [0, []])
            found[0] += 1
            place = ""
            if data is not None and (found[0] <= 20 or kind.startswith("death")) and self.kept < 500:
                self.kept += 1
                place = self.keep(name, data)
            if found[0] <= 3:
                found[1].append(text + (f"\n      repeat: script/fuzz --repeat {place}" if place else ""))

    def note(self, kind, name, data):
        """Keeps an input that did no harm and is telling all the same."""
        with self.lock:
            self.notes[kind] += 1
            if self.notes[kind] <= 50:
                self.keep(name, data)

    def keep(self, name, data):
        os.makedirs(self.folder, exist_ok=True)
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(data)
        return path

    def judge(self, record, what, name, answer, data, whole=True):
        """Notes the answer and what is wrong with it.
        - Parameter whole: false for what is no whole request, which may be met by a closed connection."""
        record.add(what, answer)
        status = answer.status
        if status == -1:
            self.fault(f"{record.title}: no answer", f"{what}: no answer within {answer.seconds:.0f} s" + (f", after {answer.before!r} on the same connection" if answer.before else ""), name, data)
        elif status == 0 and whole:
            self.fault(f"{record.title}: closed", f"{what}: the connection was closed without an answer", name, data)
        elif answer.seconds > self.longest:
            self.fault(f"{record.title}: slow", f"{what}: {answer.seconds:.1f} s", name, data)
        if status >= 500 and not (status == 503 and "retry-after" in answer.headers) and not (status in (501, 505) and not whole):
            self.fault(f"{record.title}: {status} {answer.problem}", f"{what}: {status} {answer.body[:300]!r}", name, data)

    def settle(self, record):
        print(record.line(), flush=True)
        if record.share(0.99) > P99:
            self.fault(f"{record.title}: p99", f"{record.title}: the 99th percentile is {record.share(0.99):.2f} s, more than {P99:.0f} s")

    def print(self):
        for kind, count in self.notes.items():
            print(f"{kind}, {count} times; inputs in {self.folder}")
        for kind, (count, texts) in self.faults.items():
            print(f"FAILED {kind}, {count} times")
            for text in texts:
                print(f"    {text}")
