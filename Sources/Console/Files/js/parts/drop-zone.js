// The place that invites to drop files, with buttons for those who would rather choose files or a folder. The drop itself is taken by the whole page.

import { h } from "../dom.js";
import { chosenFiles } from "../files.js";
import { icon } from "../icons.js";

export function dropZone(onFiles) {
  const chooser = (label, test, inputTest, more) => {
    const input = h("input", { type: "file", multiple: true, class: "visually-hidden", test: inputTest, tabindex: -1, "aria-label": label, ...more });
    input.addEventListener("change", () => {
      onFiles(chosenFiles(input));
      input.value = "";
    });
    return [h("button", { type: "button", class: "button", test, on: { click: () => input.click() } }, label), input];
  };
  return h("div", { class: "drop-zone", test: "drop-zone" },
    icon("upload"),
    h("div", { class: "drop-words" },
      h("p", { class: "drop-title" }, "Drop files or folders here"),
      h("p", { class: "faint" }, "PDF and scans, Word, e-mail, web pages, Markdown, data and plain text, to 1 GB each"),
    ),
    h("div", { class: "form-actions" }, chooser("Choose files", "choose-files", "file-input", {}), chooser("Choose a folder", "choose-folder", "folder-input", { webkitdirectory: true })),
  );
}
