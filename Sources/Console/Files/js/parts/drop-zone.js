// A place to drop files, with a button for those who would rather choose them.

import { h } from "../dom.js";
import { icon } from "../icons.js";

/** `target` is the larger element that takes drops; `onFiles(files)` gets them. */
export function dropZone(target, onFiles) {
  const input = h("input", { type: "file", multiple: true, class: "visually-hidden", id: "file-input", test: "file-input", tabindex: -1, "aria-label": "Files to add" });
  input.addEventListener("change", () => {
    onFiles([...input.files]);
    input.value = "";
  });
  const choose = h("button", { type: "button", class: "button", test: "choose-files", on: { click: () => input.click() } }, "Choose files");
  const zone = h("div", { class: "drop-zone", test: "drop-zone" },
    icon("upload"),
    h("div", { class: "drop-words" },
      h("p", { class: "drop-title" }, "Drop files here"),
      h("p", { class: "faint" }, "PDF, Word, HTML, Markdown or plain text, to 1 GB each"),
    ),
    choose, input,
  );
  listen(target, zone, onFiles);
  return zone;
}

function listen(target, zone, onFiles) {
  const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  const over = (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    zone.classList.add("drop-over");
  };
  target.addEventListener("dragenter", over);
  target.addEventListener("dragover", over);
  target.addEventListener("dragleave", (event) => { if (!target.contains(event.relatedTarget)) zone.classList.remove("drop-over"); });
  target.addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    zone.classList.remove("drop-over");
    onFiles([...event.dataTransfer.files]);
  });
}
