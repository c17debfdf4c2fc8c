// Searching without asking: the passages in their order, with the parts of each score.

import { announce } from "../announce.js";
import { search } from "../api.js";
import { fill, h } from "../dom.js";
import { plural } from "../format.js";
import { icon } from "../icons.js";
import { passagePlace, whereabouts } from "../parts/passages.js";
import { emptyState, projectFrame } from "../parts/project-frame.js";
import { SourcePanel } from "../parts/source-panel.js";
import { isAbort, problemBox } from "../problem.js";

const modes = [
  { value: "hybrid", label: "Hybrid", title: "Words and meaning together" },
  { value: "lexical", label: "Words", title: "The words as they stand (BM25)" },
  { value: "vector", label: "Meaning", title: "Nearness of meaning (embeddings)" },
];

export function searchView({ project }, { signal }) {
  const page = new SearchPage(project, signal);
  return { title: "Search", element: page.element };
}

class SearchPage {
  constructor(project, signal) {
    Object.assign(this, { project, signal, running: new AbortController() });
    this.source = new SourcePanel(project, signal);
    this.results = h("div", { class: "results" }, emptyState("search", "Search the passages", "See which passages a question would be answered from, and why they rank as they do."));
    this.form = this.#makeForm();
    const page = h("div", { class: "talk search-talk" }, h("div", { class: "page" }, this.form, this.results));
    this.element = projectFrame(project, "search", h("div", { class: "ask search" }, page, this.source.element), { signal });
  }

  #makeForm() {
    const query = h("input", { class: "input", type: "search", name: "query", id: "query", required: true, maxlength: 2000, placeholder: "Words or a question", test: "search-query", "aria-label": "Search for", autofocus: true, autocomplete: "off" });
    const choice = (mode, index) => h("label", { class: "segment", title: mode.title, test: `search-mode-${mode.value}` },
      h("input", { type: "radio", name: "mode", value: mode.value, checked: index === 0, class: "visually-hidden", on: { change: () => query.value.trim() && this.#search() } }), mode.label);
    const form = h("form", { class: "search-form", role: "search", test: "search-form" },
      h("div", { class: "search-line" }, query, h("button", { type: "submit", class: "button primary", test: "search-submit" }, icon("search"), "Search")),
      h("div", { class: "segments", role: "radiogroup", "aria-label": "How to search" }, modes.map(choice)));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#search();
    });
    return form;
  }

  async #search() {
    this.running.abort();
    this.running = new AbortController();
    const { query, mode } = Object.fromEntries(new FormData(this.form));
    this.results.setAttribute("aria-busy", "true");
    try {
      const answer = await search(this.project, { query: query.trim(), mode, limit: 20 }, { signal: this.running.signal });
      this.#show(answer);
    } catch (error) {
      if (isAbort(error)) return;
      fill(this.results, problemBox(error, { retry: () => this.#search() }));
    }
    this.results.removeAttribute("aria-busy");
  }

  #show(answer) {
    const found = `${plural(answer.hits.length, "passage")} in ${Math.round(answer.milliseconds * 10) / 10} ms`;
    announce(found);
    const best = Math.max(...answer.hits.map((hit) => hit.score), 0);
    fill(this.results,
      (answer.degraded ?? []).map((each) => h("div", { class: "notice notice-warn", test: "degraded" }, icon("info"), h("div", { class: "notice-words" }, h("p", {}, each.message)))),
      h("p", { class: "faint", test: "search-summary" }, found),
      answer.hits.length
        ? h("ol", { class: "hits" }, answer.hits.map((hit) => this.#hit(hit, best)))
        : emptyState("search", "Nothing found", "Try other words, or search by meaning."));
  }

  #hit(hit, best) {
    const button = h("button", { type: "button", class: "hit-open", test: "search-hit-open" }, hit.document_name);
    button.addEventListener("click", () => this.source.show(passagePlace(hit), button));
    const part = (name, value) => (value ? h("span", { test: `score-${name.toLowerCase()}` }, `${name} ${figure(value.score)} `, value.rank ? h("span", { class: "faint" }, `#${value.rank}`) : null) : null);
    return h("li", { class: "hit", test: "search-hit" },
      h("p", { class: "hit-head" }, button, h("span", { class: "faint" }, whereabouts(hit.first_page, hit.last_page, hit.heading_path))),
      h("p", { class: "hit-text" }, hit.text),
      h("p", { class: "hit-scores" },
        h("meter", { min: 0, max: best || 1, value: Math.max(hit.score, 0), "aria-label": "Score against the best passage" }),
        h("span", {}, `Score ${figure(hit.score)}`), part("Words", hit.lexical), part("Meaning", hit.vector)));
  }
}

const figure = (value) => (Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(3));
