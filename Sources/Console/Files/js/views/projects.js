// All projects of the person, and making a new one.

import { announce } from "../announce.js";
import { invitations } from "../api-management.js";
import { projects } from "../api.js";
import { fill, h } from "../dom.js";
import { field, form } from "../forms.js";
import { icon } from "../icons.js";
import { projectCard } from "../parts/project-card.js";
import { emptyState } from "../parts/project-frame.js";
import { isAbort, problemBox } from "../problem.js";
import { go, paths } from "../router.js";
import { session } from "../session.js";

/** While there is no project, one may be on its way: the sample of a new installation, or one that somebody shares. */
const emptyInterval = 2000;

export function projectsView(_, { signal }) {
  const list = h("div", { "aria-busy": "true" });
  const maker = h("div", { class: "maker", id: "project-maker", hidden: true });
  const button = h("button", { type: "button", class: "button primary", test: "project-new", "aria-controls": "project-maker", "aria-expanded": "false" }, icon("plus"), "New project");
  const show = (visible) => toggle(button, maker, visible);
  button.addEventListener("click", () => show(maker.hidden));
  maker.append(makerForm(() => { show(false); button.focus(); }));
  load(list, { signal, show });
  const head = h("div", { class: "page-head" }, h("h1", {}, "Projects"), session.user.role === "viewer" ? null : button);
  return { title: "Projects", element: h("div", { class: "page" }, head, maker, invited(list, { signal, show }), list) };
}

function toggle(button, maker, visible) {
  maker.hidden = !visible;
  button.setAttribute("aria-expanded", String(visible));
  if (visible) maker.querySelector("input").focus();
}

function makerForm(cancel) {
  const fields = [
    field({ name: "name", label: "Name", test: "project-name", required: true, maxlength: 200, autocomplete: "off" }),
    field({ name: "description", label: "What it is about", test: "project-description", maxlength: 2000, multiline: true }),
  ];
  const send = async (values) => {
    const project = await projects.create(values);
    go(paths.documents(project.id));
  };
  const secondary = h("button", { type: "button", class: "button quiet", test: "project-cancel", on: { click: cancel } }, "Cancel");
  return form({ test: "project-form", fields, action: "Create project", actionTest: "project-create", send, secondary });
}

async function load(list, context) {
  try {
    const { items } = await projects.list({ signal: context.signal });
    fill(list, items.length ? h("ul", { class: "cards", test: "projects" }, items.map((each) => projectCard(each, context))) : nothing());
    if (!items.length) setTimeout(() => { if (!context.signal.aborted) load(list, context); }, emptyInterval);
  } catch (error) {
    if (!isAbort(error)) fill(list, problemBox(error, { retry: () => load(list, context) }));
  }
  list.removeAttribute("aria-busy");
}

/** What waits for the person's answer. */
function invited(list, context) {
  const element = h("div", { class: "stack" });
  const answer = async (each, word) => {
    try {
      await invitations.answer(each.id, word);
      announce(word === "accept" ? `You are a member of ${each.project_name}.` : "Declined.");
      await Promise.all([read(), load(list, context)]);
    } catch (error) {
      if (!isAbort(error)) fill(element, problemBox(error, { retry: read }));
    }
  };
  const button = (each, word, label, kind) => h("button", { type: "button", class: `button small ${kind}`, test: `invitation-${word}`, on: { click: () => answer(each, word) } }, label);
  const draw = (each) => h("div", { class: "notice notice-good", test: "invited" }, h("div", { class: "notice-words" },
    h("strong", {}, `You are invited to “${each.project_name}”`), h("p", {}, `As ${each.role === "viewer" ? "a viewer" : `an ${each.role}`}.`),
    h("div", { class: "form-actions" }, button(each, "accept", "Accept", "primary"), button(each, "decline", "Decline", ""))));
  const read = async () => {
    try {
      fill(element, (await invitations.mine({ signal: context.signal })).items.map(draw));
    } catch (error) {
      if (!isAbort(error)) fill(element, problemBox(error, { retry: read }));
    }
  };
  read();
  return element;
}

const nothing = () => emptyState("folder", "No projects yet", "A project holds documents, and the questions you ask of them. Make one to begin.");
