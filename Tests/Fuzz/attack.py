#!/usr/bin/env python3
"""Lets an attacker of each kind loose on a real server, as viewer, editor and stranger, and measures what another project notices of it.

The search of the other project must stay under three times its quiet 95th percentile, and no write there may fail. Each attack has a fresh server
on a copy of one prepared folder. Prints a table; exits with 1 and the list of what is wrong otherwise."""
import argparse
import multiprocessing
import os
import random
import shutil
import sys
import tempfile
import threading
import time

import attackers
from target import PASSWORD, Embedder, Target, resident
from wire import Connection

ROLES = ("viewer", "editor", "stranger")
SEARCHES, WRITES = 15, 4  # Of the other project, a second.
LIMIT = 3.0
WORKERS = 6
PAUSE = 0.02  # Between two requests of one worker.
DOCUMENTS, MESSAGES = 200, 3000
FORK = multiprocessing.get_context("fork")


class House:
    """A prepared folder with two projects: that of the one who is to notice nothing, and that of the attackers."""

    def __init__(self, binary, folder, embedder):
        self.binary, self.folder, self.embedder = binary, folder, embedder
        self.prepared = os.path.join(folder, "prepared")
        target = Target(binary, self.prepared, embedder, SETTINGS)
        admin = target.first_run()
        connection = Connection(target.port, 60)

        def post(path, body, token=admin, method="POST"):
            answer = connection.call(method, path, body, token)
            if answer.status not in (200, 201, 202):
                raise SystemExit(f"{method} {path}: {answer.status} {answer.body[:300]}")
            return answer.json()

        people = {}
        for name in ("vic", "viewer", "editor"):
            people[name] = post("/v1/users", {"email": f"{name}@example.com", "name": name, "password": PASSWORD})["id"]
        self.quiet, self.loud = (post("/v1/projects", {"name": name})["id"] for name in ("Quiet", "Loud"))
        post(f"/v1/projects/{self.quiet}/members/{people['vic']}", {"role": "editor"}, method="PUT")
        for role in ("viewer", "editor"):
            post(f"/v1/projects/{self.loud}/members/{people[role]}", {"role": role}, method="PUT")
        chance = random.Random(1)
        for project, count in ((self.quiet, DOCUMENTS), (self.loud, 20)):
            for number in range(count):
                text = f"Note {number}\n\n" + "\n\n".join(
                    f"The {chance.choice(THINGS)} of the {chance.choice(THINGS)} opens at {n} and holds {chance.randrange(1000)} {chance.choice(THINGS)}s." for n in range(20))
                connection.call("POST", f"/v1/projects/{project}/documents?name=note{number}.txt", text.encode(), admin, "text/plain")
        for project in (self.quiet, self.loud):
            while (connection.call("GET", f"/v1/projects/{project}/documents?filter=state!=ready,failed&limit=1", token=admin).json() or {"items": [1]})["items"]:
                time.sleep(0.1)
        # Long threads for those who export them, one each, since a thread is its owner's.
        self.threads = {}
        for role in ("viewer", "editor"):
            token = sign_in(target.port, role)
            messages = [{"id": f"m{n}", "parent_id": f"m{n - 1}" if n else None, "role": "user" if n % 2 == 0 else "assistant", "content": f"Line {n}. " * 20} for n in range(MESSAGES)]
            form = connection.call("GET", f"/v1/projects/{self.loud}/threads/{post(f'/v1/projects/{self.loud}/threads', {'title': 'a'}, token)['id']}/export", token=token, headers=["Accept: application/json"]).json()
            made = post(f"/v1/projects/{self.loud}/threads/import", {**form, "title": "Long", "messages": messages}, token)
            made = made.get("items", made.get("threads", made)) if isinstance(made, dict) else made
            self.threads[role] = made[0]["id"]
        target.stop()

    def open(self):
        """A server on a copy of the folder."""
        folder = os.path.join(self.folder, "running")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.prepared, folder)
        return Target(self.binary, folder, self.embedder, SETTINGS)


SETTINGS = {"rate-ordinary": 12000, "rate-question": 1200, "rate-upload": 6000, "rate-bulk": 300, "rate-sign-in": 300, "ingestion-max-time": "120s"}  # As they are when nobody sets them.
THINGS = ["office", "ledger", "tower", "gate", "lantern", "keeper", "harbour", "archive", "scroll", "bridge", "market", "garden", "council", "bell", "ferry"]


def sign_in(port, name):
    answer = Connection(port, 60).call("POST", "/v1/auth/sign-in", {"email": f"{name}@example.com", "password": PASSWORD})
    return answer.json()["access_token"]


class Neighbour:
    """Somebody in the other project who searches and writes at a steady pace, in a process of their own. Each request is timed from when it was due."""

    def __init__(self, port, token, project, seconds):
        self.results, sender = FORK.Pipe(False)
        self.process = FORK.Process(target=self.run, args=(port, token, f"/v1/projects/{project}", seconds, sender), daemon=True)
        self.process.start()
        sender.close()

    def run(self, port, token, root, seconds, sender):
        searches, writes, failed = [], [], []
        chance = random.Random(2)
        thread = Connection(port, 60).call("POST", f"{root}/threads", {"title": "Notes"}, token).json()["id"]

        def pace(rate, work):
            connection = Connection(port, 60)
            begun = time.monotonic()
            for number in range(int(rate * seconds)):
                due = begun + number / rate
                time.sleep(max(0.0, due - time.monotonic()))
                if time.monotonic() > begun + seconds + 15:
                    break
                work(connection, number, due)

        def search(connection, number, due):
            query = f"When does the {chance.choice(THINGS)} of the {chance.choice(THINGS)} open?"
            answer = connection.call("POST", f"{root}/search", {"query": query, "limit": 10}, token)
            searches.append(time.monotonic() - due if answer.status == 200 else 60.0)

        def write(connection, number, due):
            kind = number % 3
            if kind == 0:
                answer = connection.call("PATCH", f"{root}/threads/{thread}", {"title": f"Notes {number}"}, token)
            elif kind == 1:
                answer = connection.call("POST", f"{root}/threads", {"title": f"More {number}"}, token)
            else:
                answer = connection.call("POST", f"{root}/documents?name=new{number}.txt", f"New {number} {chance.random()}".encode(), token, "text/plain")
            writes.append(time.monotonic() - due)
            if not 200 <= answer.status < 300:
                failed.append(f"{answer.status} {answer.problem or ''}".strip())

        both = [threading.Thread(target=pace, args=arguments) for arguments in ((SEARCHES, search), (WRITES, write))]
        for one in both:
            one.start()
        for one in both:
            one.join()
        sender.send((searches, writes, failed))

    def wait(self, seconds):
        """Seconds of each search and each write, and how writes failed."""
        found = self.results.recv() if self.results.poll(seconds) else ([60.0], [60.0], ["the neighbour never came back"])
        self.process.kill()
        self.process.join()
        return found


def assault(kind, port, token, project, thread, seconds):
    """The attacker's process: some workers that do it again and again."""
    os.nice(5)
    once = kind(attackers.Attacker(port, token, project, thread))
    end = time.monotonic() + seconds

    def work():
        connection = Connection(port, 10)
        while time.monotonic() < end:
            once(connection)
            time.sleep(PAUSE)

    workers = [threading.Thread(target=work, daemon=True) for _ in range(1 if isinstance(once, attackers.Slow) else WORKERS)]
    for worker in workers:
        worker.start()
    time.sleep(max(0.0, end - time.monotonic()))
    os._exit(0)


def share(seconds, part):
    ordered = sorted(seconds)
    return ordered[int((len(ordered) - 1) * part)] if ordered else 0.0


class Trial:
    """One attack: quiet first, then under it."""

    def __init__(self, house, kind, role, seconds):
        self.name, self.role = kind.__name__.replace("_", " "), role
        target = house.open()
        try:
            vic = sign_in(target.port, "vic")
            token = None if role == "stranger" else sign_in(target.port, role)
            Neighbour(target.port, vic, house.quiet, 1.5).wait(60)
            self.quiet = Neighbour(target.port, vic, house.quiet, min(seconds, 5)).wait(60)
            attack = FORK.Process(target=assault, args=(kind, target.port, token, house.loud, house.threads.get(role, "x"), seconds + 1), daemon=True)
            attack.start()
            time.sleep(0.5)
            self.loud = Neighbour(target.port, vic, house.quiet, seconds).wait(seconds + 60)
            attack.kill()
            attack.join()
            self.end, self.memory = target.end, resident(target.pid)
            self.words = "" if target.lives else target.last_words()
        finally:
            target.kill()

    @property
    def ratio(self):
        return share(self.loud[0], 0.95) / max(share(self.quiet[0], 0.95), 0.0001)

    @property
    def faults(self):
        found = []
        if self.end != "runs":
            found.append(f"the server {self.end}\n{self.words}")
        if self.ratio > LIMIT:
            found.append(f"the search's p95 is {self.ratio:.1f} times its quiet {share(self.quiet[0], 0.95) * 1000:.1f} ms")
        if self.loud[2]:
            found.append(f"{len(self.loud[2])} of {len(self.loud[1])} writes failed: {', '.join(sorted(set(self.loud[2])))}")
        return found

    def row(self):
        def times(seconds):
            return f"{share(seconds, 0.5) * 1000:.1f} / {share(seconds, 0.95) * 1000:.1f}"

        return (
            f"| {self.name} | {self.role} | {times(self.quiet[0])} | {times(self.loud[0])} | {self.ratio:.1f} | {share(self.loud[1], 0.95) * 1000:.0f} | "
            f"{len(self.loud[1])} / {len(self.loud[2])} | {self.memory >> 20} | {'ok' if not self.faults else 'FAILED'} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--seconds", type=float, default=10, help="of each attack")
    parser.add_argument("--only", help="kinds, with commas between")
    parser.add_argument("--roles", default=",".join(ROLES))
    options = parser.parse_args()
    wanted = options.only.split(",") if options.only else None
    kinds = [kind for kind in attackers.KINDS if wanted is None or kind.__name__ in wanted]
    folder, embedder = tempfile.mkdtemp(prefix="parley-attack-"), Embedder()
    faults = []
    try:
        house = House(options.binary, folder, embedder)
        print("| attacker | as | search quiet p50 / p95 ms | under attack | ratio | writes p95 ms | writes / failed | MB | |\n|---|---|---|---|---|---|---|---|---|", flush=True)
        for kind in kinds:
            for role in options.roles.split(","):
                trial = Trial(house, kind, role, options.seconds)
                print(trial.row(), flush=True)
                faults += [f"{trial.name} as {role}: {fault}" for fault in trial.faults]
    finally:
        embedder.stop()
        shutil.rmtree(folder, ignore_errors=True)
    for fault in faults:
        print("FAILED", fault)
    if faults:
        sys.exit(f"{len(faults)} faults under attack.")


if __name__ == "__main__":
    main()
