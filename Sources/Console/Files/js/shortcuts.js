// The keys that work everywhere. All need Ctrl (or Command), so that nothing happens while somebody types or dictates.

import { isMac } from "./keys.js";
import { openPalette } from "./parts/palette.js";
import { session } from "./session.js";

export function listenForShortcuts() {
  window.addEventListener("keydown", (event) => {
    if (!session.user || event.altKey || event.shiftKey || !(isMac ? event.metaKey : event.ctrlKey)) return;
    if (event.key === "k") {
      event.preventDefault();
      openPalette();
    } else if (event.key === "/") {
      const box = document.querySelector("#question, #query");
      if (!box || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      box.focus();
    }
  });
}
