#!/usr/bin/env python3
"""Sends mutated documents, mutated requests and hostile bodies to a real server and looks at whether it bears them.

The process must live; no answer may be a 5xx but 503 with Retry-After; 99 of 100 answers must come within 2 s and all within 10; every
document must end ready or failed; the health endpoint must answer throughout; memory must come back to within 50 MB, and no child may stay
behind. Exits with 1 and the list of what is wrong otherwise. Two runs of one seed send the same."""
import argparse
import collections
import itertools
import json
import os
import random
import shutil
import sys
import tempfile
import threading
import time

from documents import Documents
from hostile import Hostility
from household import Household, filled
from report import Record, Report
from target import Embedder, Target, descendants, processes, resident
from watch import Watch
from wire import Connection

PATIENCE = 180  # Seconds after the last upload by which every document must have ended.
BACKLOG = 200  # Documents on their way at once.
SENDERS = 8
PER_PROJECT = 1000
SHARES = {"documents": 0.45, "requests": 0.15, "bodies": 0.25}  # Of the time, where time is what is given; the rest is for starting and settling.


class Fuzzer:
    def __init__(self, options):
        self.options = options
        self.folder = tempfile.mkdtemp(prefix="parley-fuzz-")
        self.report = Report(options.keep or os.path.join(tempfile.gettempdir(), f"parley-fuzz-{options.seed}"), options.longest)
        self.documents = Documents(options.root, options.seed)
        self.embedder = Embedder()
        self.shelf, self.flying = None, {}
        self.target = Target(self.options.binary, os.path.join(self.folder, "server"), self.embedder)
        self.household = Household(self.target.port, self.target.first_run())
        self.hostility = Hostility(Connection(self.target.port).call("GET", "/openapi.json").json(), self.options.seed)
        self.watch = Watch(self.target.port, self.target.pid)

    def run(self):
        options, begun = self.options, time.monotonic()
        self.warm_up()
        before = self.rest()
        print(f"warmed up in {time.monotonic() - begun:.0f} s: {before >> 20} MB resident", flush=True)
        for kind, count, work in (
            ("requests", options.requests, self.send_requests), ("bodies", options.bodies, self.send_bodies), ("documents", options.documents, self.send_documents),
        ):
            if count != 0 and self.target.lives:
                self.household.check()
                deadline = time.monotonic() + options.seconds * SHARES[kind] if options.seconds else None
                work(Record(kind), 0, count, deadline)
                if not self.target.lives:
                    self.dead(kind)
        self.finish(before)

    def warm_up(self):
        """What a server holds once it has seen a bit of everything is no leak. The same numbers come again afterwards."""
        quiet = Record("warm-up")
        end = time.monotonic() + (self.options.seconds * 0.05 if self.options.seconds else 60)
        self.send_requests(quiet, 10**9, 200, end, quiet=True)
        self.household.check()
        self.send_bodies(quiet, 10**9, 2, end, quiet=True)
        self.send_documents(quiet, 10**9, 200, end, quiet=True)
        if not self.target.lives:
            self.dead("warm-up")
        self.shelf = None

    # Requests and bodies

    def crowd(self, work, items, deadline):
        """Works through the items with several threads until they or the time end, or the server does."""
        lock, done = threading.Lock(), [0]
        self.flying = {}

        def loop():
            connection = Connection(self.target.port, self.options.longest + 2)
            while self.target.lives and (deadline is None or time.monotonic() < deadline):
                with lock:
                    item = next(items, None)
                    done[0] += 1
                    check = done[0] % 300 == 0
                if item is None:
                    break
                if check:
                    self.household.check()
                self.flying[threading.get_ident()] = item
                work(connection, item)
                if self.target.lives:
                    self.flying.pop(threading.get_ident(), None)
            connection.close()

        threads = [threading.Thread(target=loop) for _ in range(SENDERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def send_requests(self, record, first, count, deadline, quiet=False):
        def send(connection, number):
            request, partial = self.hostility.mutated(number)
            answer = connection.send(filled(request, self.household.values), ends=partial)
            self.report.judge(record, f"request {number} ({request[:60]!r})", f"request-{number}.http", answer, request, whole=not partial)

        self.crowd(send, iter(range(first, first + count)) if count > 0 else itertools.count(first), deadline)
        if not quiet:
            self.report.settle(record)

    def send_bodies(self, record, first, count, deadline, quiet=False):
        """The same number to every operation before the next number, so that whatever time there is goes to all alike."""
        def send(connection, item):
            number, operation = item
            request = self.hostility.body(number, operation)
            answer = connection.send(filled(request, self.household.values))
            what = f"body {number} of {operation[0]} {operation[1]} ({len(request)} bytes)"
            self.report.judge(record, what, f"body-{operation[4]}-{number}.http", answer, request)

        numbers = range(first, first + count) if count > 0 else itertools.count(first)
        self.crowd(send, ((number, operation) for number in numbers for operation in self.hostility.with_bodies), deadline)
        if not quiet:
            self.report.settle(record)

    # Documents

    def send_documents(self, record, first, count, deadline, quiet=False):
        shelf = self.shelf = Shelf(self, record, 60 if quiet else PATIENCE)
        watcher = threading.Thread(target=shelf.follow)
        watcher.start()
        self.crowd(shelf.upload, iter(range(first, first + count)) if count > 0 else itertools.count(first), deadline)
        shelf.sent_all.set()
        watcher.join()
        if not quiet:
            self.report.settle(record)
            ends = ", ".join(f"{count} × {code}" for code, count in shelf.ends.most_common())
            print(f"documents ended: {ends}")
            if shelf.slow:
                print("slowest to read: " + ", ".join(f"{name} {seconds:.1f} s" for seconds, name in sorted(shelf.slow, reverse=True)[:8]), flush=True)

    # The end

    def dead(self, kind):
        """The server died: what was under way is sent once more, each to a server of its own, to tell which input did it."""
        print(f"the server {self.target.end} during {kind}; looking for the input that did it", flush=True)
        self.report.fault("death", f"the server {self.target.end} during {kind}\n{self.target.last_words()}")
        self.report.keep("server.log", self.target.log_tail(1_000_000).encode())
        self.watch.stop()
        for name, data in self.suspects()[:60]:
            target = Target(self.options.binary, os.path.join(self.folder, "trial"), self.embedder)
            answer, ended = send_one(target, Household(target.port, target.first_run()), name, data, 20)
            if not target.lives:
                self.report.fault(f"death by {name}", f"{name} ({len(data)} bytes): the server {target.end}\n{target.last_words()}", name, data)
            elif answer.status == -1 or ended == "unfinished":
                self.report.fault("takes long alone", f"{name} ({len(data)} bytes): {answer.status} after {answer.seconds:.0f} s, {ended}", name, data)
            target.kill()
            shutil.rmtree(target.folder, ignore_errors=True)

    def suspects(self):
        """Name and bytes of every input that was under way, the likeliest first."""
        found = []
        for item in self.flying.values():
            if isinstance(item, tuple):
                number, operation = item
                found.append((f"body-{operation[4]}-{number}.http", self.hostility.body(number, operation)))
            elif self.shelf is None:
                found.append((f"request-{item}.http", self.hostility.mutated(item)[0]))
        if self.shelf is not None:
            found += [(name, self.documents.make(number)[1]) for number, name in self.shelf.unfinished()]
        return found

    def rest(self):
        """Bytes resident once nothing is under way and the number has stopped falling, or after some seconds."""
        least, since, begun = resident(self.target.pid), time.monotonic(), time.monotonic()
        while time.monotonic() - since < 12 and time.monotonic() - begun < 40:
            time.sleep(0.5)
            now = resident(self.target.pid)
            if now < least - (1 << 20):
                since = time.monotonic()
            least = min(least, now)
        return least

    def finish(self, before):
        if self.target.lives:
            after = self.rest()
            readers = sum(resident(child) for child in descendants(self.target.pid))
            seconds, failures, children, most, zombies = self.watch.stop()
            probes = sorted(seconds)
            print(
                f"health: {len(probes)} probes, p99 {probes[int(len(probes) * 0.99)] * 1000:.0f} ms, slowest {probes[-1] * 1000:.0f} ms\n"
                f"memory: {before >> 20} MB after warm-up, {most >> 20} MB at most, {after >> 20} MB after rest and {readers >> 20} MB in its children, {len(children)} of them in all")
            if after > before + (self.options.memory << 20):
                self.report.fault("memory", f"{after >> 20} MB are resident after the run, {(after - before) >> 20} MB more than after the warm-up")
            for _, status in failures:
                self.report.fault("health", f"the health endpoint answered {status}")
            if probes[-1] > 10:
                self.report.fault("health", f"the health endpoint took {probes[-1]:.1f} s")
            for child in zombies:
                self.report.fault("zombie", f"child {child} ({children[child][1]}) has ended and was not waited for")
            if not self.target.stop():
                self.report.fault("stop", "the server did not end within 20 s of SIGTERM")
            time.sleep(0.5)
            running = processes()
            for child, (started, name) in children.items():
                if child in running and running[child][2] == started and running[child][1] != "Z":
                    self.report.fault("orphan", f"child {child} ({name}) runs on after the server has ended")
            left = os.listdir(self.target.temporary)
            if left:
                self.report.fault("temporary files", f"{len(left)} temporary files stay behind, such as {left[0]}")
        self.embedder.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class Shelf:
    """Uploads documents into projects that are deleted once they are full and everything in them has ended, and follows what becomes of them."""

    def __init__(self, fuzzer, record, patience):
        self.fuzzer, self.report, self.record, self.patience = fuzzer, fuzzer.report, record, patience
        self.lock, self.room = threading.Lock(), threading.Semaphore(BACKLOG)
        self.waiting = {}  # id: [number, name, project, when uploaded, when first seen at work]
        self.ends, self.slow = collections.Counter(), []
        self.sent_all = threading.Event()
        self.number = 0
        self.project = None
        self.old = []
        self.connection = Connection(fuzzer.target.port, 60)

    def call(self, method, path, body=None):
        answer = self.connection.call(method, path, body, self.fuzzer.household.token)
        if answer.status == 401:
            self.fuzzer.household.check()
            answer = self.connection.call(method, path, body, self.fuzzer.household.token)
        return answer

    def place(self, connection):
        with self.lock:
            if self.number % PER_PROJECT == 0:
                if self.project:
                    self.old.append(self.project)
                made = connection.call("POST", "/v1/projects", {"name": f"Shelf {self.number}"}, self.fuzzer.household.token).json()
                self.project = (made or {}).get("id", self.project)
            self.number += 1
            return self.project

    def upload(self, connection, number):
        while not self.room.acquire(timeout=1):
            if not self.fuzzer.target.lives:
                return
        project = self.place(connection)
        name, data = self.fuzzer.documents.make(number)
        answer = connection.call("POST", f"/v1/projects/{project}/documents?name={name}", data, self.fuzzer.household.token, "application/octet-stream")
        self.report.judge(self.record, f"document {number} ({name}, {len(data)} bytes)", name, answer, data)
        id = (answer.json() or {}).get("id") if answer.status in (200, 202) else None
        if id:
            with self.lock:
                # The same bytes twice in a project are one document.
                if id not in self.waiting:
                    self.waiting[id] = [number, name, project, time.monotonic(), None]
                    return
        elif answer.status not in (200, 202):
            self.ends[f"refused {answer.status} {answer.problem}"] += 1
        self.room.release()

    def unfinished(self):
        """Number and name, those at work first."""
        return [tuple(one[:2]) for one in sorted(self.waiting.values(), key=lambda one: (one[4] is None, one[3]))]

    def follow(self):
        deadline = None
        while self.fuzzer.target.lives:
            self.look()
            if self.sent_all.is_set():
                if not self.waiting:
                    break
                deadline = deadline or time.monotonic() + self.patience
                if time.monotonic() > deadline:
                    for id, (number, name, *_) in self.waiting.items():
                        self.report.fault("unfinished", f"document {number} ({name}) has not ended {self.patience} s after the last upload", name, self.fuzzer.documents.make(number)[1])
                    break
            time.sleep(0.3)
        if self.fuzzer.target.lives:
            for project in self.old + ([self.project] if self.project else []):
                self.close(project)

    def look(self):
        """Which documents have ended since the last look?"""
        with self.lock:
            known = dict(self.waiting)
            old = list(self.old)
        projects = {one[2] for one in known.values()}
        for project in projects:
            answer = self.call("GET", f"/v1/projects/{project}/documents?filter=state!=ready,failed&all=true&fields=id,state")
            found = answer.json()
            if answer.status != 200 or found is None:
                continue
            states = {one["id"]: one["state"] for one in found["items"]}
            now = time.monotonic()
            for id, one in known.items():
                if one[2] != project:
                    continue
                if id in states:
                    if states[id] != "queued" and one[4] is None:
                        one[4] = now
                else:
                    self.ended(id, one, now)
        for project in old:
            if not any(one[2] == project for one in self.waiting.values()):
                self.close(project)
                with self.lock:
                    self.old.remove(project)

    def ended(self, id, one, now):
        with self.lock:
            self.waiting.pop(id, None)
        self.room.release()
        if one[4] is not None and now - one[4] > 2:
            self.slow.append((now - one[4], one[1]))
        if one[0] % 20 == 0:
            # What was made of it is read too.
            for path in ("", "/text?to=500", "/passages?limit=5"):
                answer = self.call("GET", f"/v1/projects/{one[2]}/documents/{id}{path}")
                self.report.judge(self.record, f"reading {path or 'the state'} of document {one[0]} ({one[1]})", one[1], answer, self.fuzzer.documents.make(one[0])[1])

    def close(self, project):
        """Searches it, counts how its documents ended, and deletes it."""
        answer = self.call("POST", f"/v1/projects/{project}/search", {"query": "When does the office open?", "limit": 20})
        self.report.judge(self.record, "searching", "search.http", answer, b"")
        answer = self.call("GET", f"/v1/projects/{project}/documents?all=true&fields=id,name,state,error")
        for one in (answer.json() or {}).get("items", []):
            code = (one.get("error") or {}).get("code") or one["state"]
            self.ends[code] += 1
            if code in ("internal", "converter.failed"):
                number, data = self.made(one["name"])
                self.report.fault("a document ends as a fault of the server", f"document {number} ({one['name']}): {one['error']}", one["name"], data)
            elif "failed at this file" in (one.get("error") or {}).get("message", ""):
                self.ends["read by a process that died of it"] += 1
                self.report.note("a reader died", one["name"], self.made(one["name"])[1])
        self.call("DELETE", f"/v1/projects/{project}")

    def made(self, name):
        """The number of a document that was uploaded under this name, and its bytes."""
        number = int(name.rsplit("-", 1)[-1].split(".")[0])
        return number, self.fuzzer.documents.make(number)[1]


def read_one(household, name, data, patience):
    """Uploads one document alone; the answer, and how it ended."""
    root = f"/v1/projects/{household.values['project']}/documents"
    answer = household.call("POST", f"{root}?name={name}", data, kind="application/octet-stream")
    if answer.status not in (200, 202):
        return answer, f"refused {answer.status} {answer.problem}"
    begun = time.monotonic()
    while time.monotonic() - begun < patience:
        found = household.call("GET", f"{root}/{answer.json()['id']}").json()
        if found is None:
            return answer, "gone"
        if found["state"] in ("ready", "failed"):
            return answer, f"{found['state']} {found.get('error') or ''} after {time.monotonic() - begun:.1f} s"
        time.sleep(0.05)
    return answer, "unfinished"


def send_one(target, household, name, data, patience):
    """Sends one kept input; the answer, and how it ended."""
    if not name.endswith(".http"):
        return read_one(household, name, data, patience)
    answer = Connection(target.port, patience).send(filled(data, household.values))
    return answer, answer.body[:300].decode("utf-8", "replace")


def repeat(options):
    """Sends kept inputs once more, one after the other, to a fresh server."""
    embedder, folder = Embedder(), tempfile.mkdtemp(prefix="parley-fuzz-")
    target = Target(options.binary, folder, embedder)
    household = Household(target.port, target.first_run())
    for path in options.repeat:
        with open(path, "rb") as file:
            data = file.read()
        before = resident(target.pid)
        answer, ended = send_one(target, household, os.path.basename(path), data, PATIENCE)
        time.sleep(0.2)
        print(f"{path}: {answer.status} after {answer.seconds:.2f} s; {ended}; the server {target.end}, {before >> 20} → {resident(target.pid) >> 20} MB")
        if not target.lives:
            print(target.last_words())
            break
        household.check()
    target.kill()
    embedder.stop()
    shutil.rmtree(folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--root", required=True, help="the repository")
    parser.add_argument("--documents", type=int, help="how many; -1 for as many as the time allows")
    parser.add_argument("--requests", type=int)
    parser.add_argument("--bodies", type=int, help="to every operation that takes JSON")
    parser.add_argument("--seconds", type=float, default=0, help="how long in all; the kinds share it")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--memory", type=int, default=50, help="megabytes that the server may have grown by")
    parser.add_argument("--longest", type=float, default=10.0, help="seconds within which every answer must come")
    parser.add_argument("--keep", help="folder for the inputs that made something go wrong")
    parser.add_argument("--repeat", nargs="+", metavar="FILE", help="sends kept inputs once more")
    options = parser.parse_args()
    if options.repeat:
        return repeat(options)
    for kind, usual in (("documents", 2000), ("requests", 2000), ("bodies", 20)):
        if getattr(options, kind) is None:
            setattr(options, kind, -1 if options.seconds else usual)
    print(f"seed {options.seed}", flush=True)
    begun = time.monotonic()
    fuzzer = Fuzzer(options)
    try:
        fuzzer.run()
    finally:
        fuzzer.target.kill()
        fuzzer.embedder.stop()
        shutil.rmtree(fuzzer.folder, ignore_errors=True)
    print(f"fuzzed for {time.monotonic() - begun:.0f} s with seed {options.seed}")
    fuzzer.report.print()
    if fuzzer.report.faults:
        sys.exit(f"{len(fuzzer.report.faults)} kinds of fault; seed {options.seed}; inputs in {fuzzer.report.folder}")


if __name__ == "__main__":
    main()
