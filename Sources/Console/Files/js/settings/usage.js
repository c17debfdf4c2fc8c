// What a project's answers used.

import { h } from "../dom.js";
import { quotaForm, quotaUse } from "../parts/quota.js";
import { groupsWithout, usagePanel } from "../parts/usage-table.js";
import { session } from "../session.js";

export function usageSection(project, { signal, manages }) {
  const use = quotaUse(project, { signal });
  const setting = () => h("details", { class: "panel" }, h("summary", { test: "quota-edit" }, "Set the project's quota"),
    quotaForm({ project }, { signal, onSaved: () => use.again() }));
  return h("div", { class: "stack" },
    h("h2", {}, "Usage"),
    manages ? usagePanel(project, { signal, by: groupsWithout("project") }) : h("p", { class: "faint" }, "Only the project's owners see what it used."),
    h("h3", {}, "Quotas"), use,
    session.user?.role === "admin" ? setting() : h("p", { class: "faint" }, "The installation's administrators set these."));
}
