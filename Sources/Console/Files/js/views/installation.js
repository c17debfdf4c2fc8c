// For administrators: the people with accounts, the language models, and what everybody's answers used.

import { h } from "../dom.js";
import { languageModels } from "../parts/models.js";
import { people } from "../parts/people.js";
import { usagePanel } from "../parts/usage-table.js";

export function installationView(_, { signal }) {
  const element = h("div", { class: "page" },
    h("h1", {}, "Installation"),
    people({ signal }),
    languageModels({ signal }),
    h("section", { class: "stack" }, h("h2", {}, "Usage"), usagePanel(null, { signal })));
  return { title: "Installation", element };
}
