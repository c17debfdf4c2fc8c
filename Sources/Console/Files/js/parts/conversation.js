// One thread's questions and answers, and the box for the next question.

import { messages, threads } from "../api.js";
import { fill, h } from "../dom.js";
import { isAbort, problemBox } from "../problem.js";
import { paths } from "../router.js";
import { AnswerView } from "./answer.js";
import { QuestionBox } from "./question-box.js";

const titleLength = 80;

export class Conversation {
  /** `onSource(place, element)` opens a cited document; `onThread(thread)` tells of a thread made by the first question. */
  constructor(project, { signal, onSource, onThread }) {
    Object.assign(this, { project, signal, onSource, onThread, hasDocuments: true, thread: undefined, last: null, answer: null, reading: new AbortController() });
    this.log = h("div", { class: "log" });
    this.scroller = h("div", { class: "scroller", test: "conversation", tabindex: 0, role: "log", "aria-live": "off", "aria-label": "Questions and answers" }, this.log);
    this.box = new QuestionBox({ onAsk: (text) => this.#ask(text), onStop: () => this.answer?.stop() });
    this.element = h("div", { class: "conversation" }, this.scroller, this.box.element);
    signal.addEventListener("abort", () => this.reading.abort());
    new ResizeObserver(() => { if (this.sticks) this.#toEnd(); }).observe(this.log);
    this.scroller.addEventListener("scroll", () => this.#scrolled());
  }

  /** Shows a thread, or an empty page for a new one. */
  open(thread) {
    if (thread === this.thread) return;
    this.reading.abort();
    this.reading = new AbortController();
    Object.assign(this, { thread, last: null, answer: null, sticks: true });
    this.box.setBusy(false);
    if (thread) this.#load(thread, this.reading.signal);
    else this.#invite();
  }

  #invite() {
    fill(this.log, invitation(this.hasDocuments, paths.documents(this.project)));
  }

  /** Without documents there is nothing to ask; the page says so and shows the way. */
  tellDocuments(exist) {
    this.hasDocuments = exist;
    if (this.log.querySelector(".invitation")) this.#invite();
  }

  async #load(thread, signal) {
    fill(this.log, h("p", { class: "faint loading" }, "Opening the thread …"));
    try {
      const { items } = await messages.list(this.project, thread, { signal });
      this.log.replaceChildren();
      for (const message of inOrder(items)) this.#add(message);
      if (!items.length) this.#invite();
      this.#toEnd();
    } catch (error) {
      if (!isAbort(error)) fill(this.log, problemBox(error, { retry: () => this.#load(thread, signal) }));
    }
  }

  #add(message) {
    this.last = message;
    if (message.role === "user") {
      this.log.append(questionElement(message.content));
      return;
    }
    const view = new AnswerView(this.project, this.thread, message, { signal: this.reading.signal, onSource: this.onSource, onEnd: () => this.#ended(view) });
    this.log.append(view.element);
    this.answer = view;
    if (message.state === "generating") {
      this.box.setBusy(true);
      view.follow();
    }
  }

  #ended(view) {
    if (view === this.answer) this.box.setBusy(false);
  }

  async #ask(content) {
    const { signal } = this.reading;
    if (!this.last) this.log.replaceChildren();
    this.log.querySelector(".ask-trouble")?.remove();
    const shown = questionElement(content);
    this.log.append(shown);
    this.sticks = true;
    this.#toEnd();
    this.box.setBusy(true);
    try {
      const made = this.thread ? null : await threads.create(this.project, { title: titleFrom(content) });
      if (signal.aborted) return;
      if (made) this.thread = made.id;
      const { question, answer } = await messages.ask(this.project, this.thread, { content, ...(this.last ? { parent_id: this.last.id } : {}) });
      if (signal.aborted) return;
      shown.remove();
      this.#add(question);
      this.#add(answer);
      if (made) this.onThread(made);
      if (answer.state !== "generating") this.box.setBusy(false);
    } catch (error) {
      if (isAbort(error) || signal.aborted) return;
      shown.remove();
      this.box.giveBack(content);
      this.log.append(h("div", { class: "ask-trouble" }, problemBox(error)));
    }
  }

  /** Going up lets go of the end; coming back to it takes hold again. Growing text alone changes neither. */
  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    if (scrollHeight - scrollTop - clientHeight < 40) this.sticks = true;
    else if (scrollTop < this.top) this.sticks = false;
    this.top = scrollTop;
  }

  #toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }
}

const inOrder = (items) => items.toSorted((a, b) => (a.created_at === b.created_at ? (a.id < b.id ? -1 : 1) : a.created_at < b.created_at ? -1 : 1));

const titleFrom = (content) => {
  const line = content.split("\n")[0].trim();
  return line.length <= titleLength ? line : `${[...line].slice(0, titleLength - 1).join("").trimEnd()}…`;
};

const questionElement = (content) => h("div", { class: "question", test: "question" }, h("h2", { class: "visually-hidden" }, "Question"), h("p", {}, content));

function invitation(hasDocuments, documentsPath) {
  const words = hasDocuments
    ? "The answer comes from this project's documents, with a numbered mark where a passage supports it. Choose a mark to read the passage in its place."
    : "This project has no documents yet. Add some, and ask them anything.";
  return h("div", { class: "invitation", test: "invitation" },
    h("h2", {}, "Ask your documents"), h("p", {}, words),
    hasDocuments ? null : h("a", { class: "button primary", href: `#${documentsPath}`, test: "to-documents" }, "Add documents"));
}
