// The passages that a question found, and the sources that an answer cites.

import { h } from "../dom.js";
import { join, pages, plural } from "../format.js";

/** Where a citation points, for the source panel: the quoted span, inside the passage that was given to the model. */
export function citationPlace(citation, passages) {
  const passage = passages.find((each) => each.index === citation.passage);
  return {
    document: citation.document_id, revision: citation.revision_id, name: citation.document_name, number: citation.number,
    page: citation.page ?? passage?.first_page ?? null, from: citation.from, to: citation.to, quote: citation.quote,
    headings: passage?.heading_path ?? [], passage: passage ? { from: passage.from, to: passage.to } : null,
  };
}

/** Where a passage stands. */
export const passagePlace = (passage) => ({
  document: passage.document_id, revision: passage.revision_id, name: passage.document_name, number: null,
  page: passage.first_page, from: passage.from, to: passage.to, quote: passage.text, headings: passage.heading_path ?? [], passage: null,
});

/** "page 3 · Handbook › Leave" */
export const whereabouts = (page, lastPage, headings) => join(pages(page, lastPage), (headings ?? []).join(" › "));

export function passagesDetails(passages, onSource) {
  if (!passages.length) return null;
  const count = new Set(passages.map((each) => each.document_id)).size;
  const summary = h("summary", { test: "passages-summary" }, `${plural(passages.length, "passage")} found in ${plural(count, "document")}`);
  const details = h("details", { class: "passages", test: "passages" }, summary, h("ol", { class: "passages-list" }, passages.map((each) => row(each, onSource))));
  summary.addEventListener("click", () => { details.dataset.touched = "yes"; });
  return details;
}

function row(passage, onSource) {
  const button = h("button", { type: "button", class: "passage", test: "passage", data: { document: passage.document_id } },
    h("span", { class: "passage-name" }, passage.document_name, " ", h("span", { class: "faint" }, whereabouts(passage.first_page, passage.last_page, passage.heading_path))),
    h("span", { class: "passage-text" }, snippet(passage.text)));
  button.addEventListener("click", () => onSource(passagePlace(passage), button));
  return h("li", {}, button);
}

const snippet = (text) => {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 300 ? `${line.slice(0, 300).trimEnd()}…` : line;
};

/** Each cited number once, under the answer. */
export function sourcesList(state, onSource) {
  const byNumber = new Map();
  for (const citation of state.citations) if (!byNumber.has(citation.number)) byNumber.set(citation.number, citation);
  if (!byNumber.size) return null;
  const items = [...byNumber.values()].sort((a, b) => a.number - b.number).map((citation) => source(citationPlace(citation, state.passages), onSource));
  return h("section", { class: "sources", "aria-label": "Sources", test: "sources" }, h("h3", {}, "Sources"), h("ol", {}, items));
}

function source(place, onSource) {
  const button = h("button", { type: "button", class: "source-link", test: "source-link", data: { number: place.number } },
    h("span", { class: "cite-number", "aria-hidden": "true" }, place.number),
    h("span", { class: "source-name" }, place.name), " ",
    h("span", { class: "faint" }, whereabouts(place.page, null, place.headings)),
    place.quote ? h("span", { class: "source-words-quoted" }, `“${snippet(place.quote)}”`) : null);
  button.addEventListener("click", () => onSource(place, button));
  return h("li", {}, button);
}
