#!/usr/bin/env python3
"""Kills the server with SIGKILL at random moments while it is uploaded to, written to and asked, and looks at what is left.

Nothing that was acknowledged may be lost, nothing may be there twice, every document must end ready, every answer must be made
anew or end honestly, no file may lie about that no document names. Exits with 1 and the list of what is wrong otherwise."""
import argparse
import collections
import hashlib
import os
import random
import shutil
import sys
import tempfile
import threading
import time

from server import ANSWER, Gone, Model, Postgres, Server, Servers, SQLite


class Ledger:
    """What clients were told, and what they do not know."""

    def __init__(self):
        self.lock = threading.Lock()
        self.documents = {}  # id: (name, SHA-256), acknowledged
        self.deleted = set()
        self.maybe_deleted = set()
        self.threads = {}  # id: title
        self.titles = {}  # id: [last acknowledged, last sent]
        self.exchanges = {}  # answer's id: (thread, question's id, question)
        self.keyed = {}  # key: (method, path, body, raw, answer's body)
        self.unknown = {}  # key: (method, path, body, raw): sent, not answered
        self.number = 0
        self.counts = collections.Counter()

    def next(self):
        with self.lock:
            self.number += 1
            return self.number


class Clients:
    """People at work until the server is gone."""

    def __init__(self, server, project, ledger, seed):
        self.server, self.root, self.ledger = server, f"/v1/projects/{project}", ledger
        self.random = random.Random(seed)
        self.stop = threading.Event()
        # What was left unanswered by a server that is dead; what is being sent now is not repeated.
        self.earlier = list(ledger.unknown)

    def run(self, seconds, crash=lambda: None):
        work = [self.upload, self.upload_slowly, self.write, self.ask, self.ask, self.repeat, self.remove]
        threads = [threading.Thread(target=self.loop, args=(one, random.Random(self.random.random()))) for one in work]
        for thread in threads:
            thread.start()
        time.sleep(seconds)
        self.server.kill()
        crash()
        # The others go on without it.
        time.sleep(seconds if self.server.many else 0)
        self.stop.set()
        for thread in threads:
            thread.join()

    def loop(self, work, chance):
        while not self.stop.is_set():
            try:
                work(chance)
            except Gone:
                self.ledger.counts["unanswered"] += 1
                if not self.server.many:
                    return

    def send(self, method, path, body=None, raw=None, keyed=False):
        """Sends it, with a key that makes it safe to send again if so wanted; the answer's body, or None when it was refused."""
        key = f"key-{self.ledger.next()}" if keyed else None
        if key:
            with self.ledger.lock:
                self.ledger.unknown[key] = (method, path, body, raw)
        status, answer = self.server.call(method, path, body, key, raw)
        if not 200 <= status < 300:
            self.ledger.counts[f"refused {status}"] += 1
            # Whether a change was made whose commit broke off, the server does not know either.
            if key and status < 500:
                self.ledger.unknown.pop(key)
            time.sleep(0.05)
            return None
        self.ledger.counts["acknowledged"] += 1
        if key:
            with self.ledger.lock:
                self.ledger.keyed[key] = (*self.ledger.unknown.pop(key), answer)
        return answer

    def upload(self, chance):
        number = self.ledger.next()
        paragraphs = [
            f"Paragraph {n} of note {number}: the keeper of gate {chance.randrange(10**9)} counts {chance.randrange(10**6)} lanterns."
            for n in range(chance.randrange(2, 30))
        ]
        self.put(f"note-{number}.md", (f"# Note {number}\n\n" + "\n\n".join(paragraphs)).encode(), chance)

    def upload_slowly(self, chance):
        """Bytes that take a while to arrive, most of which are no text."""
        number = self.ledger.next()
        filling = "".join(chance.choices("abcdefgh ", k=chance.randrange(50_000, 300_000)))
        page = f"<html><body><h1>Page {number}</h1><p>The archive holds {number} scrolls.</p><!-- {filling} --></body></html>"
        self.put(f"page-{number}.html", page.encode(), chance, pause=0.01)

    def put(self, name, data, chance, pause=0.0):
        def pieces():
            for start in range(0, len(data), 16_384):
                yield data[start : start + 16_384]
                time.sleep(pause)

        raw = (pieces() if pause else data, len(data))
        answer = self.send("POST", f"{self.root}/documents?name={name}", raw=raw, keyed=not pause and chance.random() < 0.5)
        if answer:
            with self.ledger.lock:
                self.ledger.documents[answer["id"]] = (name, hashlib.sha256(data).hexdigest())
        time.sleep(0.02)

    def write(self, chance):
        number = self.ledger.next()
        thread = self.send("POST", f"{self.root}/threads", {"title": f"thread {number}"}, keyed=chance.random() < 0.5)
        if not thread:
            return
        with self.ledger.lock:
            self.ledger.threads[thread["id"]] = f"thread {number}"
        if chance.random() < 0.5:
            titles = self.ledger.titles.setdefault(thread["id"], [0, 0])
            for turn in range(1, 4):
                titles[1] = turn
                if self.send("PATCH", f"{self.root}/threads/{thread['id']}", {"title": f"thread {number} turn {turn}"}):
                    titles[0] = turn

    def ask(self, chance):
        thread = self.send("POST", f"{self.root}/threads", {})
        if not thread:
            return
        question = f"What does note {self.ledger.next()} say of lanterns?"
        path = f"{self.root}/threads/{thread['id']}/messages"
        exchange = self.send("POST", path, {"content": question}, keyed=chance.random() < 0.5)
        if not exchange:
            return
        with self.ledger.lock:
            self.ledger.exchanges[exchange["answer"]["id"]] = (thread["id"], exchange["question"]["id"], question)
        if chance.random() < 0.7:
            self.server.call("GET", f"{path}/{exchange['answer']['id']}/events")

    def repeat(self, chance):
        """Sends again what was not answered, and now and then what was: it must give the same."""
        with self.ledger.lock:
            unknown = [(key, self.ledger.unknown[key]) for key in self.earlier if key in self.ledger.unknown]
            known = list(self.ledger.keyed.items())
        if unknown and chance.random() < 0.7:
            settle_key(self.server, self.ledger, *chance.choice(unknown))
        elif known:
            key, (method, path, body, raw, first) = chance.choice(known)
            status, answer = self.server.call(method, path, body, key, raw)
            if status < 300 and answer != first:
                self.ledger.counts["replays that differ"] += 1
        time.sleep(0.02)

    def remove(self, chance):
        time.sleep(0.1)
        with self.ledger.lock:
            left = [one for one in self.ledger.documents if one not in self.ledger.maybe_deleted]
        if not left or chance.random() < 0.6:
            return
        document = chance.choice(left)
        self.ledger.maybe_deleted.add(document)
        if self.server.call("DELETE", f"{self.root}/documents/{document}")[0] == 204:
            self.ledger.deleted.add(document)


def settle_key(server, ledger, key, request):
    """Carries a request out whose answer never came, under its key: once, whether or not it had been carried out."""
    method, path, body, raw = request
    status, answer = server.call(method, path, body, key, raw)
    if status == 409 or status >= 500:
        return False
    with ledger.lock:
        if key not in ledger.unknown:
            return True
        ledger.unknown.pop(key)
        if not 200 <= status < 300:
            ledger.counts[f"refused {status}"] += 1
            return True
        ledger.counts["carried out by a repetition"] += 1
        ledger.keyed[key] = (method, path, body, raw, answer)
        if path.endswith("/threads"):
            ledger.threads[answer["id"]] = body["title"]
        elif raw:
            ledger.documents[answer["id"]] = (path.split("name=")[1], hashlib.sha256(raw[0]).hexdigest())
        else:
            thread = path.split("/threads/")[1].split("/")[0]
            ledger.exchanges[answer["answer"]["id"]] = (thread, answer["question"]["id"], body["content"])
    return True


class Inspection:
    """Looks at everything once the server has come to rest."""

    def __init__(self, server, database, project, ledger):
        self.server, self.database, self.ledger = server, database, ledger
        self.project, self.root = project, f"/v1/projects/{project}"
        self.faults = []

    def run(self, patience=90):
        self.wait(patience)
        for key, request in list(self.ledger.unknown.items()):
            deadline = time.monotonic() + 45
            while not settle_key(self.server, self.ledger, key, request) and time.monotonic() < deadline:
                time.sleep(0.5)
        self.wait(patience)
        for check in (self.jobs, self.documents, self.chunks, self.threads, self.answers, self.usage, self.events, self.files, self.whole):
            check()
        return self.faults

    def fault(self, text):
        self.faults.append(text)

    def none(self, what, sql):
        for row in self.database.rows(sql):
            self.fault(f"{what}: {row}")

    def wait(self, patience):
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if not self.database.rows("SELECT id FROM jobs WHERE state IN ('queued', 'running') LIMIT 1"):
                return
            time.sleep(0.05)
        self.none("a job does not end", "SELECT id, type, state, attempts FROM jobs WHERE state IN ('queued', 'running')")

    def jobs(self):
        given_up = self.database.rows("SELECT type, subject, error FROM jobs WHERE state = 'dead'")
        self.ledger.counts["jobs given up"] = len(given_up)
        # What ran alone and was done, or waits to.
        self.ledger.counts["jobs under suspicion"] = int(self.database.rows("SELECT count(*) FROM jobs WHERE deaths >= 2")[0][0])
        for row in given_up:
            if row[0] != "conversations.answer" or "died" in row[2]:
                self.fault(f"a job was given up: {row}")

    def documents(self):
        rows = self.database.rows(
            "SELECT documents.id, documents.name, revisions.content_hash, revisions.state, documents.deleted_at "
            "FROM documents JOIN revisions ON revisions.id = documents.latest_revision_id")
        found = {row[0]: row for row in rows}
        for id, (name, digest) in self.ledger.documents.items():
            if id not in found:
                self.fault(f"the acknowledged document {id} ({name}) is lost")
                continue
            if (found[id][1], found[id][2]) != (name, digest):
                self.fault(f"the document {id} is not what was uploaded")
            gone = found[id][4] not in (None, "")
            if id in self.ledger.deleted and not gone or gone and id not in self.ledger.maybe_deleted:
                self.fault(f"the document {id} was {'not ' if not gone else ''}deleted")
        for row in rows:
            if row[3] != "ready":
                self.fault(f"the document {row[0]} ({row[1]}) is {row[3]}")
            place = os.path.join(self.server.blobs, row[2][:2], row[2])
            with open(place, "rb") as file:
                if hashlib.sha256(file.read()).hexdigest() != row[2]:
                    self.fault(f"the file of {row[0]} is not whole")
        self.none("a document is there twice", "SELECT name, count(*) FROM documents GROUP BY name HAVING count(*) > 1")
        self.none("a document has two revisions", "SELECT document_id, count(*) FROM revisions GROUP BY document_id HAVING count(*) > 1")

    def chunks(self):
        self.none(
            "a document's passages are not each there once",
            "SELECT revisions.id, revisions.chunks, count(chunks.id), count(DISTINCT chunks.from_offset), max(chunks.ordinal) FROM revisions "
            "LEFT JOIN chunks ON chunks.revision_id = revisions.id GROUP BY revisions.id, revisions.chunks "
            "HAVING count(chunks.id) <> revisions.chunks OR count(DISTINCT chunks.from_offset) <> revisions.chunks "
            "OR max(chunks.ordinal) + 1 <> revisions.chunks")
        self.none(
            "a passage has not one vector",
            "SELECT chunks.id, count(embeddings.chunk_id) FROM chunks LEFT JOIN embeddings ON embeddings.chunk_id = chunks.id "
            "GROUP BY chunks.id HAVING count(embeddings.chunk_id) <> 1")
        self.none("a text is missing", "SELECT id FROM revisions WHERE id NOT IN (SELECT revision_id FROM parsed_texts)")

    def threads(self):
        found = dict(self.database.rows("SELECT id, title FROM threads"))
        for id, title in self.ledger.threads.items():
            told, sent = self.ledger.titles.get(id, (0, 0))
            allowed = [title if turn == 0 else f"{title} turn {turn}" for turn in range(told, sent + 1)]
            if id not in found:
                self.fault(f"the acknowledged thread {id} is lost")
            elif found[id] not in allowed:
                self.fault(f"the thread {id} is called {found[id]}, not {' or '.join(allowed)}")
        self.none(
            "a thread is there twice",
            "SELECT title, count(*) FROM threads WHERE title LIKE 'thread %' GROUP BY title HAVING count(*) > 1")

    def answers(self):
        rows = self.database.rows("SELECT id, parent_id, thread_id, role, state, content, attempt FROM messages")
        found = {row[0]: row for row in rows}
        for answer, (thread, question, content) in self.ledger.exchanges.items():
            if answer not in found or question not in found:
                self.fault(f"the acknowledged question {question} or its answer {answer} is lost")
            elif found[question][5] != content or found[answer][1:3] != (question, thread):
                self.fault(f"the question {question} is not what was asked")
        self.none(
            "a question is there twice",
            "SELECT content, count(*) FROM messages WHERE role = 'user' GROUP BY content HAVING count(*) > 1")
        self.none(
            "a question has not one answer",
            "SELECT questions.id, count(answers.id) FROM messages questions LEFT JOIN messages answers ON answers.parent_id = questions.id "
            "WHERE questions.role = 'user' GROUP BY questions.id HAVING count(answers.id) <> 1")
        self.ledger.counts["answers begun anew"] = sum(1 for row in rows if row[3] == "assistant" and int(row[6]) > 1)
        ends = dict(self.database.rows(
            "SELECT message_id, kind FROM answer_events WHERE number = (SELECT max(number) FROM answer_events later "
            "WHERE later.message_id = answer_events.message_id)"))
        restarts = dict(self.database.rows("SELECT message_id, count(*) FROM answer_events WHERE kind = 'restarted' GROUP BY message_id"))
        for id, _, _, role, state, content, attempt in rows:
            if role != "assistant":
                continue
            if state == "complete":
                if content.strip() != ANSWER and not content.startswith(("The documents", "“", "Nearest passages")):
                    self.fault(f"the answer {id} is not whole: {content!r}")
            elif state != "failed":
                self.fault(f"the answer {id} is {state}")
            else:
                self.ledger.counts["answers that say they broke off"] += 1
            if ends.get(id) != {"complete": "done", "failed": "failed"}.get(state):
                self.fault(f"the last event of the answer {id}, which is {state}, is {ends.get(id)}")
            if state == "complete" and int(attempt) > 1 and int(restarts.get(id, 0)) == 0:
                self.fault(f"the answer {id} was begun anew and does not say so")

    def usage(self):
        self.none("tokens stay set aside", "SELECT message_id FROM token_reservations")
        self.none(
            "an answer's tokens are not counted once",
            "SELECT messages.id, count(answer_usage.message_id) FROM messages LEFT JOIN answer_usage ON answer_usage.message_id = messages.id AND answer_usage.purpose = 'answer' "
            f"WHERE messages.role = 'assistant' AND messages.state = 'complete' AND messages.content NOT LIKE 'The documents%' "
            "GROUP BY messages.id HAVING count(answer_usage.message_id) <> 1")
        self.none(
            "tokens of more attempts are counted than died",
            "SELECT messages.id, count(*) FROM messages JOIN answer_usage ON answer_usage.message_id = messages.id "
            "WHERE answer_usage.purpose LIKE 'attempt %' GROUP BY messages.id, messages.attempt, messages.state "
            "HAVING count(*) > messages.attempt - CASE WHEN messages.state = 'failed' THEN 0 ELSE 1 END")
        counted = self.database.rows("SELECT count(*) FROM answer_usage WHERE purpose LIKE 'attempt %'")
        self.ledger.counts["died attempts counted"] = int(counted[0][0])

    def events(self):
        for kind in ("document.added", "document.ready", "message.asked", "message.complete", "thread.added"):
            self.none(
                f"{kind} is told twice", f"SELECT subject, count(*) FROM events WHERE kind = '{kind}' GROUP BY subject HAVING count(*) > 1")
        self.none(
            "a document's coming is not told",
            "SELECT id FROM documents WHERE id NOT IN (SELECT subject FROM events WHERE kind = 'document.ready')")

    def files(self):
        named = {row[0] for row in self.database.rows("SELECT content_hash FROM revisions")}
        blobs = self.server.blobs
        if self.server.many:
            self.sweep()
        there = {file for folder in os.listdir(blobs) if len(folder) == 2 for file in os.listdir(os.path.join(blobs, folder))}
        for file in there - named:
            self.fault(f"no document names the file {file}")
        for file in os.listdir(os.path.join(blobs, "incoming")):
            self.fault(f"the file {file} was left in the middle of an upload")

    def sweep(self):
        """What lies in a folder that several share is removed after an hour; the hour is made to have passed."""
        long_ago = time.time() - 7200
        for folder, _, files in os.walk(self.server.blobs):
            for file in files:
                os.utime(os.path.join(folder, file), (long_ago, long_ago))
        self.server.kill()
        self.server.start()
        blobs = [one for one in os.listdir(self.server.blobs) if len(one) == 2]
        named = {row[0] for row in self.database.rows("SELECT content_hash FROM revisions")}
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and any(
            file not in named for folder in blobs for file in os.listdir(os.path.join(self.server.blobs, folder))):
            time.sleep(0.1)

    def whole(self):
        for line in self.database.integrity():
            self.fault(f"the database is damaged: {line}")


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--home", required=True)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=None, help="makes the moments the same again, as far as a machine is")
    parser.add_argument("--every", type=int, default=10, help="kills between two looks at everything")
    parser.add_argument("--postgres", default=None, metavar="BIN", help="PostgreSQL's programs: use it, and crash it too now and then")
    parser.add_argument("--servers", type=int, default=1, help="servers on one PostgreSQL, one of which is killed each time")
    return parser.parse_args()


def main():
    chosen = options()
    seed = chosen.seed if chosen.seed is not None else random.randrange(10**6)
    chance = random.Random(seed)
    folder = tempfile.mkdtemp(prefix="parley-kill-")
    database = Postgres(folder, chosen.postgres) if chosen.postgres else SQLite(folder + "/data")
    model = Model.serve()
    if chosen.servers > 1 and not chosen.postgres:
        sys.exit("Several servers need PostgreSQL: add --postgres.")
    server = (
        Servers(chosen.binary, chosen.home, folder, model, database, chosen.servers) if chosen.servers > 1
        else Server(chosen.binary, chosen.home, folder + "/data", model, database))
    ledger, faults, began, crashes = Ledger(), [], time.monotonic(), 0
    server.start()
    project = server.sign_in()
    for kill in range(1, chosen.kills + 1):
        # Soon after the start as well, while what the last one left is still being taken up.
        moment = chance.choice([0.05, 0.3, 0.6, 1.2]) * chance.uniform(0.3, 1.7)
        crash = chosen.postgres and chance.random() < 0.3
        Clients(server, project, ledger, chance.random()).run(moment, database.crash if crash else lambda: None)
        crashes += 1 if crash else 0
        faults += [f"after kill {kill}: the database is damaged: {line}" for line in database.integrity()]
        server.start()
        if kill % chosen.every == 0 or kill == chosen.kills:
            faults += [f"after kill {kill}: {line}" for line in Inspection(server, database, project, ledger).run()]
            print(f"{kill} kills, {time.monotonic() - began:.0f} s, {len(faults)} faults", file=sys.stderr, flush=True)
            if len(faults) > 50:
                break
    faults += [f"replays that differ: {ledger.counts['replays that differ']}"] if ledger.counts["replays that differ"] else []
    server.stop()
    database.stop()
    counts = dict(sorted(ledger.counts.items()))
    print(
        (f"{chosen.servers} servers on " if chosen.servers > 1 else "") + f"{'PostgreSQL' if chosen.postgres else 'SQLite'}, seed {seed}: {chosen.kills} kills"
        + (f" and {crashes} crashes of PostgreSQL" if chosen.postgres else "") + f" in {time.monotonic() - began:.0f} s; "
        f"acknowledged {len(ledger.documents)} documents, {len(ledger.threads)} named threads, {len(ledger.exchanges)} questions; "
        + ", ".join(f"{name} {count}" for name, count in counts.items())
        + f"; start after a kill p50 {sorted(server.starts)[len(server.starts) // 2]:.2f} s")
    for fault in faults[:50]:
        print(f"WRONG: {fault}")
    if faults:
        print(f"{len(faults)} things are wrong; the data is kept in {folder}")
        sys.exit(1)
    print("nothing lost, nothing doubled, nothing left over")
    shutil.rmtree(folder)
    os.path.exists(folder + "/data.log") and os.remove(folder + "/data.log")


if __name__ == "__main__":
    main()
