// Who may read, change and manage a project.

import { invitations, members, users } from "../api-management.js";
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
    people ? adding(project, people, () => list.again()) : null,
  ];
  const list = loading({ signal, load, draw });
  return h("div", { class: "stack" }, list, manages ? inviting(project, { signal }) : null);
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

/** For administrators, who see the accounts. */
function adding(project, people, done) {
  if (!people.length) return h("p", { class: "faint", test: "members-all" }, "Everybody with an account is a member. Administrators add accounts on the page “Installation”.");
  const who = field({ name: "user", label: "Person", test: "member-user", required: true, choices: people.map((each) => ({ value: each.id, label: `${each.name} (${each.email})` })) });
  const send = async ({ user, role }) => {
    await members.set(project, user, role);
    announce("Added.");
    await done();
  };
  return h("section", { class: "panel" }, h("h3", {}, "Add a member"),
    form({ test: "member-form", fields: [who, field({ name: "role", label: "Role", choices: roles, test: "member-new-role" })], action: "Add", actionTest: "member-add", send }));
}

/** Invitations by e-mail: the person accepts on the page of their projects, also when the account is made later. */
function inviting(project, { signal }) {
  const trouble = h("div", {});
  const withdraw = async (each) => {
    try {
      fill(trouble);
      await invitations.withdraw(project, each.id);
      announce("Withdrawn.");
    } catch (error) {
      if (!isAbort(error)) fill(trouble, problemBox(error));
    }
    await list.again();
  };
  const columns = [
    { label: "Invited", cell: (each) => each.email },
    { label: "Role", cell: (each) => each.role },
    { label: "Since", cell: (each) => ago(each.created_at) },
    { label: "", cell: (each) => h("button", { type: "button", class: "button quiet small", test: "invitation-withdraw", "aria-label": `Withdraw the invitation of ${each.email}`, on: { click: () => withdraw(each) } }, "Withdraw") },
  ];
  const draw = ({ items }) => (items.length ? table({ caption: "Invitations", test: "invitations", rowTest: "invitation", items, columns }) : null);
  const list = loading({ signal, load: () => invitations.list(project, { signal }), draw });
  const fields = [
    field({ name: "email", label: "E-mail", type: "email", required: true, maxlength: 254, test: "invitation-email", autocomplete: "off", hint: "The person finds the invitation on the page of their projects, and becomes a member by accepting." }),
    field({ name: "role", label: "Role", choices: roles, test: "invitation-role" }),
  ];
  const send = async (input, element) => {
    await invitations.create(project, input);
    element.reset();
    announce("Invited.");
    await list.again();
  };
  return [trouble, list, h("section", { class: "panel" }, h("h3", {}, "Invite by e-mail"), form({ test: "invitation-form", fields, action: "Invite", actionTest: "invitation-send", send }))];
}
