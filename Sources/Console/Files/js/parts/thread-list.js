// The threads of a project: find, open, start, pin, rename, export, delete.

import { announce } from "../announce.js";
import { threads } from "../api.js";
import { confirm, prompt } from "../dialogs.js";
import { fill, h } from "../dom.js";
import { ago } from "../format.js";
import { icon } from "../icons.js";
import { pinsOf, setPinned } from "../pins.js";
import { isAbort, problemBox } from "../problem.js";
import { go, paths } from "../router.js";
import { exportThread } from "./export-dialog.js";
import { arrowKeys } from "./thread-keys.js";
import { threadImport } from "./thread-import.js";

const searchPause = 200;

export class ThreadList {
  constructor(project, signal) {
    Object.assign(this, { project, signal, items: [], found: null, selected: null, timer: null, onRemoved: () => {}, onToggle: () => {} });
    this.trouble = h("div", {});
    this.list = h("ul", { class: "threads-list", test: "threads" });
    const start = () => { go(paths.ask(project)); this.close(); document.querySelector("#question")?.focus(); };
    const fresh = h("button", { type: "button", class: "button threads-new", test: "thread-new", on: { click: start } }, icon("plus"), "New thread");
    this.search = h("input", { class: "input input-small", type: "search", placeholder: "Find a thread", test: "threads-search", "aria-label": "Find a thread by its title", maxlength: 200, autocomplete: "off" });
    this.search.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.#find(), searchPause);
    });
    const taken = (made) => this.#try(() => { this.items = [...made, ...this.items]; });
    this.element = h("nav", { class: "threads", id: "threads", "aria-label": "Threads" }, fresh, this.search, this.trouble,
      h("p", { class: "visually-hidden", id: "threads-keys" }, "The arrow keys go from thread to thread, and to the right to what can be done with one."),
      this.list, threadImport(project, taken, (error) => fill(this.trouble, problemBox(error))));
    this.element.addEventListener("keydown", (event) => { if (event.key === "Escape") this.close(); });
    arrowKeys(this.list);
    this.#load();
  }

  async #load() {
    try {
      const [{ items }, pinned] = await Promise.all([threads.list(this.project, { pages: 3, signal: this.signal }), this.#pinned()]);
      const made = this.items.filter((mine) => !items.some((each) => each.id === mine.id));
      this.items = [...made, ...items, ...pinned.filter((each) => ![...made, ...items].some((it) => it.id === each.id))];
      this.#draw();
    } catch (error) {
      if (!isAbort(error)) fill(this.trouble, problemBox(error, { retry: () => { fill(this.trouble); this.#load(); } }));
    }
  }

  /** Pinned threads may be older than those of the first pages. */
  async #pinned() {
    const ids = pinsOf(this.project).slice(0, 50);
    return ids.length ? (await threads.list(this.project, { query: { filter: `id=${ids.join(",")}` }, signal: this.signal })).items : [];
  }

  async #find() {
    const text = this.search.value.trim();
    const quoted = text.replace(/[\\"]/g, "\\$&");
    await this.#try(async () => {
      this.found = text ? (await threads.list(this.project, { query: { sort: "-id", filter: `title~"${quoted}"` }, pages: 1, signal: this.signal })).items : null;
      if (text) announce(this.found.length === 1 ? "1 thread found." : `${this.found.length} threads found.`);
    });
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
    const focused = this.list.contains(document.activeElement) ? document.activeElement : null;
    const place = focused && { id: focused.closest("li").dataset.id, test: focused.dataset.test, index: [...this.list.children].indexOf(focused.closest("li")) };
    const pins = pinsOf(this.project);
    const isPinned = (thread) => pins.includes(thread.id);
    const all = this.found ?? this.items;
    const shown = this.found ? all : [...all.filter(isPinned).sort((a, b) => pins.indexOf(a.id) - pins.indexOf(b.id)), ...all.filter((each) => !isPinned(each))];
    const none = h("li", { class: "threads-none faint" }, this.found ? "No thread has such a title." : "Your questions will be kept here.");
    fill(this.list, shown.length ? shown.map((thread) => this.#row(thread, isPinned(thread))) : none);
    if (place) this.#focusAgain(place);
  }

  #focusAgain({ id, test, index }) {
    const row = this.list.querySelector(`[data-id="${CSS.escape(id)}"]`);
    const next = row ?? this.list.children[Math.min(index, this.list.childElementCount - 1)];
    (row?.querySelector(`[data-test="${test}"]`) ?? next?.querySelector("a"))?.focus();
  }

  #row(thread, pinned) {
    const current = thread.id === this.selected;
    const title = thread.title || "Untitled";
    const action = (name, label, image, run, more = {}) => h("button", {
      type: "button", class: "icon-button small", tabindex: -1, title: label, "aria-label": `${label} ${title}`, test: `thread-${name}`, ...more, on: { click: run },
    }, icon(image));
    return h("li", { class: current ? "thread thread-current" : "thread", test: "thread", data: { id: thread.id, pinned: String(pinned) } },
      h("a", { class: "thread-link", href: `#${paths.ask(this.project, thread.id)}`, test: "thread-link", "aria-current": current ? "page" : null, "aria-describedby": "threads-keys", title: `${title}\n${ago(thread.updated_at)}` }, title),
      pinned ? h("span", { class: "thread-pinned" }, icon("pin"), h("span", { class: "visually-hidden" }, "pinned")) : null,
      h("span", { class: "thread-actions" },
        action("pin", pinned ? "Unpin" : "Pin", "pin", () => this.#pin(thread, !pinned), { "aria-pressed": String(pinned) }),
        action("rename", "Rename", "edit", () => this.#rename(thread)),
        action("export", "Export", "download", () => this.#try(() => exportThread(this.project, thread))),
        action("delete", "Delete", "trash", () => this.#remove(thread))),
    );
  }

  #pin(thread, pinned) {
    setPinned(this.project, thread.id, pinned);
    announce(pinned ? "Pinned to the top." : "No longer pinned.");
    this.#draw();
  }

  async #rename(thread) {
    const title = await prompt({ title: "Rename thread", label: "Title", value: thread.title ?? "", action: "Rename" });
    if (title === null) return;
    await this.#try(async () => {
      const renamed = (await threads.rename(this.project, thread.id, title)) ?? { ...thread, title };
      this.#replace(thread.id, renamed);
    });
  }

  async #remove(thread) {
    const text = `“${thread.title || "Untitled"}” and its questions and answers are deleted.`;
    if (!(await confirm({ title: "Delete this thread?", text, action: "Delete" }))) return;
    await this.#try(async () => {
      await threads.remove(this.project, thread.id);
      setPinned(this.project, thread.id, false);
      this.#replace(thread.id, null);
      this.onRemoved(thread.id);
    });
  }

  #replace(id, thread) {
    const other = (each) => (each.id === id ? thread ?? [] : each);
    this.items = this.items.flatMap(other);
    this.found = this.found?.flatMap(other) ?? null;
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
