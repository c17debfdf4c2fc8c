// Files added to a project from a page that is not its list of documents: how far they are, and the way to the list.

import { announce } from "../announce.js";
import { fill, h } from "../dom.js";
import { plural } from "../format.js";
import { icon } from "../icons.js";
import { paths } from "../router.js";
import { Upload } from "../uploads.js";

const namesShown = 3;

export function addedFiles(project, files) {
  const words = h("p", {});
  const element = h("div", { class: "notice notice-good added", role: "status", test: "dropped" }, icon("upload"), h("div", { class: "notice-words" }, words,
    h("a", { href: `#${paths.documents(project)}`, test: "dropped-documents" }, "See the documents")),
    h("button", { type: "button", class: "icon-button small", "aria-label": "Dismiss", title: "Dismiss", on: { click: () => element.remove() } }, icon("close")));
  let added = 0;
  const failures = [];
  const draw = () => {
    const named = files.length <= namesShown ? files.map((each) => each.name).join(", ") : plural(files.length, "file");
    const done = added === files.length ? "added" : added ? `${added} of ${files.length} added` : "on the way";
    fill(words, `${named}: ${done}. Questions see a document once it is read.`, failures.map((each) => h("span", { class: "field-error" }, ` ${each}`)));
  };
  for (const file of files) {
    const item = new Upload(project, file);
    item.onDone = () => { added += 1; draw(); };
    item.onChange = () => {
      if (item.shape.state !== "failed") return;
      failures.push(`${file.name}: ${item.shape.error.message}`);
      draw();
    };
  }
  announce(`Uploading ${plural(files.length, "file")}.`);
  draw();
  return element;
}
