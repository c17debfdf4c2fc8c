// Your account: who you are here, your password, your API keys, and what your answers used.

import { h } from "../dom.js";
import { apiKeys } from "../parts/api-keys.js";
import { ownPassword } from "../parts/own-password.js";
import { quotaUse } from "../parts/quota.js";
import { groupsWithout, usagePanel } from "../parts/usage-table.js";
import { paths } from "../router.js";
import { session } from "../session.js";

const roles = { admin: "Administrator of the installation", user: "May make projects", viewer: "Reads and asks in projects of others" };

export function accountView(_, { signal }) {
  const { user } = session;
  const facts = [["E-mail", user.email], ["Role", roles[user.role] ?? user.role], ["Id", h("code", { test: "account-id" }, user.id)]];
  const element = h("div", { class: "page" },
    h("div", { class: "page-head" }, h("h1", {}, user.name),
      h("span", { class: "form-actions" },
        user.role === "admin" ? h("a", { class: "button small", href: `#${paths.installation}`, test: "account-installation" }, "Installation") : null,
        h("a", { class: "button small", href: `#${paths.projects}`, test: "account-projects" }, "Projects"))),
    h("dl", { class: "facts" }, facts.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
    ownPassword(),
    apiKeys({ signal }),
    h("section", { class: "stack" }, h("h2", {}, "Your usage"), usagePanel("me", { signal, by: groupsWithout("user") }), h("h3", {}, "Your quotas"), quotaUse(null, { signal })));
  return { title: "Your account", element };
}
