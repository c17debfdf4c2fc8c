// Exporting a thread: in which form, and the file itself.

import { threads } from "../api.js";
import { show } from "../dialogs.js";
import { h } from "../dom.js";
import { saveFile } from "../save-file.js";

const formats = [
  { value: "markdown", label: "Markdown", hint: "The shown branch as plain text with its sources." },
  { value: "html", label: "Web page", hint: "One file that needs nothing else." },
  { value: "pdf", label: "PDF", hint: "With page numbers, to print or pass on." },
  { value: "json", label: "JSON", hint: "Every branch. Can be imported again." },
];

/** Asks for the form and saves the file; nothing happens when the person changes their mind. */
export async function exportThread(project, thread) {
  const choice = (each, index) => h("label", { class: "tick" },
    h("input", { type: "radio", name: "format", value: each.value, checked: index === 0, test: `export-${each.value}` }),
    h("span", {}, each.label, h("span", { class: "hint" }, each.hint)));
  const content = h("fieldset", { class: "ticks" }, h("legend", { class: "visually-hidden" }, "Format"), formats.map(choice));
  if (!(await show({ title: "Export this thread", content, action: "Save file" }))) return;
  const format = content.querySelector(":checked").value;
  await saveFile(await threads.export(project, thread.id, format), "thread");
}
