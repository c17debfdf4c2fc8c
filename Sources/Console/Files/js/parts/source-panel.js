// The cited document beside the conversation, the passage marked and in view.

import { documents } from "../api.js";
import { fill, h, setText } from "../dom.js";
import { icon } from "../icons.js";
import { isAbort, problemBox } from "../problem.js";
import { whereabouts } from "./passages.js";
import { drawText } from "./source-text.js";

/** How many scalars around the passage are read at first, and more with each step. */
const reach = 12000;
const narrow = window.matchMedia("(max-width: 1000px)");

export class SourcePanel {
  constructor(project, signal) {
    Object.assign(this, { project, signal, opener: null, pushed: false, reading: new AbortController() });
    this.name = h("h2", { class: "source-title", tabindex: -1, test: "source-name", id: "source-name" });
    this.where = h("p", { class: "source-where faint", test: "source-where" });
    this.body = h("div", { class: "source-body", tabindex: 0, role: "region", "aria-label": "The document's text", test: "source-text" });
    const close = h("button", { type: "button", class: "icon-button", test: "source-close", "aria-label": "Close the source", title: "Close", on: { click: () => this.close() } }, icon("close"));
    this.element = h("aside", { class: "source", test: "source-panel", "aria-labelledby": "source-name", hidden: true },
      h("div", { class: "source-head" }, h("div", { class: "source-words" }, this.name, this.where), close), this.body);
    this.element.addEventListener("keydown", (event) => { if (event.key === "Escape") this.close(); });
    signal.addEventListener("abort", () => this.#settle(false));
    window.addEventListener("popstate", () => this.#closed(), { signal });
  }

  /** Shows the place and remembers the element that asked, to give focus back to it. */
  show(place, opener) {
    this.#choose(opener);
    this.place = place;
    // Where the panel covers the page it is a page of its own, which Back leaves.
    if (this.element.hidden && narrow.matches) {
      history.pushState({ source: true }, "");
      this.pushed = true;
    }
    setText(this.name, place.name);
    this.#drawWhere(place.page, place.headings);
    this.#settle(true);
    this.name.focus({ preventScroll: true });
    this.#read(Math.max(0, place.from - reach), place.to + reach, true);
  }

  close() {
    if (this.pushed && history.state?.source) history.back();
    else this.#closed();
  }

  #closed() {
    if (this.element.hidden) return;
    this.pushed = false;
    this.reading.abort();
    this.#settle(false);
    const { opener } = this;
    this.#choose(null);
    if (opener?.isConnected) opener.focus();
  }

  #choose(opener) {
    this.opener?.classList.remove("chosen");
    opener?.classList.add("chosen");
    this.opener = opener;
  }

  /** On narrow screens the panel covers the page, so what lies under it takes no focus. */
  #settle(shown) {
    this.element.hidden = !shown;
    this.element.parentElement?.classList.toggle("with-source", shown);
    const covered = shown && narrow.matches;
    for (const each of document.querySelectorAll("#bar, .project-head, .threads, .talk")) each.inert = covered;
  }

  #drawWhere(page, headings) {
    fill(this.where,
      page ? h("span", { class: "page-chip", test: "source-page" }, `Page ${page}`) : null,
      headings?.length ? h("span", { test: "source-headings" }, whereabouts(null, null, headings)) : null);
    this.where.hidden = !this.where.childElementCount;
  }

  async #read(from, to, first) {
    this.reading.abort();
    this.reading = new AbortController();
    const { signal } = this.reading;
    const { place } = this;
    if (first) fill(this.body, h("p", { class: "faint" }, "Opening the document …"));
    try {
      const part = await documents.text(this.project, place.document, { revision: place.revision, from, to }, { signal });
      this.#show(part, place, first);
    } catch (error) {
      if (!isAbort(error)) this.#showTrouble(error, place, () => this.#read(from, to, first));
    }
  }

  #show(part, place, first) {
    const more = (label, test, from, to) => h("button", { type: "button", class: "button small source-more", test, on: { click: () => this.#read(from, to, false) } }, label);
    const before = part.from > 0 ? more("Show what comes before", "source-before", Math.max(0, part.from - reach * 3), part.to) : null;
    const behind = part.to < part.length ? more("Show what follows", "source-after", part.from, Math.min(part.length, part.to + reach * 3)) : null;
    const height = this.body.scrollHeight;
    const top = this.body.scrollTop;
    const oldFrom = this.from;
    this.from = part.from;
    fill(this.body, before, drawText(part, place), behind);
    if (first) this.#bringIntoView();
    else this.body.scrollTop = part.from < oldFrom ? top + this.body.scrollHeight - height : top;
  }

  #bringIntoView() {
    const mark = this.body.querySelector("mark");
    if (!mark) return;
    const offset = mark.getBoundingClientRect().top - this.body.getBoundingClientRect().top;
    this.body.scrollTop += offset - this.body.clientHeight / 4;
  }

  /** Without the document's text the quote still stands. */
  #showTrouble(error, place, retry) {
    const gone = error.status === 404 || error.status === 410;
    const said = gone ? h("p", { class: "notice notice-warn", test: "source-gone" }, "This document, or this state of it, is no longer there. The quoted words were:") : problemBox(error, { retry });
    fill(this.body, said, h("blockquote", { class: "source-quote" }, place.quote));
  }
}
