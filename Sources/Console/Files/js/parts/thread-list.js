// The threads of a project: open, start, rename, delete.

import { announce } from "../announce.js";
import { threads } from "../api.js";
import { confirm, prompt } from "../dialogs.js";
import { fill, h } from "../dom.js";
import { ago, plural } from "../format.js";
import { icon } from "../icons.js";
import { isAbort, problemBox } from "../problem.js";
import { go, paths } from "../router.js";
import { exportThread } from "./export-dialog.js";

export class ThreadList {
  constructor(project, signal) {
    Object.assign(this, { project, signal, items: [], selected: null, onRemoved: () => {}, onToggle: () => {} });
    this.trouble = h("div", {});
    this.list = h("ul", { class: "threads-list", test: "threads" });
    const start = () => { go(paths.ask(project)); this.close(); document.querySelector("#question")?.focus(); };
    const fresh = h("button", { type: "button", class: "button threads-new", test: "thread-new", on: { click: start } }, icon("plus"), "New thread");
    this.element = h("nav", { class: "threads", id: "threads", "aria-label": "Threads" }, fresh, this.trouble, this.list, this.#importer());
    this.element.addEventListener("keydown", (event) => { if (event.key === "Escape") this.close(); });
    this.#load();
  }

  /** Takes in the export of another program, or one of ours. */
  #importer() {
    const input = h("input", { type: "file", accept: ".json,application/json", class: "visually-hidden", tabindex: -1, test: "import-file", "aria-label": "File to take in" });
    const take = async () => {
      const [file] = input.files;
      input.value = "";
      if (!file) return;
      await this.#try(async () => {
        const taken = await threads.import(this.project, file);
        this.items = [...taken.threads, ...this.items];
        announce(`${plural(taken.count, "thread")} taken in.`);
      });
    };
    input.addEventListener("change", take);
    const title = "Takes in conversations from ChatGPT, Open WebUI, LibreChat or Parley (JSON)";
    return h("div", { class: "threads-import" }, input,
      h("button", { type: "button", class: "button quiet small", test: "import", title, on: { click: () => input.click() } }, icon("upload"), "Take threads in"));
  }

  async #load() {
    try {
      const { items } = await threads.list(this.project, { pages: 3, signal: this.signal });
      const made = this.items.filter((mine) => !items.some((each) => each.id === mine.id));
      this.items = [...made, ...items];
      this.#draw();
    } catch (error) {
      if (!isAbort(error)) fill(this.trouble, problemBox(error, { retry: () => { fill(this.trouble); this.#load(); } }));
    }
  }

  add(thread) {
    this.items = [thread, ...this.items.filter((each) => each.id !== thread.id)];
    this.#draw();
  }

  select(id) {
    this.selected = id;
    this.#draw();
  }

  toggle() { this.#open(!this.element.classList.contains("threads-shown")); }
  close() { this.#open(false); }

  #open(shown) {
    this.element.classList.toggle("threads-shown", shown);
    this.onToggle(shown);
  }

  #draw() {
    fill(this.list, this.items.length ? this.items.map((thread) => this.#row(thread)) : h("li", { class: "threads-none faint" }, "Your questions will be kept here."));
  }

  #row(thread) {
    const current = thread.id === this.selected;
    const title = thread.title || "Untitled";
    const action = (name, image, run) => h("button", { type: "button", class: "icon-button small", title: `${name}`, "aria-label": `${name} ${title}`, test: `thread-${name.toLowerCase()}`, on: { click: run } }, icon(image));
    return h("li", { class: current ? "thread thread-current" : "thread", test: "thread", data: { id: thread.id } },
      h("a", { class: "thread-link", href: `#${paths.ask(this.project, thread.id)}`, test: "thread-link", "aria-current": current ? "page" : null, title: ago(thread.updated_at) }, title),
      h("span", { class: "thread-actions" },
        action("Export", "download", () => this.#try(() => exportThread(this.project, thread))),
        action("Rename", "edit", () => this.#rename(thread)),
        action("Delete", "trash", () => this.#remove(thread))),
    );
  }

  async #rename(thread) {
    const title = await prompt({ title: "Rename thread", label: "Title", value: thread.title ?? "", action: "Rename" });
    if (title === null) return;
    await this.#try(async () => {
      const renamed = await threads.rename(this.project, thread.id, title);
      this.items = this.items.map((each) => (each.id === thread.id ? renamed ?? { ...each, title } : each));
    });
  }

  async #remove(thread) {
    const text = `“${thread.title || "Untitled"}” and its questions and answers are deleted.`;
    if (!(await confirm({ title: "Delete this thread?", text, action: "Delete" }))) return;
    await this.#try(async () => {
      await threads.remove(this.project, thread.id);
      this.items = this.items.filter((each) => each.id !== thread.id);
      this.onRemoved(thread.id);
    });
  }

  async #try(work) {
    try {
      fill(this.trouble);
      await work();
      this.#draw();
    } catch (error) {
      if (!isAbort(error)) fill(this.trouble, problemBox(error));
    }
  }
}
