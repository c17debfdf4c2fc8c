// Tokens and costs, added up by day, person, project or model.

import { usage, users } from "../api-management.js";
import { projects } from "../api.js";
import { h } from "../dom.js";
import { session } from "../session.js";
import { loading } from "./loading.js";
import { table } from "./table.js";

const groups = [{ value: "day", label: "Day" }, { value: "model", label: "Model" }, { value: "user", label: "Person" }, { value: "project", label: "Project" }];
const spans = [{ value: "7", label: "7 days" }, { value: "30", label: "30 days" }, { value: "", label: "All time" }];

/** `project` null: the installation's usage; "me": one's own. */
export function usagePanel(project, { signal, by = groups }) {
  const chosen = { by: by[0].value, days: "30" };
  const load = async () => {
    const from = chosen.days ? new Date(Date.now() - chosen.days * 86400000).toISOString() : undefined;
    const [{ items }, names] = await Promise.all([usage(project, { by: chosen.by, from }, { signal }), namesOf(chosen.by, signal)]);
    return { items, names };
  };
  const list = loading({ signal, load, draw: ({ items, names }) => sums(items, names, groups.find((each) => each.value === chosen.by).label), test: "usage" });
  const choice = (name, label, options) => h("div", { class: "segments", role: "group", "aria-label": label }, options.map((option) => {
    const button = h("button", { type: "button", class: "segment", test: `usage-${name}-${option.value || "all"}`, "aria-pressed": String(chosen[name] === option.value) }, option.label);
    button.addEventListener("click", () => {
      chosen[name] = option.value;
      for (const each of button.parentElement.children) each.setAttribute("aria-pressed", String(each === button));
      list.again();
    });
    return button;
  }));
  return h("div", { class: "stack" }, h("div", { class: "choices" }, choice("by", "Add up by", by), choice("days", "From when on", spans)), list);
}

export const groupsWithout = (...names) => groups.filter((each) => !names.includes(each.value));

/** Names for ids, as far as one may see them. */
async function namesOf(by, signal) {
  if (by === "project") return new Map((await projects.list({ signal })).items.map((each) => [each.id, each.name]));
  if (by === "user" && session.user?.role === "admin") return new Map((await users.list({ signal })).items.map((each) => [each.id, each.name]));
  return new Map(session.user ? [[session.user.id, session.user.name]] : []);
}

function sums(items, names, label) {
  if (!items.length) return h("p", { class: "faint", test: "usage-none" }, "No answers in this time.");
  const add = (name) => items.reduce((sum, each) => sum + each[name], 0);
  const whole = { key: "Together", answers: add("answers"), prompt_tokens: add("prompt_tokens"), completion_tokens: add("completion_tokens"), cost_micros: add("cost_micros"), estimated: add("estimated") };
  const number = (name) => (each) => each[name].toLocaleString();
  const estimated = whole.estimated ? h("p", { class: "hint" }, `The tokens of ${whole.estimated.toLocaleString()} of these answers were estimated, since the model did not tell.`) : null;
  return [
    table({
      caption: "Usage", test: "usage-table", rowTest: "usage-row", items: [...items].sort((a, b) => (a.key < b.key ? 1 : -1)), foot: whole,
      columns: [
        { label, cell: (each) => names.get(each.key) ?? each.key },
        { label: "Answers", number: true, cell: number("answers") },
        { label: "Tokens read", number: true, cell: number("prompt_tokens") },
        { label: "Tokens written", number: true, cell: number("completion_tokens") },
        { label: "Cost", number: true, cell: (each) => cost(each.cost_micros) },
      ],
    }),
    estimated,
  ];
}

/** Millionths of the operator's currency. */
const cost = (micros) => (micros / 1e6).toLocaleString(undefined, { minimumFractionDigits: 2, maximumFractionDigits: micros && micros < 10000 ? 6 : 2 });
