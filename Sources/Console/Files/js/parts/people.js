// The people with accounts: adding them, their roles, suspending one.

import { users } from "../api-management.js";
import { announce } from "../announce.js";
import { confirm, show } from "../dialogs.js";
import { fill, h } from "../dom.js";
import { field, form } from "../forms.js";
import { ago } from "../format.js";
import { isAbort, problemBox } from "../problem.js";
import { session } from "../session.js";
import { loading } from "./loading.js";
import { quotaForm } from "./quota.js";
import { table } from "./table.js";

const roles = [{ value: "user", label: "User" }, { value: "viewer", label: "Viewer" }, { value: "admin", label: "Administrator" }];

export function people({ signal }) {
  const trouble = h("div", {});
  const change = async (user, input, words) => {
    try {
      fill(trouble);
      await (input === "unlock" ? users.unlock(user.id) : users.change(user.id, input));
      announce(words);
    } catch (error) {
      if (!isAbort(error)) fill(trouble, problemBox(error));
    }
    await list.again();
  };
  const draw = ({ items }) => table({ caption: "People with accounts", test: "people", rowTest: "person", items, columns: columns(change, signal) });
  const list = loading({ signal, load: () => users.list({ signal }), draw });
  return h("section", { class: "stack", "aria-labelledby": "people-title" }, h("h2", { id: "people-title" }, "People"), trouble, list, adding(() => list.again()));
}

const columns = (change, signal) => [
  { label: "Person", cell: (user) => [h("span", { class: "cell-name" }, user.name), h("span", { class: "cell-more faint" }, user.email)] },
  { label: "Role", cell: (user) => (user.id === session.user.id ? "Administrator (you)" : roleChoice(user, change)) },
  { label: "Since", cell: (user) => ago(user.created_at) },
  { label: "", cell: (user) => [quota(user, signal), unlocking(user, change), user.id === session.user.id ? null : suspending(user, change)] },
];

function roleChoice(user, change) {
  const select = h("select", { class: "input input-small", test: "person-role", "aria-label": `Role of ${user.name}` }, roles.map((role) => h("option", { value: role.value, selected: role.value === user.role }, role.label)));
  select.addEventListener("change", () => change(user, { role: select.value }, `${user.name} has another role.`));
  return select;
}

function quota(user, signal) {
  const open = () => show({ title: `What ${user.name} may use`, content: quotaForm({ user: user.id }, { signal, onSaved() {} }), closing: "Done" });
  return h("button", { type: "button", class: "button quiet small", test: "person-quota", "aria-label": `Quota of ${user.name}`, on: { click: open } }, "Quota");
}

function unlocking(user, change) {
  return h("button", {
    type: "button", class: "button quiet small", test: "person-unlock", "aria-label": `Unlock ${user.name}`, title: "Lets the person sign in without waiting after failed sign-ins.",
    on: { click: () => change(user, "unlock", `${user.name} may sign in.`) },
  }, "Unlock");
}

function suspending(user, change) {
  const run = async () => {
    if (user.disabled) return change(user, { disabled: false }, `${user.name} may sign in again.`);
    if (!(await confirm({ title: "Suspend this person?", text: `${user.name} is signed out everywhere and cannot sign in. Threads and projects stay.`, action: "Suspend" }))) return null;
    return change(user, { disabled: true }, `${user.name} is suspended.`);
  };
  return h("button", { type: "button", class: "button quiet small", test: "person-toggle", "aria-label": `${user.disabled ? "Reinstate" : "Suspend"} ${user.name}`, on: { click: run } }, user.disabled ? "Reinstate" : "Suspend");
}

function adding(again) {
  const panel = h("section", { class: "panel" });
  const draw = () => {
    const fields = [
      field({ name: "name", label: "Name", required: true, maxlength: 200, test: "person-name", autocomplete: "off" }),
      field({ name: "email", label: "E-mail", type: "email", required: true, test: "person-email", autocomplete: "off" }),
      field({ name: "password", label: "First password", type: "password", required: true, test: "person-password", autocomplete: "new-password", hint: "At least 12 characters, unless your settings say otherwise. Tell it to the person yourself." }),
      field({ name: "role", label: "Role", choices: roles, test: "person-new-role" }),
    ];
    const send = async (input) => {
      await users.create(input);
      announce(`${input.name} was added.`);
      draw();
      await again();
    };
    fill(panel, h("h3", {}, "Add a person"), form({ test: "person-form", fields, action: "Add", actionTest: "person-add", send }));
  };
  draw();
  return panel;
}
