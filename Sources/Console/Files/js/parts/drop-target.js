// Takes files that are dropped anywhere on a project's page, and shows that it would while they are held over it.

import { droppedFiles, holdsFiles } from "../files.js";

/** `onFiles(files)` gets what was dropped. */
export function takeDrops(element, onFiles) {
  const leave = () => element.classList.remove("drop-over");
  const over = (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    element.classList.add("drop-over");
  };
  element.addEventListener("dragenter", over);
  element.addEventListener("dragover", over);
  element.addEventListener("dragleave", (event) => { if (!element.contains(event.relatedTarget)) leave(); });
  element.addEventListener("drop", async (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    leave();
    onFiles(await droppedFiles(event));
  });
}

/** A file that misses every target must not replace the page. */
export function guardWindow() {
  for (const kind of ["dragover", "drop"]) window.addEventListener(kind, (event) => { if (holdsFiles(event)) event.preventDefault(); });
}
