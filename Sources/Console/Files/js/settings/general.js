// A project's name and what it is about; the end of it.

import { projectDetails } from "../api-management.js";
import { confirm } from "../dialogs.js";
import { fill, h } from "../dom.js";
import { loading } from "../parts/loading.js";
import { VersionedForm } from "../parts/versioned-form.js";
import { isAbort, problemBox } from "../problem.js";
import { go, paths } from "../router.js";

const fields = [
  { name: "name", label: "Name", required: true, maxlength: 200, test: "general-name", autocomplete: "off" },
  { name: "description", label: "What it is about", maxlength: 2000, multiline: true, empty: "", test: "general-description" },
];

export function general(project, { signal, manages, onName }) {
  const resource = projectDetails(project);
  const draw = (read) => [
    h("h2", {}, "General"),
    new VersionedForm({ resource, read, fields, test: "general", disabled: !manages, onSaved: (value) => onName(value.name) }).element,
    manages ? ending(resource, read.value) : null,
  ];
  return loading({ signal, load: () => resource.get({ signal }), draw });
}

function ending(resource, project) {
  const trouble = h("div", {});
  const remove = async () => {
    const text = `“${project.name}” with its documents and threads is out of reach at once, for everybody. It cannot be taken back here.`;
    if (!(await confirm({ title: "Delete this project?", text, action: "Delete project" }))) return;
    try {
      await resource.remove();
      go(paths.projects);
    } catch (error) {
      if (!isAbort(error)) fill(trouble, problemBox(error));
    }
  };
  return h("section", { class: "panel danger-zone" }, h("h3", {}, "Delete the project"), trouble,
    h("p", { class: "faint" }, "Nobody can read or ask it afterwards."),
    h("button", { type: "button", class: "button danger small", test: "project-delete", on: { click: remove } }, "Delete project …"));
}
