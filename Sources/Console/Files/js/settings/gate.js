// The gate of a project's settings: which run they are measured against, and how much worse is too much.

import { gate, runs } from "../api-management.js";
import { announce } from "../announce.js";
import { fill, h } from "../dom.js";
import { field, form } from "../forms.js";
import { loading } from "../parts/loading.js";
import { isAbort, problemBox } from "../problem.js";
import { labelOf, metrics } from "./run-comparison.js";

const words = { off: "Off", fresh: "On", stale: "Stale" };

export function gatePanel(project, set, { signal, manages }) {
  const load = async () => {
    const [{ value, tag }, baseline, { items }] = await Promise.all([gate.get(project, { signal }), gate.baseline(project, { signal }), runs.list(project, set, { pages: 1, signal })]);
    return { value, tag, baseline, complete: items.filter((each) => each.state === "complete") };
  };
  const trouble = h("div", {});
  const save = async (input, tag, told) => {
    await gate.set(project, input, tag);
    announce(told);
    await panel.again();
  };
  const off = async (tag) => {
    try {
      fill(trouble);
      await save({ set_id: null, run_id: null }, tag, "The gate is off.");
    } catch (error) {
      if (!isAbort(error)) fill(trouble, problemBox(error));
    }
  };
  const draw = ({ value, tag, baseline, complete }) => h("section", { class: "panel stack", test: "gate" },
    h("div", { class: "page-head" }, h("h3", {}, "Gate"),
      h("span", { class: "state", test: "gate-state", data: { state: baseline.state === "fresh" ? "ready" : baseline.state === "stale" ? "failed" : "off" } }, words[baseline.state])),
    trouble, standing(value, baseline, set),
    !manages ? h("p", { class: "faint" }, "Only the project's owners set the gate.")
      : complete.length ? setting(complete, value, (input) => save({ set_id: set, ...input }, tag, "The gate is on.")) : h("p", { class: "hint" }, "Run the set first: a complete run is what changes are measured against."),
    manages && value.run_id ? h("button", { type: "button", class: "button small", test: "gate-off", on: { click: () => off(tag) } }, "Turn the gate off") : null);
  const panel = loading({ signal, load, draw });
  return panel;
}

function standing(value, baseline, set) {
  if (baseline.state === "off") return h("p", { class: "faint" }, "While there is a gate, a change of the answers' settings is tried on this set first, and used only if the figures do not get worse.");
  if (baseline.state === "stale") {
    const parts = baseline.changed_parts.map((each) => each.replaceAll("_", " ")).join(", ");
    return h("p", { class: "notice notice-warn", test: "gate-stale" }, `The baseline was measured with another ${parts}. Run the set anew and choose that run.`);
  }
  const rules = value.tolerances.map((each) => `${labelOf(each.metric)} may be worse by ${each.tolerance}`).join(", ");
  return h("p", { class: "faint" }, value.set_id === set ? `${rules}.` : "It rests on another question set.");
}

function setting(complete, value, send) {
  const present = value.tolerances[0];
  const fields = [
    field({ name: "run", label: "Measure against", test: "gate-run", value: value.run_id ?? undefined, choices: complete.map((each) => ({ value: each.id, label: each.name })) }),
    field({ name: "metric", label: "Figure", test: "gate-metric", value: present?.metric ?? "ndcg_at_10", choices: metrics.map(({ metric, label }) => ({ value: metric, label })) }),
    field({ name: "tolerance", label: "It may be worse by", type: "number", min: 0, step: "any", required: true, test: "gate-tolerance", value: String(present?.tolerance ?? 0) }),
  ];
  return form({
    test: "gate-form", fields, action: value.run_id ? "Change the gate" : "Turn the gate on", actionTest: "gate-save",
    send: ({ run, metric, tolerance }) => send({ run_id: run, tolerances: [{ metric, tolerance: Number(tolerance) }, ...value.tolerances.filter((each) => each.metric !== metric && value.run_id)] }),
  });
}
