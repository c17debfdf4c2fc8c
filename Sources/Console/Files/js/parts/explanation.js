// "How this answer came about": the trace of an answer, fetched when it is opened.

import { messages } from "../api.js";
import { fill, h } from "../dom.js";
import { isAbort, problemBox } from "../problem.js";

export function explanation(project, thread, message) {
  const body = h("div", { class: "explanation-body" }, "Loading …");
  const details = h("details", { class: "passages explanation", test: "explanation" }, h("summary", { test: "explain" }, "How this answer came about"), body);
  details.addEventListener("toggle", async () => {
    if (!details.open || details.dataset.loaded) return;
    details.dataset.loaded = "yes";
    try {
      fill(body, sections(await messages.trace(project, thread, message)));
    } catch (error) {
      delete details.dataset.loaded;
      if (!isAbort(error)) fill(body, problemBox(error));
    }
  });
  return details;
}

function sections(trace) {
  const judged = trace.answerability;
  return [
    facts([
      ["Asked", trace.question],
      ["Searched for", trace.search?.query],
      ["Answerable", judged && `${percent(judged.probability)}, refused below ${percent(judged.threshold)}`],
      ["Model", trace.model],
      ["Tokens", trace.usage && `${trace.usage.prompt_tokens} read, ${trace.usage.completion_tokens} written`],
      ["Passages in the prompt", trace.prompt_passages.join(", ")],
      ["Citations dropped", trace.dropped_citations || null],
      ["Time", trace.stages.map((each) => `${each.name} ${Math.round(each.milliseconds)} ms`).join(", ")],
      ["Notes", trace.notes.join(" ")],
    ]),
    h("h3", {}, "Candidates"), h("ol", {}, (trace.search?.candidates ?? []).map(candidate)),
    trace.prompt.length ? h("h3", {}, "Prompt") : null,
    trace.prompt.map((each) => h("pre", { test: "explanation-prompt" }, `${each.role}:\n${each.content}`)),
  ];
}

const facts = (pairs) => h("dl", {}, pairs.filter(([, value]) => value).map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));

const candidate = (each) => h("li", {},
  `${each.document_name ?? "a former document"}: ${each.score.toFixed(3)} (words ${side(each.lexical)}, meaning ${side(each.vector)})`,
  each.dropped ? h("span", { class: "faint" }, ` – ${each.dropped}`) : null);

const side = (part) => (part ? `${part.score.toFixed(2)}${part.rank ? `, place ${part.rank}` : ""}` : "–");

const percent = (share) => `${Math.round(share * 100)} %`;
