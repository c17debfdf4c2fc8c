// One thread's questions and answers, and the box for the next question.

import { messages, threads } from "../api.js";
import { fill, h } from "../dom.js";
import { draft, keepDraft } from "../drafts.js";
import { isAbort, problemBox } from "../problem.js";
import { paths } from "../router.js";
import { AnswerView } from "./answer.js";
import { MessageTree } from "./message-tree.js";
import { questionElement } from "./question.js";
import { QuestionBox } from "./question-box.js";

const titleLength = 80;

export class Conversation {
  /** `onSource(place, element)` opens a cited document; `onThread(thread)` tells of a thread made by the first question. */
  constructor(project, { signal, onSource, onThread }) {
    Object.assign(this, { project, signal, onSource, onThread, hasDocuments: true, thread: undefined, tree: new MessageTree(), views: new Map(), last: null, answer: null, reading: new AbortController() });
    this.log = h("div", { class: "log" });
    this.scroller = h("div", { class: "scroller", test: "conversation", tabindex: 0, role: "log", "aria-live": "off", "aria-label": "Questions and answers" }, this.log);
    this.box = new QuestionBox({ onAsk: (text) => this.#ask(text), onStop: () => this.answer?.stop(), onType: (text) => keepDraft(project, this.thread, text) });
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
    Object.assign(this, { thread, tree: new MessageTree(), views: new Map(), last: null, answer: null, sticks: true });
    this.box.setBusy(false);
    this.box.text = draft(this.project, thread);
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
      this.tree = new MessageTree(items);
      this.#show();
      if (!items.length) this.#invite();
      this.#toEnd();
    } catch (error) {
      if (!isAbort(error)) fill(this.log, problemBox(error, { retry: () => this.#load(thread, signal) }));
    }
  }

  /** Draws the branch that the tree shows. Answers keep their elements, so that one goes on while another branch is looked at. */
  #show() {
    const branch = this.tree.branch;
    this.log.replaceChildren(...branch.map((message) => (message.role === "user" ? this.#question(message) : this.#answer(message))));
    this.last = branch.at(-1) ?? null;
    this.answer = this.views.get(this.last?.id) ?? null;
    this.box.setBusy(this.answer?.state.state === "generating");
  }

  #question(message) {
    const onEdit = (content) => this.#branch(messages.edit(this.project, this.thread, message.id, content));
    return questionElement(message, { tree: this.tree, onChoose: (id) => this.#choose(id), onEdit });
  }

  #answer(message) {
    const known = this.views.get(message.id);
    if (known) return known.refreshed();
    const on = {
      choose: (id) => this.#choose(id),
      regenerate: () => this.#branch(messages.regenerate(this.project, this.thread, message.id)),
      continue: () => this.#branch(messages.continue(this.project, this.thread, message.id)),
    };
    const onEnd = () => { if (view === this.answer) this.box.setBusy(false); };
    const view = new AnswerView(this.project, this.thread, message, { signal: this.reading.signal, tree: this.tree, on, onSource: this.onSource, onEnd });
    this.views.set(message.id, view);
    if (message.state === "generating") view.follow();
    return view.element;
  }

  /** Another branch: its question and its answer to come. */
  async #branch(request) {
    const { question, answer } = await request;
    if (this.reading.signal.aborted) return;
    this.tree.add(question);
    this.tree.add(answer);
    this.#show();
    this.sticks = true;
    this.#toEnd();
  }

  #choose(id) {
    this.tree.choose(id);
    this.#show();
    this.log.querySelector('[data-test="branches"] button:not([disabled])')?.focus();
  }

  async #ask(content) {
    const { signal } = this.reading;
    const typedIn = this.thread;
    if (!this.last) this.log.replaceChildren();
    this.log.querySelector(".ask-trouble")?.remove();
    const shown = questionElement({ content });
    this.log.append(shown);
    this.sticks = true;
    this.#toEnd();
    this.box.setBusy(true);
    try {
      const made = this.thread ? null : await threads.create(this.project, { title: titleFrom(content) });
      if (signal.aborted) return;
      if (made) this.thread = made.id;
      const { question, answer } = await messages.ask(this.project, this.thread, { content, ...(this.last ? { parent_id: this.last.id } : {}) });
      keepDraft(this.project, typedIn, "");
      if (signal.aborted) return;
      shown.remove();
      this.tree.add(question);
      this.tree.add(answer);
      this.#show();
      if (made) this.onThread(made);
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

const titleFrom = (content) => {
  const line = content.split("\n")[0].trim();
  return line.length <= titleLength ? line : `${[...line].slice(0, titleLength - 1).join("").trimEnd()}…`;
};

function invitation(hasDocuments, documentsPath) {
  const words = hasDocuments
    ? "The answer comes from this project's documents, with a numbered mark where a passage supports it. Choose a mark to read the passage in its place."
    : "This project has no documents yet. Add some, and ask them anything.";
  return h("div", { class: "invitation", test: "invitation" },
    h("h2", {}, "Ask your documents"), h("p", {}, words),
    hasDocuments ? null : h("a", { class: "button primary", href: `#${documentsPath}`, test: "to-documents" }, "Add documents"));
}
