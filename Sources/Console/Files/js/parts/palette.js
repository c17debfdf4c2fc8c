// The command palette: a few letters lead to any project, page or thread.

import { projects, threads } from "../api.js";
import { fill, h } from "../dom.js";
import { keysOf } from "../keys.js";
import { leave } from "../leave.js";
import { go, paths } from "../router.js";
import { session } from "../session.js";
import { chooseTheme, themes } from "../theme.js";

const shownAtOnce = 12;

/** A choice is {label, kind, run}. */
export function openPalette() {
  if (document.querySelector("dialog[open]")) return;
  const project = /^#\/projects\/([^/?]+)/.exec(location.hash)?.[1] ?? null;
  let choices = fixed();
  let shown = [];
  let active = 0;
  const input = h("input", {
    class: "input palette-input", role: "combobox", test: "palette-input", "aria-expanded": "true", "aria-controls": "palette-list", "aria-autocomplete": "list",
    "aria-label": "Go to or do", placeholder: "Go to a project, page or thread", autocomplete: "off", maxlength: 200, autofocus: true,
  });
  const list = h("ul", { class: "palette-list", id: "palette-list", role: "listbox", "aria-label": "What fits" });
  const dialog = h("dialog", { class: "dialog palette", "aria-label": "Command palette", test: "palette" }, input, list,
    h("p", { class: "faint palette-foot" }, `${keysOf("K")} opens this, ${keysOf("/")} goes to the question. Arrows choose, Enter goes, Escape closes.`));

  const draw = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    shown = choices.filter((each) => words.every((word) => each.label.toLowerCase().includes(word))).slice(0, shownAtOnce);
    active = Math.min(active, Math.max(shown.length - 1, 0));
    fill(list, shown.length ? shown.map(option) : h("li", { class: "faint palette-none" }, "Nothing fits."));
    if (shown.length) input.setAttribute("aria-activedescendant", `palette-${active}`);
    else input.removeAttribute("aria-activedescendant");
    list.children[active]?.scrollIntoView({ block: "nearest" });
  };
  const option = (each, index) => h("li", { id: `palette-${index}`, role: "option", class: "palette-choice", test: "palette-choice", "aria-selected": String(index === active), on: { click: () => take(each) } },
    h("span", {}, each.label), h("span", { class: "faint" }, each.kind));
  const take = (each) => {
    dialog.close();
    each?.run();
  };

  input.addEventListener("input", () => { active = 0; draw(); });
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && shown.length) {
      active = (active + step + shown.length) % shown.length;
      draw();
    } else if (event.key === "Enter") take(shown[active]);
    else return;
    event.preventDefault();
  });
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);
  dialog.showModal();
  draw();
  const more = (found) => {
    choices = [...choices, ...found];
    if (dialog.open) draw();
  };
  if (project) threads.list(project, { pages: 3 }).then(({ items }) => more(items.map((each) => place(each.title || "Untitled", "Thread", paths.ask(project, each.id)))), () => {});
  projects.list().then(({ items }) => more(items.flatMap(ofProject)), () => {});
}

const place = (label, kind, path) => ({ label, kind, run: () => go(path) });

const ofProject = ({ id, name }) => [
  place(`Ask in ${name}`, "Project", paths.ask(id)), place(`Documents of ${name}`, "Project", paths.documents(id)),
  place(`Search ${name}`, "Project", paths.search(id)), place(`Settings of ${name}`, "Project", paths.settings(id)),
];

const fixed = () => [
  place("All projects", "Page", paths.projects),
  place("Your account", "Page", paths.account),
  ...(session.user.role === "admin" ? [place("Installation", "Page", paths.installation)] : []),
  ...themes.map((each) => ({ label: `Theme: ${each.label}`, kind: "Appearance", run: () => chooseTheme(each.value) })),
  { label: "Sign out", kind: "Session", run: leave },
];
