// The box for a question: Enter asks, Shift+Enter makes a new line; while an answer is written the button stops it.

import { h } from "../dom.js";
import { icon } from "../icons.js";

/** Where focus would bring up a keyboard that covers half the page. */
const touch = window.matchMedia("(pointer: coarse)");

export class QuestionBox {
  constructor({ onAsk, onStop, onType }) {
    Object.assign(this, { onAsk, onType });
    this.busy = false;
    this.input = h("textarea", { id: "question", class: "question-input", rows: 1, placeholder: "Ask a question", test: "question-input", "aria-label": "Your question", "aria-describedby": "question-hint", autofocus: !touch.matches, maxlength: 20000 });
    this.send = h("button", { type: "submit", class: "round", test: "ask", "aria-label": "Ask", title: "Ask" }, icon("send"));
    this.stop = h("button", { type: "button", class: "round stop", test: "stop", "aria-label": "Stop the answer", title: "Stop the answer", hidden: true, on: { click: onStop } }, icon("stop"));
    this.element = h("form", { class: "question-box" },
      h("div", { class: "question-field" }, this.input, this.send, this.stop),
      h("p", { class: "visually-hidden", id: "question-hint" }, "Enter asks, Shift and Enter together begin a new line."));
    this.#listen();
  }

  #listen() {
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit();
    });
    this.input.addEventListener("input", () => {
      this.#grow();
      this.onType(this.input.value);
    });
  }

  #submit() {
    const text = this.input.value.trim();
    if (!text || this.busy) return;
    this.input.value = "";
    this.#grow();
    this.onAsk(text);
  }

  setBusy(busy) {
    const hadFocus = [this.send, this.stop].includes(document.activeElement);
    this.busy = busy;
    this.send.hidden = busy;
    this.stop.hidden = !busy;
    if (hadFocus) this.input.focus();
  }

  focus() {
    if (!touch.matches) this.input.focus();
  }

  /** Shows a text that was typed before. */
  set text(text) {
    this.input.value = text;
    this.#grow();
  }

  /** Puts a question that could not be asked back into the box. */
  giveBack(text) {
    this.setBusy(false);
    if (!this.input.value) this.input.value = text;
    this.#grow();
    this.input.focus();
  }

  /** As high as its text, to the limit that the style sheet sets. */
  #grow() {
    this.input.rows = 1;
    const line = parseFloat(getComputedStyle(this.input).lineHeight) || 24;
    this.input.rows = Math.min(8, Math.max(1, Math.round((this.input.scrollHeight - 16) / line)));
  }
}
