// Draws a stretch of a document's text: page breaks, headings, the passage given to the model, and the quote marked inside it.

import { h } from "../dom.js";
import { scalarCount, unitPositions } from "../scalars.js";

/**
 * `part` is the server's answer {text, from, pages, headings}; `place` names the span to mark and the passage around it.
 * All offsets count scalars of the whole text; the stretch begins at part.from.
 */
export function drawText(part, place) {
  const end = part.from + scalarCount(part.text);
  const inside = (span) => (span && span.from < end && span.to > part.from ? { from: Math.max(span.from, part.from), to: Math.min(span.to, end) } : null);
  const headings = (part.headings ?? []).map((each) => ({ from: each.from, to: each.from + scalarCount(each.text) })).map(inside).filter(Boolean);
  const breaks = (part.pages ?? []).filter((each) => each.to > part.from && each.from < end);
  const spans = { mark: inside(place), passage: inside(place.passage), headings };
  const cuts = cutsOf(part.from, end, spans, breaks);
  const positions = unitPositions(part.text, cuts.map((cut) => cut - part.from));
  const flow = h("div", { class: "flow" });
  for (let index = 0; index + 1 < cuts.length; index += 1) {
    const page = breaks.find((each) => each.from === cuts[index] || (index === 0 && each.from < part.from));
    if (page) flow.append(h("span", { class: "page-break", test: "page-break" }, `Page ${page.number}`));
    flow.append(piece(part.text.slice(positions[index], positions[index + 1]), cuts[index], spans));
  }
  return flow;
}

/** Every offset where the look of the text may change, in order. */
function cutsOf(from, to, { mark, passage, headings }, breaks) {
  const offsets = [from, to, ...breaks.map((each) => Math.max(each.from, from))];
  for (const span of [mark, passage, ...headings]) if (span) offsets.push(span.from, span.to);
  return [...new Set(offsets)].sort((a, b) => a - b);
}

function piece(text, at, { mark, passage, headings }) {
  const within = (span) => span && at >= span.from && at < span.to;
  let node = document.createTextNode(text);
  if (headings.some(within)) node = h("strong", { class: "flow-heading" }, node);
  if (within(mark)) return h("mark", { test: "source-mark" }, node);
  return within(passage) ? h("span", { class: "flow-passage" }, node) : node;
}
