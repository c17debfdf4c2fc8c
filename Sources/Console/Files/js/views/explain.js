// The page that explains an answer, and the same as a JSON file.

import { messages } from "../api.js";
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { explanation } from "../parts/explanation.js";
import { loading } from "../parts/loading.js";
import { projectFrame } from "../parts/project-frame.js";
import { paths } from "../router.js";
import { saveFile } from "../save-file.js";

export function explainView({ project, thread, message }, { signal }) {
  const load = async () => {
    const [trace, answer] = await Promise.all([messages.trace(project, thread, message, { signal }), messages.get(project, thread, message, { signal })]);
    return { trace, answer };
  };
  const save = (trace) => saveFile(new Response(JSON.stringify(trace, null, 2), { headers: { "Content-Type": "application/json" } }), "trace.json");
  const draw = ({ trace, answer }) => [
    h("div", { class: "page-head" },
      h("h2", { class: "page-title" }, "How this answer came about"),
      h("button", { type: "button", class: "button small", test: "explain-save", on: { click: () => save(trace) } }, icon("download"), "Save as JSON")),
    explanation(trace, answer),
  ];
  const page = h("div", { class: "page" },
    h("p", {}, h("a", { href: `#${paths.ask(project, thread)}`, test: "explain-back" }, "Back to the answer")),
    loading({ signal, load, draw, test: "explanation" }));
  return { title: "How an answer came about", element: projectFrame(project, "explain", page, { signal }) };
}
