// What every view inside a project shares: its name and the tabs.

import { projects } from "../api.js";
import { whenBack } from "../connection.js";
import { fill, h, setText } from "../dom.js";
import { icon } from "../icons.js";
import { isAbort, problemBox } from "../problem.js";
import { paths } from "../router.js";
import { addedFiles } from "./added-files.js";
import { takeDrops } from "./drop-target.js";

const tabs = [
  { name: "ask", label: "Ask", path: paths.ask },
  { name: "documents", label: "Documents", path: paths.documents },
  { name: "search", label: "Search", path: paths.search },
  { name: "settings", label: "Settings", path: paths.settings },
];

/** The last project read, so that changing tabs does not flicker. */
let known = null;

/** A frame around `body`; `onProject(project)` is called when the project is read. Files dropped on it go to `onFiles`, else into the project. */
export function projectFrame(id, active, body, { signal, onProject = () => {}, onFiles = null }) {
  const title = h("h1", { class: "project-title", test: "project-title" }, known?.id === id ? known.name : "\u00a0");
  const trouble = h("div", { class: "frame-trouble" });
  const links = tabs.map((tab) => h("a", {
    class: "tab", href: `#${tab.path(id)}`, test: `tab-${tab.name}`, "aria-current": tab.name === active ? "page" : null,
  }, tab.label));
  const head = h("div", { class: "project-head" },
    h("div", { class: "project-where" }, h("a", { href: `#${paths.projects}`, class: "crumb", test: "crumb-projects" }, "Projects"), h("span", { class: "crumb-mark", "aria-hidden": "true" }, "/"), title),
    h("nav", { class: "tabs", "aria-label": "Project" }, links),
  );
  const frame = h("div", { class: `frame frame-${active}` }, head, trouble, body);
  takeDrops(frame, (files) => {
    if (!files.length) return;
    if (known?.id === id && !mayEdit(known)) fill(trouble, refusal());
    else if (onFiles) onFiles(files);
    else fill(trouble, addedFiles(id, files));
  });
  const load = () => read(id, signal).then((project) => {
    if (body.hidden) fill(trouble);
    body.hidden = false;
    setText(title, project.name);
    title.title = project.name;
    document.title = `${project.name} · Parley`;
    onProject(project);
  }).catch((error) => {
    if (isAbort(error)) return;
    // Without the server, what is known of the project still holds.
    if (error.code === "unreachable" && known?.id === id) {
      onProject(known);
      whenBack(load, signal);
      return;
    }
    body.hidden = true;
    fill(trouble, problemBox(error, { retry: load }));
  });
  load();
  return frame;
}

const refusal = () => h("div", { class: "notice notice-warn", role: "alert", test: "drop-refused" }, icon("info"), h("div", { class: "notice-words" }, h("p", {}, "You may read this project, not add to it.")));

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
