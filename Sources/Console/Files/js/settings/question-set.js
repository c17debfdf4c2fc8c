// One question set: its questions, its runs, two of them side by side, and the gate.

import { questionSets, runs } from "../api-management.js";
import { announce } from "../announce.js";
import { confirm } from "../dialogs.js";
import { fill, h } from "../dom.js";
import { field, form, tick } from "../forms.js";
import { ago, plural } from "../format.js";
import { loading } from "../parts/loading.js";
import { table } from "../parts/table.js";
import { isAbort, problemBox } from "../problem.js";
import { go, paths } from "../router.js";
import { gatePanel } from "./gate.js";
import { comparison, shownFigures } from "./run-comparison.js";

const interval = 1000;

export const questionSet = (project, context) => new SetPage(project, context).element;

class SetPage {
  constructor(project, { item, signal, manages }) {
    Object.assign(this, { project, id: item, signal, manages, chosen: [], timer: null });
    const at = { signal };
    signal.addEventListener("abort", () => clearTimeout(this.timer));
    this.told = h("div", { class: "stack" });
    this.compared = h("div", { class: "stack", test: "comparison" });
    this.about = loading({ signal, load: () => questionSets.get(project, item, at), draw: (set) => this.#about(set) });
    this.questions = loading({ signal, load: () => questionSets.questions(project, item, { pages: 1, ...at }), draw: (found) => this.#questions(found) });
    this.runs = loading({ signal, load: () => runs.list(project, item, { pages: 1, ...at }), draw: ({ items }) => this.#runs(items) });
    this.gate = gatePanel(project, item, { signal, manages });
    this.element = h("div", { class: "stack" },
      h("p", {}, h("a", { href: `#${paths.settings(project, "questions")}`, test: "sets-back" }, "All question sets")),
      this.about, this.told,
      h("section", { class: "stack" }, h("h3", {}, "Runs"), this.runs, this.compared, this.#starter()),
      this.gate,
      h("section", { class: "stack" }, h("h3", {}, "Questions"), this.questions, this.#importer()));
  }

  #about(set) {
    return h("div", { class: "page-head" },
      h("div", {}, h("h2", {}, set.name), h("p", { class: "faint", test: "set-count" }, plural(set.questions, "question"), set.description ? ` · ${set.description}` : "")),
      h("button", { type: "button", class: "button quiet small", test: "set-delete", on: { click: () => this.#remove(set) } }, "Delete …"));
  }

  async #remove(set) {
    if (!(await confirm({ title: "Delete this question set?", text: `“${set.name}” goes with its questions and runs.`, action: "Delete" }))) return;
    await this.#attempt(async () => {
      await questionSets.remove(this.project, set.id);
      go(paths.settings(this.project, "questions"));
    });
  }

  async #attempt(work) {
    try {
      fill(this.told);
      await work();
    } catch (error) {
      if (!isAbort(error)) fill(this.told, problemBox(error));
    }
  }

  #questions({ items, hasMore }) {
    if (!items.length) return h("p", { class: "faint" }, "There are none yet. Import a file, or save questions from your threads.");
    const answerable = { true: "yes", false: "no", null: "not said" };
    return [
      table({
        caption: "Questions", test: "questions", rowTest: "set-question", items,
        columns: [
          { label: "Question", cell: (each) => h("span", { class: "wide-cell" }, each.question) },
          { label: "Answerable", cell: (each) => answerable[each.answerable] },
          { label: "Where it stands", cell: (each) => [...new Set(each.expected.map((place) => place.document))].join(", ") || "–" },
        ],
      }),
      hasMore ? h("p", { class: "hint" }, "These are the first hundred.") : null,
    ];
  }

  #importer() {
    const input = h("input", { type: "file", class: "visually-hidden", test: "questions-file", accept: ".jsonl,.json,.csv,.tsv,.txt", tabindex: -1 });
    input.addEventListener("change", () => this.#attempt(async () => {
      const report = await questionSets.import(this.project, this.id, input.files[0]);
      input.value = "";
      fill(this.told, h("p", { class: "notice notice-good", role: "status", test: "questions-imported" }, `${plural(report.added, "question")} added, ${report.changed} changed.`));
      await Promise.all([this.about.again(), this.questions.again()]);
    }));
    return h("div", { class: "form-actions" }, input,
      h("button", { type: "button", class: "button small", test: "questions-import", on: { click: () => input.click() } }, "Import a file …"),
      h("span", { class: "hint" }, "JSON lines, CSV, or judgements of BEIR and TREC."));
  }

  #starter() {
    const fields = [
      field({ name: "name", label: "Name", maxlength: 200, test: "run-name", autocomplete: "off" }),
      field({ name: "search_mode", label: "Search", test: "run-mode", choices: [["", "As the project has it"], ["hybrid", "Words and meaning"], ["lexical", "Words"], ["vector", "Meaning"]].map(([value, label]) => ({ value, label })) }),
      field({ name: "passages", label: "Passages for an answer", type: "number", min: 1, max: 50, test: "run-passages", placeholder: "as the project has it" }),
      tick({ name: "answers", label: "Ask the language model too", test: "run-answers", hint: "Without it the search alone is measured, which costs no tokens." }),
    ];
    const send = async ({ name = "", search_mode, passages, answers }) => {
      const settings = { ...(search_mode ? { search_mode } : {}), ...(passages ? { passages: Number(passages) } : {}) };
      await runs.create(this.project, this.id, { name, answers: answers === "true", settings });
      announce("The run has begun.");
      await this.runs.again();
    };
    return h("details", { class: "panel" }, h("summary", { test: "run-open" }, "Run the set"), form({ test: "run-form", fields, action: "Run", actionTest: "run-start", send }));
  }

  #runs(items) {
    clearTimeout(this.timer);
    if (items.some(isUnderWay)) this.timer = setTimeout(() => this.runs.again(), interval);
    else if (this.wasUnderWay) this.gate.again();
    this.wasUnderWay = items.some(isUnderWay);
    this.chosen = this.chosen.filter((id) => items.some((each) => each.id === id));
    if (!items.length) return h("p", { class: "faint", test: "runs-none" }, "It has not been run yet.");
    this.compare = h("button", { type: "button", class: "button small", test: "run-compare", disabled: this.chosen.length !== 2, on: { click: () => this.#compare(items) } }, "Compare two runs");
    return [
      table({ caption: "Runs", test: "runs", rowTest: "run", items, columns: [this.#choice(), ...columns(items), { label: "", cell: (run) => this.#ending(run) }] }),
      h("div", { class: "form-actions" }, this.compare, h("span", { class: "hint" }, "Tick the two; the older is what the newer is measured against.")),
    ];
  }

  #choice() {
    const cell = (run) => {
      const box = h("input", { type: "checkbox", test: "run-choice", checked: this.chosen.includes(run.id), disabled: run.state !== "complete" });
      box.addEventListener("change", () => {
        this.chosen = box.checked ? [...this.chosen, run.id] : this.chosen.filter((id) => id !== run.id);
        this.compare.disabled = this.chosen.length !== 2;
      });
      return h("label", { class: "tick run-name" }, box, h("span", {}, h("span", { class: "cell-name" }, run.name), h("span", { class: "cell-more faint" }, ago(run.created_at))));
    };
    return { label: "Run", cell };
  }

  #ending(run) {
    const button = (name, label, work) => h("button", { type: "button", class: "button quiet small", test: `run-${name}`, "aria-label": `${label} ${run.name}`, on: { click: () => this.#attempt(async () => { await work(); await this.runs.again(); }) } }, label);
    return isUnderWay(run) ? button("stop", "Stop", () => runs.cancel(this.project, this.id, run.id)) : button("delete", "Delete", () => runs.remove(this.project, this.id, run.id));
  }

  async #compare(items) {
    const [newer, older] = items.filter((each) => this.chosen.includes(each.id));
    await this.#attempt(async () => {
      const found = await runs.compare(this.project, this.id, newer.id, older.id, { signal: this.signal });
      fill(this.compared, comparison(found, older, newer));
      this.compared.querySelector("h4").focus();
    });
  }
}

const isUnderWay = (run) => run.state === "queued" || run.state === "running";

function columns(items) {
  const state = (run) => (isUnderWay(run) ? `${run.done} of ${run.total}` : run.failure ? `${run.state}: ${run.failure}` : run.state);
  const figure = ({ metric, label }) => ({ label, number: true, cell: (run) => run.figures.find((each) => each.metric === metric)?.value?.toFixed(3) ?? "–" });
  return [
    { label: "State", cell: (run) => h("span", { class: "state", data: { state: run.state === "complete" ? "ready" : run.state === "failed" ? "failed" : "off" } }, state(run)) },
    { label: "With", cell: (run) => [run.answers ? "answers" : "search alone", run.settings.search_mode, run.settings.passages ? plural(run.settings.passages, "passage") : null].filter(Boolean).join(", ") },
    ...shownFigures(items).map(figure),
  ];
}
