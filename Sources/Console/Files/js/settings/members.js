// Who may read, change and manage a project.

import { members, users } from "../api-management.js";
import { announce } from "../announce.js";
import { confirm } from "../dialogs.js";
import { fill, h } from "../dom.js";
import { field, form } from "../forms.js";
import { ago } from "../format.js";
import { loading } from "../parts/loading.js";
import { table } from "../parts/table.js";
import { isAbort, problemBox } from "../problem.js";
import { session } from "../session.js";

const roles = [
  { value: "viewer", label: "Viewer: reads, searches, asks" },
  { value: "editor", label: "Editor: adds and deletes documents too" },
  { value: "owner", label: "Owner: manages the project too" },
];

export function membersSection(project, { signal, manages }) {
  const trouble = h("div", {});
  const isAdmin = session.user?.role === "admin";
  const load = async () => {
    const [{ items }, people] = await Promise.all([members.list(project, { signal }), manages && isAdmin ? users.list({ signal }) : null]);
    return { items, people: people?.items.filter((user) => !user.disabled && !items.some((each) => each.user_id === user.id)) };
  };
  const attempt = async (work, words) => {
    try {
      fill(trouble);
      await work();
      announce(words);
    } catch (error) {
      if (!isAbort(error)) fill(trouble, problemBox(error));
    }
    await list.again();
  };
  const draw = ({ items, people }) => [
    h("h2", {}, "Members"),
    trouble,
    table({ caption: "Members of the project", test: "members", rowTest: "member", columns: columns(project, manages, attempt), items: items.map((each) => ({ ...each, id: each.user_id })) }),
    manages ? adding(project, people, () => list.again()) : null,
  ];
  const list = loading({ signal, load, draw });
  return list;
}

const columns = (project, manages, attempt) => [
  { label: "Person", cell: (each) => [h("span", { class: "cell-name" }, each.name), h("span", { class: "cell-more faint" }, each.email)] },
  { label: "Role", cell: (each) => (manages ? roleChoice(project, each, attempt) : each.role) },
  { label: "Since", cell: (each) => ago(each.since) },
  ...(manages ? [{ label: "", cell: (each) => removal(project, each, attempt) }] : []),
];

function roleChoice(project, member, attempt) {
  const select = h("select", { class: "input input-small", test: "member-role", "aria-label": `Role of ${member.name}` },
    roles.map((role) => h("option", { value: role.value, selected: role.value === member.role }, role.label.split(":")[0])));
  select.addEventListener("change", () => attempt(() => members.set(project, member.id, select.value), `${member.name} is now ${select.value}.`));
  return select;
}

function removal(project, member, attempt) {
  const remove = async () => {
    if (!(await confirm({ title: "Remove this member?", text: `${member.name} can no longer see the project.`, action: "Remove" }))) return;
    await attempt(() => members.remove(project, member.id), `${member.name} was removed.`);
  };
  return h("button", { type: "button", class: "button quiet small", test: "member-remove", "aria-label": `Remove ${member.name}`, on: { click: remove } }, "Remove");
}

/** Administrators choose from the accounts; others need the id that the person finds on the page of their account. */
function adding(project, people, done) {
  const who = people
    ? field({ name: "user", label: "Person", test: "member-user", required: true, choices: people.map((each) => ({ value: each.id, label: `${each.name} (${each.email})` })) })
    : field({ name: "user", label: "Id of the person", test: "member-user", required: true, placeholder: "usr_…", autocomplete: "off", hint: "It stands on the page of their account." });
  if (people && !people.length) return h("p", { class: "faint", test: "members-all" }, "Everybody with an account is a member. Administrators add accounts on the page “Installation”.");
  const send = async ({ user, role }) => {
    await members.set(project, user, role);
    announce("Added.");
    await done();
  };
  return h("section", { class: "panel" }, h("h3", {}, "Add a member"),
    form({ test: "member-form", fields: [who, field({ name: "role", label: "Role", choices: roles, test: "member-new-role" })], action: "Add", actionTest: "member-add", send }));
}
