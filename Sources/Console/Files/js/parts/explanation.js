// How an answer came about, from its trace: what was searched for, what was found and dropped, the prompt, the time.

import { h } from "../dom.js";
import { table } from "./table.js";

/** `message` is the answer, for its sentences and passages; `trace` tells the rest. */
export const explanation = (trace, message) => [
  part("Question", facts(question(trace, message))),
  part("Sentences", sentences(message)),
  part("Candidates", candidates(trace)),
  part("Model", facts(model(trace))),
  part("Time", stages([...(trace.search?.stages ?? []).map((each) => ({ ...each, name: `search: ${each.name}` })), ...trace.stages])),
  part("Prompt", prompt(trace)),
  trace.reasoning ? part("Thinking", thinking(trace)) : [],
];

const part = (title, ...content) => h("section", { class: "panel stack", test: `explain-${title.toLowerCase()}` }, h("h2", {}, title), content);

const facts = (pairs) => h("dl", { class: "facts" }, pairs.filter(([, value]) => value || value === 0).map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));

const outcome = (message) => `${message.way === "quoted" ? "Quoted" : "Written"}${message.grounding?.stance === "doubted" ? ", as what stands nearest: it may not answer" : ""}`;

function question(trace, message) {
  const judged = trace.answerability;
  return [
    ["Asked", trace.question],
    ["Made to stand alone", trace.standalone_question && `${trace.standalone_question} (by ${trace.rewritten_by === "model" ? "the model" : "rule"})`],
    ["Matched by words", trace.search?.query],
    ["Embedded", trace.search?.embedded],
    ["Mode", trace.search?.mode],
    ["Answerable", judged && `${percent(judged.probability)}; refused below ${percent(judged.threshold)}, doubted below ${percent(judged.doubt)}`],
    ["Outcome", trace.refused ? "The answer says that the documents do not hold it." : outcome(message)],
    ["Notes", trace.notes.join(" ")],
  ];
}

const model = (trace) => [
  ["Model", trace.model ?? "None: the passages were quoted, or the question was refused."],
  ["Tokens", trace.usage && `${trace.usage.prompt_tokens.toLocaleString()} read, ${trace.usage.completion_tokens.toLocaleString()} written${trace.usage.estimated ? " (estimated)" : ""}`],
  ["Room for the prompt", trace.prompt_budget && `${trace.prompt_budget.toLocaleString()} tokens`],
  ["Passages in the prompt", trace.prompt_passages.join(", ")],
  ["Earlier messages", trace.turns || trace.summarised_turns ? `${trace.turns} whole, ${trace.summarised_turns} as a summary` : null],
  ["Citations dropped", trace.dropped_citations || null],
  ["Attempt", trace.attempt > 1 ? `${trace.attempt}, after a crash` : null],
];

const verdicts = { supported: "supported", partly: "partly", not_found: "not found" };

function sentences(message) {
  const scalars = [...message.content];
  const items = message.grounding?.sentences ?? [];
  if (!items.length) return h("p", { class: "faint" }, "No sentence of the answer claims anything that needs support.");
  return table({
    caption: "Sentences of the answer", items: items.map((each) => ({ ...each, text: scalars.slice(each.from, each.to).join("") })),
    columns: [
      { label: "Sentence", cell: (each) => h("span", { class: "wide-cell" }, each.text) },
      { label: "Verdict", cell: (each) => h("span", { class: "state", data: { verdict: each.verdict } }, verdicts[each.verdict]) },
      { label: "Support", number: true, cell: (each) => each.support.toFixed(2) },
      { label: "Sources", cell: (each) => message.citations.filter((it) => it.at === each.to).map((it) => `[${it.number}] ${it.document_name}${it.page ? `, page ${it.page}` : ""}`).join("; ") },
    ],
  });
}

function candidates(trace) {
  const items = trace.search?.candidates ?? [];
  if (!items.length) return h("p", { class: "faint" }, "Nothing was found.");
  const side = (name) => (each) => (each[name] ? [each[name].score.toFixed(3), h("span", { class: "cell-more faint" }, each[name].rank ? `place ${each[name].rank}` : "scored later")] : "–");
  return table({
    caption: "Candidates in order of rank", test: "explain-candidates-table", rowTest: "candidate", items,
    columns: [
      { label: "", cell: (each) => each.rank },
      { label: "Document", cell: (each) => each.document_name ?? "a former document" },
      { label: "Words", number: true, cell: side("lexical") },
      { label: "Meaning", number: true, cell: side("vector") },
      { label: "Together", number: true, cell: (each) => each.score.toFixed(3) },
      { label: "Fate", cell: (each) => (each.dropped ? h("span", { class: "faint" }, `Dropped: ${each.dropped}`) : "Passage") },
    ],
  });
}

function stages(items) {
  const longest = Math.max(...items.map((each) => each.milliseconds), 1);
  return h("ol", { class: "stages" }, items.map((each) => h("li", {},
    h("span", {}, each.name),
    h("meter", { min: 0, max: longest, value: each.milliseconds, "aria-hidden": "true" }),
    h("span", { class: "number" }, `${each.milliseconds < 10 ? each.milliseconds.toFixed(1) : Math.round(each.milliseconds)} ms`))));
}

function prompt(trace) {
  if (!trace.prompt.length) return h("p", { class: "faint" }, "No model was asked.");
  return trace.prompt.map((each) => h("figure", { class: "prompt" }, h("figcaption", { class: "faint" }, each.role), h("pre", { class: "payload", tabindex: 0, test: "explanation-prompt" }, each.content)));
}

const thinking = (trace) => h("details", {}, h("summary", {}, "What the model thought before it answered"), h("pre", { class: "payload", tabindex: 0, test: "explanation-thinking" }, trace.reasoning));

const percent = (share) => `${Math.round(share * 100)} %`;
