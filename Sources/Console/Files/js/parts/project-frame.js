// What every view inside a project shares: its name and the tabs.

import { projects } from "../api.js";
import { fill, h, setText } from "../dom.js";
import { icon } from "../icons.js";
import { isAbort, problemBox } from "../problem.js";
import { paths } from "../router.js";

const tabs = [
  { name: "ask", label: "Ask", path: paths.ask },
  { name: "documents", label: "Documents", path: paths.documents },
  { name: "search", label: "Search", path: paths.search },
  { name: "settings", label: "Settings", path: paths.settings },
];

/** The last project read, so that changing tabs does not flicker. */
let known = null;

/** A frame around `body`; `onProject(project)` is called when the project is read. */
export function projectFrame(id, active, body, { signal, onProject = () => {} }) {
  const title = h("h1", { class: "project-title", test: "project-title" }, known?.id === id ? known.name : "\u00a0");
  const trouble = h("div", { class: "frame-trouble" });
  const links = tabs.map((tab) => h("a", {
    class: "tab", href: `#${tab.path(id)}`, test: `tab-${tab.name}`, "aria-current": tab.name === active ? "page" : null,
  }, tab.label));
  const head = h("div", { class: "project-head" },
    h("div", { class: "project-where" }, h("a", { href: `#${paths.projects}`, class: "crumb", test: "crumb-projects" }, "Projects"), h("span", { class: "crumb-mark", "aria-hidden": "true" }, "/"), title),
    h("nav", { class: "tabs", "aria-label": "Project" }, links),
  );
  read(id, signal).then((project) => {
    setText(title, project.name);
    document.title = `${project.name} · Parley`;
    onProject(project);
  }).catch((error) => {
    if (isAbort(error)) return;
    body.hidden = true;
    fill(trouble, problemBox(error, { retry: () => location.reload() }));
  });
  return h("div", { class: `frame frame-${active}` }, head, trouble, body);
}

async function read(id, signal) {
  known = await projects.get(id, { signal });
  return known;
}

/** Whether the caller may change the project itself. */
export const mayManage = (project) => project.role === "owner";

/** Whether the caller may change the project's documents. */
export const mayEdit = (project) => project.role !== "viewer";

/** A calm word for a place with nothing in it. */
export const emptyState = (name, title, text, ...more) =>
  h("div", { class: "empty", test: "empty" }, h("span", { class: "empty-icon" }, icon(name)), h("h2", {}, title), h("p", {}, text), more);
