// The button that imports the threads of another program, or of Parley.

import { announce } from "../announce.js";
import { threads } from "../api.js";
import { h } from "../dom.js";
import { plural } from "../format.js";
import { icon } from "../icons.js";
import { isAbort } from "../problem.js";

export function threadImport(project, onThreads, onProblem) {
  const input = h("input", { type: "file", accept: ".json,application/json", class: "visually-hidden", tabindex: -1, test: "import-file", "aria-label": "File to import" });
  input.addEventListener("change", async () => {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    try {
      const taken = await threads.import(project, file);
      onThreads(taken.threads);
      announce(`${plural(taken.count, "thread")} imported.`);
    } catch (error) {
      if (!isAbort(error)) onProblem(error);
    }
  });
  const title = "Imports conversations from ChatGPT, Open WebUI, LibreChat or Parley (JSON)";
  return h("div", { class: "threads-import" }, input,
    h("button", { type: "button", class: "button quiet small", test: "import", title, on: { click: () => input.click() } }, icon("upload"), "Import threads"));
}
