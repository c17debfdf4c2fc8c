// What is known of an answer, and how each event of its stream changes it. No drawing here.

import { Problem } from "../problem.js";

const isDoubtful = (check) => check.verdict !== "supported";

/** Where a sentence ends that the documents do not support, or not wholly. */
const doubt = (check) => ({ at: check.to, verdict: check.verdict });

/** The words that answer, as far as they can be told. */
const answering = (quotes) => (quotes ?? []).flatMap((quote) => quote.marks ?? []);

/** The state of a stored message. */
export const fromMessage = (message) => ({
  state: message.state,
  content: message.content ?? "",
  passages: message.passages ?? [],
  citations: message.citations ?? [],
  doubts: (message.grounding?.sentences ?? []).filter(isDoubtful).map(doubt),
  answering: answering(message.quotes),
  degraded: message.degraded ?? [],
  model: message.model ?? null,
  refused: message.grounding?.refused ?? false,
  way: message.way ?? null,
  stance: message.grounding?.stance ?? "answered",
  head: message.grounding?.head ?? null,
  cutShort: message.cut_short ?? false,
  usage: message.usage ?? null,
  error: message.error ? asProblem(message.error) : null,
  retrieved: message.state !== "generating",
});

const nothing = { content: "", way: null, stance: "answered", head: null, passages: [], citations: [], doubts: [], answering: [], degraded: [], usage: null, error: null, retrieved: false };

/** The state after one event. */
export function after(state, name, payload) {
  switch (name) {
    case "retrieval": return { ...state, passages: payload.passages ?? [], degraded: payload.degraded ?? [], way: payload.way ?? null, stance: payload.stance ?? "answered", head: payload.head ?? null, retrieved: true };
    case "text": return { ...state, content: state.content + payload.text };
    case "citation": return { ...state, citations: [...state.citations, payload] };
    case "sentence": return isDoubtful(payload) ? { ...state, doubts: [...state.doubts, doubt(payload)] } : state;
    case "usage": return { ...state, usage: payload };
    case "restarted": return { ...state, ...nothing };
    case "done": return payload.message ? fromMessage(payload.message) : { ...state, state: "complete" };
    case "error": return { ...state, state: "failed", error: asProblem(payload.problem ?? payload) };
    default: return state;
  }
}

/** The text without the head that it begins with, and how much shorter it is: the head is shown by itself. */
export function body(state) {
  const head = state.head ? `${state.head}:\n\n` : "";
  return state.content.startsWith(head) ? { text: state.content.slice(head.length), cut: head.length } : { text: state.content, cut: 0 };
}

/** Whether an event is the stream's last. */
export const isLast = (name) => name === "done" || name === "error";

const asProblem = (value) => (value instanceof Problem ? value : new Problem({ title: "The answer failed", detail: value.detail ?? value.message, ...value }));
