// For administrators: the people with accounts, the language models, and what everybody's answers used.

import { h } from "../dom.js";
import { languageModels } from "../parts/models.js";
import { people } from "../parts/people.js";
import { emptyState } from "../parts/project-frame.js";
import { usagePanel } from "../parts/usage-table.js";
import { paths } from "../router.js";
import { session } from "../session.js";

export function installationView(_, { signal }) {
  if (session.user.role !== "admin") return { title: "Installation", element: h("div", { class: "page", test: "not-allowed" }, emptyState("key", "For administrators", "This page is for the administrators of the installation. Ask one of them for what you need.", h("a", { class: "button", href: `#${paths.projects}` }, "Your projects"))) };
  const element = h("div", { class: "page" },
    h("h1", {}, "Installation"),
    people({ signal }),
    languageModels({ signal }),
    h("section", { class: "stack" }, h("h2", {}, "Usage"), usagePanel(null, { signal })));
  return { title: "Installation", element };
}
