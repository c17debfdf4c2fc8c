// Question sets: what is asked to measure answers, and where feedback lands.

import { gate, questionSets } from "../api-management.js";
import { announce } from "../announce.js";
import { h } from "../dom.js";
import { field, form } from "../forms.js";
import { plural } from "../format.js";
import { loading } from "../parts/loading.js";
import { emptyState } from "../parts/project-frame.js";
import { go, paths } from "../router.js";

export function questionSetList(project, { signal, edits }) {
  if (!edits) return h("div", { class: "stack" }, h("h2", {}, "Questions"), h("p", { class: "faint" }, "Only editors and owners see the questions that answers are measured with."));
  const load = async () => {
    const [{ items }, { value }] = await Promise.all([questionSets.list(project, { signal }), gate.get(project, { signal })]);
    return { items, guarding: value.set_id };
  };
  const draw = ({ items, guarding }) => (items.length
    ? h("ul", { class: "rows", test: "question-sets" }, items.map((each) => row(project, each, each.id === guarding)))
    : emptyState("search", "No question sets yet", "A set holds questions of which you know where the answers stand. Running it tells how good the answers are."));
  const send = async ({ name, description = "" }) => {
    const made = await questionSets.create(project, { name, description });
    announce("The set was made.");
    go(paths.settings(project, "questions", made.id));
  };
  const fields = [
    field({ name: "name", label: "Name", required: true, maxlength: 200, test: "set-name", autocomplete: "off" }),
    field({ name: "description", label: "What it is for", maxlength: 2000, test: "set-description" }),
  ];
  return h("div", { class: "stack" }, h("h2", {}, "Questions"), loading({ signal, load, draw }),
    h("section", { class: "panel" }, h("h3", {}, "Make a question set"), form({ test: "set-form", fields, action: "Make set", actionTest: "set-create", send })));
}

function row(project, each, isGate) {
  return h("li", { class: "row row-simple", test: "question-set" },
    h("div", { class: "row-words" },
      h("a", { class: "row-name", href: `#${paths.settings(project, "questions", each.id)}`, test: "set-open" }, each.name),
      h("span", { class: "row-meta faint" }, plural(each.questions, "question"), each.takes_feedback ? " · feedback lands here" : "", each.description ? ` · ${each.description}` : "")),
    isGate ? h("span", { class: "state", data: { state: "ready" } }, "Gate") : null);
}
