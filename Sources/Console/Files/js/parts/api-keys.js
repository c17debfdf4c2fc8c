// Personal API keys: what there is, a new one with its secret shown once, and the end of one.

import { keys } from "../api-management.js";
import { announce } from "../announce.js";
import { projects } from "../api.js";
import { confirm } from "../dialogs.js";
import { fill, h } from "../dom.js";
import { field, form } from "../forms.js";
import { ago } from "../format.js";
import { isAbort, problemBox } from "../problem.js";
import { loading } from "./loading.js";
import { secretBox } from "./secret-box.js";
import { table } from "./table.js";

const lives = [{ value: "", label: "No end" }, { value: "7", label: "7 days" }, { value: "30", label: "30 days" }, { value: "90", label: "90 days" }, { value: "365", label: "A year" }];

export function apiKeys({ signal }) {
  const trouble = h("div", {});
  const maker = h("div", {});
  const load = async () => {
    const [{ items }, all] = await Promise.all([keys.list({ signal }), projects.list({ signal })]);
    return { items, projects: all.items };
  };
  const revoke = async (key) => {
    if (!(await confirm({ title: "Revoke this key?", text: `Whatever uses “${key.name}” loses access at once.`, action: "Revoke" }))) return;
    try {
      await keys.remove(key.id);
      announce(`${key.name} was revoked.`);
    } catch (error) {
      if (!isAbort(error)) fill(trouble, problemBox(error));
    }
    await list.again();
  };
  const draw = ({ items, projects: all }) => {
    if (!maker.querySelector(".secret")) fill(maker, makerForm(all, maker, () => list.again()));
    return items.length
      ? table({ caption: "API keys", test: "keys", rowTest: "key", items, columns: columns(all, revoke) })
      : h("p", { class: "faint", test: "keys-none" }, "You have no keys yet.");
  };
  const list = loading({ signal, load, draw });
  return h("section", { class: "stack", "aria-labelledby": "keys-title" },
    h("h2", { id: "keys-title" }, "API keys"),
    h("p", { class: "lead" }, "For programs that act for you: over the API, OpenAI's protocol or MCP. A key may do what you may, in one project or in all of yours."),
    trouble, list, maker);
}

const columns = (all, revoke) => [
  { label: "Name", cell: (key) => [h("span", { class: "cell-name" }, key.name), h("span", { class: "cell-more faint" }, h("code", {}, key.hint))] },
  { label: "Opens", cell: (key) => (key.project_id ? all.find((each) => each.id === key.project_id)?.name ?? "a former project" : "All your projects") },
  { label: "Ends", cell: (key) => (key.expires_at ? (new Date(key.expires_at) < new Date() ? "ended" : new Date(key.expires_at).toLocaleDateString()) : "never") },
  { label: "Last used", cell: (key) => (key.used_at ? ago(key.used_at) : "never") },
  { label: "", cell: (key) => h("button", { type: "button", class: "button quiet small", test: "key-revoke", "aria-label": `Revoke ${key.name}`, on: { click: () => revoke(key) } }, "Revoke") },
];

function makerForm(all, maker, again) {
  const fields = [
    field({ name: "name", label: "Name", required: true, maxlength: 100, placeholder: "What uses it", test: "key-name", autocomplete: "off" }),
    field({ name: "project_id", label: "Opens", test: "key-project", choices: [{ value: "", label: "All your projects" }, ...all.map((each) => ({ value: each.id, label: each.name }))] }),
    field({ name: "days", label: "Ends after", test: "key-days", choices: lives }),
  ];
  const send = async ({ name, project_id, days }) => {
    const expires_at = days ? new Date(Date.now() + days * 86400000).toISOString() : undefined;
    const made = await keys.create({ name, project_id, expires_at });
    const done = () => { fill(maker); again(); };
    fill(maker, secretBox({ title: `The key “${made.key.name}”`, secret: made.secret, text: "Copy it now: it is shown only once, and nobody can look it up later.", onDone: done }));
    maker.querySelector("strong").focus();
    again();
  };
  return h("section", { class: "panel" }, h("h3", {}, "Make a key"), form({ test: "key-form", fields, action: "Make key", actionTest: "key-create", send }));
}
