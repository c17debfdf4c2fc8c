// What a project's answers used.

import { h } from "../dom.js";
import { groupsWithout, usagePanel } from "../parts/usage-table.js";

export const usageSection = (project, { signal, manages }) => h("div", { class: "stack" },
  h("h2", {}, "Usage"),
  manages ? usagePanel(project, { signal, by: groupsWithout("project") }) : h("p", { class: "faint" }, "Only the project's owners see what it used."));
