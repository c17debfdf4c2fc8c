// One answer: the passages found, the text as it streams with its marks, the sources cited, and what went wrong.

import { announce, SentenceAnnouncer } from "../announce.js";
import { messages } from "../api.js";
import { fill, h, setText } from "../dom.js";
import { plural } from "../format.js";
import { icon } from "../icons.js";
import { draw } from "../markdown.js";
import { isAbort, problemBox } from "../problem.js";
import { follow } from "../sse.js";
import { after, body, fromMessage, isLast } from "./answer-state.js";
import { answerActions } from "./answer-actions.js";
import { feedback } from "./feedback.js";
import { citationPlace, passagesDetails, sourcesList } from "./passages.js";

export class AnswerView {
  constructor(project, thread, message, { signal, tree, on, onSource, onEnd }) {
    Object.assign(this, { project, thread, id: message.id, signal, tree, on, onSource, onEnd, state: fromMessage(message), drawn: {}, frame: 0, speaker: new SentenceAnnouncer() });
    this.status = h("p", { class: "answer-status faint", test: "answer-status" });
    this.passages = h("div", {});
    this.notices = h("div", {});
    this.head = h("div", {});
    this.text = h("div", { class: "answer-text", test: "answer-text" });
    this.sources = h("div", {});
    this.foot = h("div", {});
    this.element = h("article", { class: "answer", test: "answer", "aria-label": "Answer", data: { id: message.id } },
      h("h2", { class: "visually-hidden" }, "Answer"), this.passages, this.notices, this.head, this.text, this.status, this.sources, this.foot);
    this.#draw();
  }

  /** The element, with what stands beside the answer as it now is. */
  refreshed() {
    delete this.drawn.foot;
    this.#draw();
    return this.element;
  }

  /** Follows the running generation to its end. */
  async follow() {
    announce("Looking for passages.");
    this.state = { ...this.state, content: "", citations: [], doubts: [], answering: [] };
    const path = messages.eventsPath(this.project, this.thread, this.id);
    const onEvent = (name, payload) => this.#apply(name, payload);
    const onState = (state) => { this.lost = state === "lost"; this.#schedule(); };
    try {
      await follow(path, { signal: this.signal, onEvent, onState });
    } catch (error) {
      if (isAbort(error) || this.signal.aborted) return;
      await this.#recover(error);
    }
    this.lost = false;
    this.speaker.finish();
    announce(this.state.state === "complete" ? `Answer complete, ${plural(this.state.citations.length, "citation")}.` : "The answer ended.");
    this.#draw();
    this.onEnd();
  }

  async stop() {
    try {
      await messages.cancel(this.project, this.thread, this.id);
    } catch (error) {
      if (!isAbort(error)) fill(this.foot, problemBox(error));
    }
  }

  #apply(name, payload) {
    this.state = after(this.state, name, payload);
    if (name === "text") this.speaker.add(payload.text);
    if (name === "retrieval") announce(`${plural(this.state.passages.length, "passage")} found.`);
    this.#schedule();
    return isLast(name);
  }

  /** When the stream cannot be followed any more, the stored message tells how it stands. */
  async #recover(error) {
    try {
      const stored = await messages.get(this.project, this.thread, this.id, { signal: this.signal });
      if (stored.state !== "generating") {
        this.state = fromMessage(stored);
        return;
      }
    } catch { /* the first error says more */ }
    this.state = { ...this.state, state: "failed", error };
  }

  /** Draws at most once a frame, however fast the events come. */
  #schedule() {
    if (this.frame || this.signal.aborted) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.#draw();
    });
  }

  #draw() {
    const { state } = this;
    const writing = state.state === "generating";
    this.element.dataset.state = state.state;
    this.element.dataset.way = state.way ?? "";
    this.element.dataset.stance = state.stance;
    this.text.classList.toggle("writing", writing && state.content !== "");
    this.text.setAttribute("aria-busy", String(writing));
    this.#drawPassages(writing);
    this.#once("notices", state.degraded, () => fill(this.notices, state.degraded.map(degradedNotice)));
    this.#once("head", `${state.way} ${state.stance} ${state.head}`, () => fill(this.head, headNotice(state)));
    const { text, cut } = body(state);
    const marks = [...state.citations, ...state.doubts].map((each) => ({ ...each, at: each.at - cut }));
    const spans = state.answering.map(({ from, to }) => ({ from: from - cut, to: to - cut }));
    draw(this.text, text, { marks, spans }, (index) => (marks[index].verdict && !marks[index].number ? doubtMark(marks[index].verdict) : this.#mark(marks[index])));
    this.#drawStatus(writing);
    this.#once("sources", writing ? null : state.citations, () => fill(this.sources, writing ? null : sourcesList(state, this.onSource)));
    this.#once("foot", state.error ?? state.state, () => fill(this.foot, this.#end()));
  }

  /** Open while there is nothing else to read; folds away when the answer begins, unless the person opened it. */
  #drawPassages(writing) {
    this.#once("passages", this.state.passages, () => fill(this.passages, passagesDetails(this.state.passages, this.onSource)));
    const details = this.passages.querySelector("details");
    if (!details || details.dataset.touched) return;
    const open = writing && this.state.content === "";
    if (details.open !== open) details.open = open;
  }

  #drawStatus(writing) {
    const text = !writing ? "" : this.lost ? "The connection was lost; taking it up again …"
      : !this.state.retrieved ? "Looking for passages …" : this.state.content === "" ? "Reading them …" : "";
    setText(this.status, text);
    this.status.hidden = text === "";
  }

  #once(name, value, draw) {
    if (this.drawn[name] === value && name in this.drawn) return;
    this.drawn[name] = value;
    draw();
  }

  #end() {
    const { project, thread, id, state, tree, on } = this;
    if (state.state === "generating") return null;
    return [
      state.error ? problemBox(state.error) : null,
      state.state === "cancelled" ? ended("answer-stopped", "Stopped before the end.") : null,
      state.cutShort ? ended("answer-cut", "The answer met its limit of length.") : null,
      state.way ? ended("answer-way", ways(state)) : null,
      answerActions({ project, thread, id, state, tree, on }),
      state.state === "complete" ? feedback(project, thread, id) : null,
    ];
  }

  #mark(citation) {
    const place = citationPlace(citation, this.state.passages);
    const partly = citation.verdict === "partly";
    const label = `Citation ${citation.number}: ${place.name}${place.page ? `, page ${place.page}` : ""}${partly ? ", supports the sentence in part" : ""}`;
    const button = h("button", { type: "button", class: partly ? "cite cite-partly" : "cite", test: "citation", title: place.quote || place.name, "aria-label": label, data: { number: citation.number } }, citation.number);
    button.addEventListener("click", () => this.onSource(place, button));
    return button;
  }
}

const doubts = {
  not_found: { words: "not found in the documents", title: "No words of the documents say this." },
  partly: { words: "partly", title: "The documents say only a part of this, or say it with another number, name or “not”. Read the source." },
};

const doubtMark = (verdict) => h("span", { class: `doubt doubt-${verdict}`, test: verdict === "partly" ? "doubt-partly" : "doubt", title: doubts[verdict].title }, doubts[verdict].words);

/** What stands above a text that may be no answer. */
function headNotice(state) {
  const words = state.head ?? (state.way === "written" && state.stance === "doubted" ? "The documents may not hold the answer to this question" : null);
  return words ? h("div", { class: "notice notice-warn", role: "status", test: "answer-head" }, icon("info"), h("div", { class: "notice-words" }, h("p", {}, `${words}.`))) : null;
}

const ways = (state) => (state.way === "quoted" ? "Quoted: the documents' own words." : `Written by ${state.model ?? "a language model"}; each sentence was checked against the documents.`);

const ended = (test, text) => h("p", { class: "answer-status answer-ended faint", test }, text);

const degradedNotice = (each) =>
  h("div", { class: "notice notice-warn", role: "status", test: "degraded", data: { component: each.component } }, icon("info"), h("div", { class: "notice-words" }, h("p", {}, each.message)));
