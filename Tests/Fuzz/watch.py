"""Watches the server from processes of its own, so that the fuzzer's work does not disturb the clock: is it healthy, and what children has it?"""
import multiprocessing
import time

from target import descendants, resident
from wire import Connection

PAUSE = 0.25


class Watch:
    """Probes the health endpoint four times a second and notes every child that the server ever had."""

    def __init__(self, port, pid):
        context = multiprocessing.get_context("fork")
        self.pid = pid
        self.results, sender = context.Pipe(False)
        self.stopping = context.Event()
        self.process = context.Process(target=self.run, args=(port, pid, sender), daemon=True)
        self.process.start()
        sender.close()

    def run(self, port, pid, sender):
        connection = Connection(port)
        seconds, failures, children, most, zombies = [], [], {}, 0, {}
        while not self.stopping.is_set():
            begun = time.monotonic()
            answer = connection.call("GET", "/health/live")
            seconds.append(answer.seconds)
            if answer.status != 200:
                failures.append((begun, answer.status))
            most = max(most, resident(pid))
            for child, (state, started, name) in descendants(pid).items():
                children[child] = (started, name)
                zombies[child] = zombies.get(child, 0) + 1 if state == "Z" else 0
            time.sleep(max(0.0, PAUSE - (time.monotonic() - begun)))
        lasting = [child for child, times in zombies.items() if times > 20 and child in descendants(pid)]
        sender.send((seconds, failures, children, most, lasting))

    def stop(self):
        """Seconds of each probe, failed probes, the children ever seen, the most memory in bytes, and zombies that stayed."""
        self.stopping.set()
        found = self.results.recv() if self.results.poll(30) else ([], [(time.monotonic(), "the watch itself died")], {}, 0, [])
        self.process.join(5)
        return found
