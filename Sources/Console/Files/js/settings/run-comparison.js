// Two runs side by side.

import { h } from "../dom.js";
import { plural } from "../format.js";
import { table } from "../parts/table.js";

/** In the order of the server's; those with `main` stand in the list of runs too. */
export const metrics = [
  { metric: "recall_at_5", label: "Recall at 5" },
  { metric: "recall_at_10", label: "Recall at 10" },
  { metric: "recall_at_100", label: "Recall at 100" },
  { metric: "ndcg_at_10", label: "nDCG at 10", main: true },
  { metric: "mrr_at_10", label: "MRR at 10" },
  { metric: "passage_recall_at_10", label: "Passages found", main: true },
  { metric: "passage_mrr_at_10", label: "MRR of passages" },
  { metric: "citation_precision", label: "Citations right", main: true },
  { metric: "citation_recall", label: "Answers cited" },
  { metric: "document_cited", label: "Document cited" },
  { metric: "page_cited", label: "Page cited" },
  { metric: "false_refusals", label: "Wrongly refused", main: true },
  { metric: "false_answers", label: "Wrongly answered", main: true },
  { metric: "needless_warnings", label: "Warned needlessly" },
  { metric: "unwarned_answers", label: "Wrongly answered, unwarned", main: true },
  { metric: "milliseconds", label: "Milliseconds" },
];

/** The main ones of which any run has something. */
export const shownFigures = (runs) => metrics.filter(({ metric, main }) => main && runs.some((run) => run.figures.some((each) => each.metric === metric && each.value !== null)));

export const labelOf = (metric) => metrics.find((each) => each.metric === metric)?.label ?? metric.replaceAll("_", " ");

const number = (value) => (Math.abs(value) >= 100 ? Math.round(value).toLocaleString() : value.toFixed(3));
const signed = (value) => `${value > 0 ? "+" : ""}${number(value)}`;

export function comparison(found, older, newer) {
  const parts = found.changed_parts.map((each) => each.replaceAll("_", " ")).join(", ");
  return [
    h("h4", { tabindex: -1 }, `${newer.name} against ${older.name}`),
    parts ? h("p", { class: "notice notice-warn", test: "comparison-parts" }, `They were not made by the same: ${parts}.`) : null,
    table({
      caption: "Two runs side by side", test: "comparison-table", rowTest: "comparison-row", items: found.metrics,
      columns: [
        { label: "Figure", cell: (line) => labelOf(line.metric) },
        { label: "Before", number: true, cell: (line) => number(line.baseline) },
        { label: "After", number: true, cell: (line) => number(line.value) },
        { label: "Difference", number: true, cell: (line) => h("span", { class: "verdict", data: { good: verdict(line) } }, signed(line.difference)) },
        { label: "95 % interval", number: true, cell: (line) => `${signed(line.low)} to ${signed(line.high)}` },
        { label: "p", number: true, cell: (line) => line.p.toFixed(3) },
        { label: "Better, worse", number: true, cell: (line) => `${line.wins}, ${line.losses}` },
      ],
    }),
    changes(found.changes),
  ];
}

/** Whether a difference that chance seldom makes is for the better. */
const verdict = (line) => (line.p > 0.05 || !line.difference ? "same" : line.difference > 0 === (line.better === "higher") ? "better" : "worse");

function changes(items) {
  if (!items.length) return h("p", { class: "faint" }, "No question came out differently.");
  return h("details", { class: "panel" }, h("summary", { test: "comparison-changes" }, `${plural(items.length, "figure")} of single questions changed`),
    table({
      caption: "Questions that changed", items: items.slice(0, 200),
      columns: [
        { label: "Question", cell: (each) => h("span", { class: "wide-cell" }, each.question) },
        { label: "Figure", cell: (each) => labelOf(each.metric) },
        { label: "Before", number: true, cell: (each) => number(each.baseline) },
        { label: "After", number: true, cell: (each) => number(each.value) },
      ],
    }));
}
