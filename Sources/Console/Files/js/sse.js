// Server-sent events over fetch (EventSource cannot send an Authorization header). Format: the WHATWG HTML standard, section 9.2.

import { open } from "./api.js";
import { whenBack } from "./connection.js";
import { Problem, isAbort } from "./problem.js";

/** Turns pieces of text into events, wherever the pieces are cut. */
export class EventParser {
  #rest = "";
  #data = [];
  #event = "";
  #id = null;

  /** Gives the events that this piece completes: {id, event, data}. */
  feed(piece) {
    const lines = (this.#rest + piece).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop();
    return lines.flatMap((line) => this.#line(line.replace(/\r$/, "")));
  }

  #line(line) {
    if (line === "") return this.#dispatch();
    if (line.startsWith(":")) return [];
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "data") this.#data.push(value);
    if (field === "event") this.#event = value;
    if (field === "id" && !value.includes("\0")) this.#id = value;
    return [];
  }

  #dispatch() {
    const data = this.#data;
    const event = this.#event || "message";
    this.#data = [];
    this.#event = "";
    return data.length ? [{ id: this.#id, event, data: data.join("\n") }] : [];
  }
}

const delays = [300, 800, 1500, 3000, 5000, 8000];

/**
 * Follows a stream until `onEvent(name, payload)` returns true (the last event). A dropped connection is taken up again
 * after the last event seen; `onState("lost" | "open")` tells of it. Gives up when the server has nothing to add or stays away.
 */
export async function follow(path, { onEvent, onState = () => {}, signal }) {
  let lastID = null;
  let failures = 0;
  let emptyEnds = 0;
  while (!signal.aborted) {
    try {
      const headers = { Accept: "text/event-stream", ...(lastID === null ? {} : { "Last-Event-ID": lastID }) };
      const response = await open("GET", path, { headers, signal });
      onState("open");
      emptyEnds += 1;
      for await (const event of read(response)) {
        failures = emptyEnds = 0;
        lastID = event.id ?? lastID;
        if (onEvent(event.event, JSON.parse(event.data))) return;
      }
    } catch (error) {
      if (isAbort(error) || isFinal(error)) throw error;
      if (error.code === "unreachable") {
        onState("lost");
        await connection(signal);
        continue;
      }
    }
    if (failures >= delays.length || emptyEnds > 1) throw Problem.unreachable();
    onState("lost");
    await pause(delays[failures], signal);
    failures += 1;
  }
}

async function* read(response) {
  const parser = new EventParser();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield* parser.feed(value);
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

const connection = (signal) => new Promise((resolve, reject) => {
  whenBack(resolve, signal);
  signal.addEventListener("abort", () => reject(signal.reason), { once: true });
});

/** Answers that trying again will not change. */
const isFinal = (error) => error instanceof Problem && error.status >= 400 && error.status < 500 && error.status !== 429;

function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => { clearTimeout(timer); reject(signal.reason); }, { once: true });
  });
}
