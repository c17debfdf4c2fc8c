// One document (or a file on its way up) in the list; updated in place so that focus stays where it is.

import { fill, h, setText } from "../dom.js";
import { ago, join, percent, plural, size } from "../format.js";
import { icon } from "../icons.js";
import { paths } from "../router.js";

const words = {
  waiting: "Waiting", uploading: "Uploading", queued: "Queued", parsing: "Reading", chunking: "Splitting", embedding: "Embedding", ready: "Ready", failed: "Failed",
};

/** States in which the server still works on a document. */
export const isWorking = (document) => ["queued", "parsing", "chunking", "embedding"].includes(document.state);

/**
 * `actions` are {retry, download, delete, restore, purge, dismiss}; each gets the document. With a `project` the name leads to the document, and
 * `onChoose(id, chosen)` hears of the box before it.
 */
export class DocumentRow {
  constructor(actions, { project = null, onChoose = null } = {}) {
    Object.assign(this, { actions, project });
    this.name = h(project ? "a" : "span", { class: "row-name", test: "document-name" });
    this.choice = onChoose && h("input", { type: "checkbox", class: "row-choice", test: "document-choose", on: { change: () => onChoose(this.document.id, this.choice.checked) } });
    this.meta = h("span", { class: "row-meta faint" });
    this.state = h("span", { class: "state", test: "document-state" });
    this.reason = h("p", { class: "row-reason", test: "document-reason", hidden: true });
    this.noteCount = h("summary", { test: "document-notes" });
    this.noteList = h("ul");
    this.notes = h("details", { class: "row-notes faint", hidden: true }, this.noteCount, this.noteList);
    this.bar = h("progress", { class: "bar-progress", max: 1, test: "document-progress" });
    this.buttons = h("div", { class: "row-actions" });
    this.badge = h("span", { class: "badge", "aria-hidden": "true" });
    this.element = h("li", { class: "row", test: "document-row" },
      this.choice ?? h("span", { class: "row-choice" }), this.badge, h("div", { class: "row-words" }, this.name, this.meta, this.reason, this.notes), this.state, this.buttons, this.bar);
  }

  show(document, { editable, chosen = null }) {
    this.document = document;
    const deleted = Boolean(document.deleted_at);
    const busy = !deleted && (document.state === "waiting" || document.state === "uploading" || isWorking(document));
    Object.assign(this.element.dataset, { id: document.id ?? "", state: deleted ? "deleted" : document.state });
    setText(this.name, document.name);
    this.name.title = document.name;
    this.#showLink(document.state === "ready" && !deleted ? `#${paths.document(this.project, document.id)}` : null);
    if (this.choice) this.#showChoice(document, editable, chosen);
    setText(this.badge, extension(document.name));
    setText(this.meta, this.#metaText(document));
    setText(this.state, deleted ? "Deleted" : stateText(document));
    this.state.dataset.state = deleted ? "deleted" : document.state;
    this.#showProgress(document, busy);
    this.reason.hidden = !document.error;
    setText(this.reason, document.error?.message ?? "");
    this.#showNotes(document.warnings ?? []);
    this.#showButtons(document, editable);
  }

  /** Leads to the document's text once there is one; set only when it differs, so that focus stays. */
  #showLink(address) {
    if (!this.project || this.name.getAttribute("href") === address) return;
    if (address) this.name.setAttribute("href", address);
    else this.name.removeAttribute("href");
  }

  #showChoice(document, editable, chosen) {
    this.choice.hidden = !editable;
    this.choice.checked = chosen?.has(document.id) ?? false;
    this.choice.setAttribute("aria-label", `Choose ${document.name}`);
    this.element.classList.toggle("row-chosen", this.choice.checked);
  }

  /** What was lost, repaired or guessed when the file was read. */
  #showNotes(warnings) {
    this.notes.hidden = warnings.length === 0;
    setText(this.noteCount, plural(warnings.length, "note on the reading", "notes on the reading"));
    fill(this.noteList, warnings.map((warning) => h("li", {}, warning)));
  }

  #metaText(document) {
    return join(
      size(document.size),
      document.pages ? plural(document.pages, "page") : "",
      document.state === "ready" && document.chunks ? plural(document.chunks, "passage") : "",
      document.deleted_at ? `deleted ${ago(document.deleted_at)}` : document.updated_at ? ago(document.updated_at) : "",
      document.note ?? "",
    );
  }

  #showProgress(document, busy) {
    this.bar.hidden = !busy;
    this.bar.setAttribute("aria-label", `${words[document.state] ?? document.state}: ${document.name}`);
    if (document.state === "waiting" || document.state === "queued") this.bar.removeAttribute("value");
    else this.bar.value = document.progress;
  }

  #showButtons(document, editable) {
    const wanted = buttonsFor(document, editable);
    const key = wanted.join();
    if (this.buttons.dataset.key === key) return;
    this.buttons.dataset.key = key;
    fill(this.buttons, wanted.map((name) => this.#button(name, document)));
  }

  #button(name, document) {
    const { label, icon: image, words: text } = buttons[name];
    const run = () => this.actions[name](this.document);
    const attributes = { type: "button", class: text ? "button small" : "icon-button", test: `document-${name}`, title: text ? null : label, "aria-label": `${label} ${document.name}`, on: { click: run } };
    return h("button", attributes, icon(image), text ? label : null);
  }
}

const buttons = {
  retry: { label: "Retry", icon: "retry", words: true },
  restore: { label: "Restore", icon: "restore", words: true },
  purge: { label: "Delete for good", icon: "trash" },
  download: { label: "Download", icon: "download" },
  delete: { label: "Delete", icon: "trash" },
  dismiss: { label: "Remove", icon: "close" },
};

function buttonsFor(document, editable) {
  if (!document.id) return ["dismiss"];
  if (document.deleted_at) return editable ? ["restore", "purge"] : [];
  const retry = document.state === "failed" && editable ? ["retry"] : [];
  return [...retry, "download", ...(editable ? ["delete"] : [])];
}

function stateText(document) {
  const word = words[document.state] ?? document.state;
  const counted = ["uploading", "parsing", "chunking", "embedding"].includes(document.state) && document.progress > 0;
  return counted ? `${word} ${percent(document.progress)}` : word;
}

function extension(name) {
  const dot = name.lastIndexOf(".");
  return dot > 0 && name.length - dot <= 5 ? name.slice(dot + 1).toUpperCase() : "FILE";
}
