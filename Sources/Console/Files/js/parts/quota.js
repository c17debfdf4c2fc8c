// What a person or a project may use, and how much of it is used.

import { limits, quotas } from "../api-management.js";
import { h } from "../dom.js";
import { size } from "../format.js";
import { loading } from "./loading.js";
import { table } from "./table.js";
import { VersionedForm } from "./versioned-form.js";

const matters = [
  { name: "storage_bytes", label: "Files", words: size },
  { name: "documents", label: "Documents" },
  { name: "daily_tokens", label: "Tokens of this day (UTC)" },
  { name: "monthly_tokens", label: "Tokens of this month (UTC)" },
];

const plain = (value) => value.toLocaleString();

/** How much of each quota is used; `project` null for one's own. */
export function quotaUse(project, { signal }) {
  const draw = (use) => table({
    caption: "Quotas", test: "quota-use", rowTest: "quota-row", items: matters.map((each) => ({ ...each, ...use[each.name] })),
    columns: [
      { label: "Quota", cell: (each) => each.label },
      { label: "Used", number: true, cell: (each) => (each.words ?? plain)(each.used) },
      { label: "Set aside", number: true, cell: (each) => (each.reserved ? plain(each.reserved) : "–") },
      { label: "Limit", number: true, cell: (each) => (each.limit === null ? "none" : (each.words ?? plain)(each.limit)) },
      { label: "", cell: (each) => (each.limit ? h("meter", { min: 0, max: each.limit, high: each.limit * 0.9, optimum: 0, value: each.used + each.reserved, "aria-label": `${each.label}: how much is used` }) : null) },
    ],
  });
  return loading({ signal, load: () => limits(project, { signal }), draw });
}

/** For administrators: the limits themselves. `owner` is {user} or {project}; `onSaved` hears of each change. */
export function quotaForm({ user, project }, { signal, onSaved }) {
  const resource = user ? quotas.user(user) : quotas.project(project);
  const fields = [
    { name: "storage_bytes", label: "Files, in gigabytes", unit: 1e9, step: "any", test: "quota-storage" },
    { name: "documents", label: "Documents" },
    { name: "daily_tokens", label: "Tokens a day" },
    { name: "monthly_tokens", label: "Tokens a month" },
  ].map((each) => ({ number: true, min: 0, step: 1, test: `quota-${each.name.replace("_", "-")}`, ...each }));
  const draw = ([read, use]) => [
    h("p", { class: "hint" }, "What is left empty is as the installation's settings have it; the box says what that is."),
    new VersionedForm({ resource, read, fields: fields.map((each) => ({ ...each, placeholder: standing(each, read.value, use) })), test: "quota", onSaved }).element,
  ];
  // A person's limits are told to that person alone.
  return loading({ signal, load: () => Promise.all([resource.get({ signal }), project ? limits(project, { signal }) : null]), draw });
}

/** What holds while the box is empty, as far as it can be told. */
function standing({ name, unit = 1 }, set, use) {
  if (!use) return "As the installation has it";
  const { limit } = use[name];
  if (limit === null) return "No limit";
  return set[name] === null ? (limit / unit).toLocaleString() : "As the installation has it";
}
