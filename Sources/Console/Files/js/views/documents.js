// A project's documents: adding them, finding them, seeing how far each is, and what can be done with one or with many.

import { announce } from "../announce.js";
import { documents } from "../api.js";
import { confirm } from "../dialogs.js";
import { fill, h } from "../dom.js";
import { plural } from "../format.js";
import { DocumentRow, isWorking } from "../parts/document-row.js";
import { ChosenBar, documentFilter, filterOf } from "../parts/document-tools.js";
import { dropZone } from "../parts/drop-zone.js";
import { emptyState, mayEdit, projectFrame } from "../parts/project-frame.js";
import { isAbort, problemBox } from "../problem.js";
import { saveFile } from "../save-file.js";
import { Upload, uploadsOf } from "../uploads.js";

const workingInterval = 1000;
const idleInterval = 15000;
/** Operations that one request does at once. */
const bulkLimit = 1000;

export function documentsView({ project }, { signal }) {
  const page = new DocumentsPage(project, signal);
  return { title: "Documents", element: page.element };
}

class DocumentsPage {
  constructor(project, signal) {
    Object.assign(this, { project, signal, deleted: false, filter: {}, pages: 1, total: null, editable: true, rows: new Map(), chosen: new Set(), uploads: [], timer: null, turn: 0 });
    this.trouble = h("div", {});
    this.list = h("ul", { class: "rows", test: "documents" });
    this.foot = h("div", { class: "list-foot" });
    this.bar = new ChosenBar({ onAll: (chosen) => this.#chooseAll(chosen), onAction: (name) => this.#many(name) });
    this.zone = dropZone((files) => this.#add(files));
    const filters = documentFilter((filter) => { Object.assign(this, { filter, pages: 1 }); this.#clear(); });
    const body = h("div", { class: "page" }, this.zone, h("div", { class: "list-head" }, this.#switch(), filters), this.trouble, this.bar.element, this.list, this.foot);
    this.element = projectFrame(project, "documents", body, { signal, onProject: (it) => this.#allow(mayEdit(it)), onFiles: (files) => this.#add(files) });
    signal.addEventListener("abort", () => clearTimeout(this.timer));
    uploadsOf(project).forEach((item) => this.#follow(item));
    this.#arrange();
    this.#load();
  }

  #allow(editable) {
    this.editable = editable;
    this.zone.hidden = !editable;
    for (const row of this.rows.values()) row.show(row.document, this);
    this.#showBar();
  }

  #switch() {
    const choice = (label, deleted, test) => h("button", {
      type: "button", class: "segment", test, "aria-pressed": String(deleted === this.deleted), on: { click: (event) => this.#choose(deleted, event.currentTarget) },
    }, label);
    return h("div", { class: "segments", role: "group", "aria-label": "Which documents" },
      choice("In the project", false, "documents-current"), choice("Deleted", true, "documents-deleted"));
  }

  #choose(deleted, button) {
    for (const each of button.parentElement.children) each.setAttribute("aria-pressed", String(each === button));
    Object.assign(this, { deleted, pages: 1 });
    this.#clear();
  }

  /** Begins the list anew, as the choice above it now is. */
  #clear() {
    this.rows.clear();
    this.chosen.clear();
    this.list.replaceChildren();
    this.#load();
  }

  async #load() {
    clearTimeout(this.timer);
    const turn = (this.turn += 1);
    try {
      // The newest first: what was just added is seen, however many there are.
      const query = { deleted: this.deleted, sort: "-id", filter: filterOf(this.filter), total: true };
      const { items, hasMore, total } = await documents.list(this.project, { query, pages: this.pages, signal: this.signal });
      if (turn !== this.turn) return;
      this.total = total;
      this.#show(items, hasMore);
      fill(this.trouble);
      this.timer = setTimeout(() => this.#load(), items.some(isWorking) ? workingInterval * this.pages : idleInterval);
    } catch (error) {
      if (!isAbort(error) && turn === this.turn) fill(this.trouble, problemBox(error, { retry: () => this.#load() }));
    }
  }

  #show(items, hasMore) {
    const shown = new Map();
    for (const item of items) {
      const row = this.rows.get(item.id) ?? this.#row();
      this.#tell(row.document, item);
      row.show(item, this);
      shown.set(item.id, row);
    }
    this.rows = shown;
    for (const id of this.chosen) if (!shown.has(id)) this.chosen.delete(id);
    this.#arrange();
    this.#showBar();
    const more = h("button", { type: "button", class: "button", test: "documents-more", on: { click: () => { this.pages += 1; this.#load(); } } }, "Show more");
    fill(this.foot, hasMore ? more : null, items.length || this.uploads.length ? null : this.#nothing());
  }

  #row() {
    return new DocumentRow(this.#actions(), { project: this.project, onChoose: (id, chosen) => { if (chosen) this.chosen.add(id); else this.chosen.delete(id); this.#showBar(); } });
  }

  #showBar() {
    this.bar.show({ total: this.total, shown: this.rows.size, chosen: this.chosen.size, deleted: this.deleted, editable: this.editable });
  }

  #chooseAll(chosen) {
    this.chosen = new Set(chosen ? this.rows.keys() : []);
    for (const row of this.rows.values()) row.show(row.document, this);
    this.#showBar();
  }

  #nothing() {
    if (this.filter.text || this.filter.state) return emptyState("search", "No document fits", "Change the filter to see the others.");
    return this.deleted
      ? emptyState("trash", "Nothing deleted", "Documents that you delete wait here, can be restored, and are removed for good after a while.")
      : emptyState("file", "No documents yet", "Add some, and ask them anything.");
  }

  /** Puts the rows in order, moving only those that stand wrong. */
  #arrange() {
    const wanted = [...(this.deleted ? [] : this.uploads), ...this.rows.values()].map((row) => row.element);
    const wantedSet = new Set(wanted);
    for (const element of [...this.list.children]) if (!wantedSet.has(element)) element.remove();
    wanted.forEach((element, index) => { if (this.list.children[index] !== element) this.list.insertBefore(element, this.list.children[index] ?? null); });
  }

  #tell(before, now) {
    if (!before || before.state === now.state) return;
    if (now.state === "ready") announce(`${now.name} is ready.`);
    if (now.state === "failed") announce(`${now.name} failed: ${now.error?.message ?? ""}`);
  }

  #actions() {
    const then = (work) => (document) => this.#attempt(() => work(document));
    return {
      retry: then((it) => documents.retry(this.project, it.id)),
      restore: then((it) => documents.restore(this.project, it.id)),
      download: then(async (it) => { await this.#download(it); return false; }),
      delete: then((it) => this.#delete(it)),
      purge: then((it) => this.#purge(it)),
    };
  }

  async #attempt(work) {
    try {
      if (await work() !== false) await this.#load();
    } catch (error) {
      if (!isAbort(error)) fill(this.trouble, problemBox(error));
    }
  }

  async #delete(document) {
    const text = `“${document.name}” leaves every answer and search at once. It can be restored from the deleted list.`;
    if (!(await confirm({ title: "Delete this document?", text, action: "Delete" }))) return false;
    await documents.remove(this.project, document.id);
    announce(`${document.name} was deleted.`);
    return true;
  }

  async #purge(document) {
    const text = `“${document.name}” and all that was made of it are removed. It cannot be restored.`;
    if (!(await confirm({ title: "Delete this document for good?", text, action: "Delete for good" }))) return false;
    await documents.purge(this.project, document.id);
    announce(`${document.name} was deleted for good.`);
    return true;
  }

  /** Does one thing with all that were chosen. */
  #many(name) {
    const failedOnly = name === "retry";
    const ids = [...this.chosen].filter((id) => !failedOnly || this.rows.get(id)?.document.state === "failed");
    return this.#attempt(async () => {
      if (!ids.length) return announce("None of the chosen documents has failed.") ?? false;
      if (!(await this.#agreed(name, ids.length))) return false;
      let failed = 0;
      for (let first = 0; first < ids.length; first += bulkLimit) {
        failed += (await documents.bulk(this.project, ids.slice(first, first + bulkLimit).map((id) => ({ op: name, id })))).failed;
      }
      this.chosen.clear();
      announce(failed ? `${plural(failed, "document")} could not be changed.` : `Done for ${plural(ids.length, "document")}.`);
      return true;
    });
  }

  #agreed(name, count) {
    const these = plural(count, "document");
    if (name === "delete") return confirm({ title: `Delete ${these}?`, text: "They leave every answer and search at once. They can be restored from the deleted list.", action: "Delete" });
    if (name === "purge") return confirm({ title: `Delete ${these} for good?`, text: "They and all that was made of them are removed. They cannot be restored.", action: "Delete for good" });
    return true;
  }

  async #download(document) {
    const response = await documents.content(this.project, document.id, { signal: this.signal });
    await saveFile(response, document.name);
  }

  #add(files) {
    if (!this.editable || !files.length) return;
    announce(`Uploading ${plural(files.length, "file")}.`);
    if (this.deleted) this.#choose(false, this.element.querySelector('[data-test="documents-current"]'));
    for (const file of files) this.#follow(new Upload(this.project, file));
    this.#arrange();
    fill(this.foot);
  }

  /** Shows an upload as a row until it is a document. */
  #follow(item) {
    const row = new DocumentRow({ dismiss: () => { item.dismiss(); this.#dismiss(row); } });
    row.element.dataset.test = "upload-row";
    item.onChange = () => row.show(item.shape, this);
    item.onDone = ({ document, known }) => { if (!this.signal.aborted) this.#settle(row, document, known); };
    item.onChange();
    this.uploads.push(row);
  }

  /** The uploaded file becomes the document's own row. */
  #settle(row, document, known) {
    if (known) announce(`${document.name} is in the project already.`);
    const own = this.rows.get(document.id) ?? this.#row();
    own.show({ ...document, note: known ? "already in the project" : "" }, this);
    if (!this.deleted) this.rows = new Map([[document.id, own], ...this.rows]);
    this.#dismiss(row);
    clearTimeout(this.timer);
    this.turn += 1;
    this.timer = setTimeout(() => this.#load(), workingInterval / 2);
  }

  #dismiss(row) {
    this.uploads = this.uploads.filter((each) => each !== row);
    this.#arrange();
    if (!this.uploads.length && !this.rows.size) fill(this.foot, this.#nothing());
  }
}
