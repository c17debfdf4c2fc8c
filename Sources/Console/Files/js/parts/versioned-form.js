// A form over something that others may change too: it is saved only on the version that was read.

import { announce } from "../announce.js";
import { fill, h } from "../dom.js";
import { field, form } from "../forms.js";
import { icon } from "../icons.js";

/**
 * `resource` is {get(options), change(input, tag)}. `fields` are those of `field`, each with `empty`, what an empty box means
 * (null when left out), and `number` or `flag` for what is no text. A number with a `unit` is shown in that unit, and kept in ones. `onSaved(value)` hears of each success.
 */
export class VersionedForm {
  constructor({ resource, read, fields, test, action = "Save", onSaved = () => {}, disabled = false }) {
    Object.assign(this, { resource, read, fields, test, action, onSaved, disabled });
    this.element = h("div", { class: "stack" });
    this.#draw();
  }

  #draw(words = "") {
    const { value } = this.read;
    const controls = this.fields.map(({ empty, number, flag, unit = 1, ...each }) =>
      field({ ...each, ...(number ? { type: "number", inputmode: "decimal" } : {}), value: inUnit(value[each.name], unit), disabled: this.disabled }));
    const saved = h("span", { class: "faint", role: "status", test: `${this.test}-saved` }, words);
    const send = (_, element) => this.#save(this.#changes(element));
    fill(this.element, form({ test: this.test, fields: controls, action: this.action, actionTest: `${this.test}-save`, send, secondary: saved, explain: (error) => this.#explain(error) }));
    if (this.disabled) this.element.querySelector(".form-actions").replaceChildren(h("p", { class: "faint" }, "Only the project's owners change this."));
  }

  /** What differs from what was read, and nothing else: the rest stays as others may have made it. */
  #changes(element) {
    const changes = {};
    for (const each of this.fields) {
      const text = element.elements[each.name].value.trim();
      const value = text === "" ? each.empty ?? null : each.unit ? Math.round(Number(text) * each.unit) : each.number ? Number(text) : each.flag ? text === "true" : text;
      if (value !== (this.read.value[each.name] ?? each.empty ?? null)) changes[each.name] = value;
    }
    return changes;
  }

  async #save(changes, tag = this.read.tag) {
    if (!Object.keys(changes).length) return this.#draw("Nothing was changed.");
    this.changes = changes;
    this.element.querySelector('[role="status"]').textContent = "";
    try {
      this.read = await this.resource.change(changes, tag);
    } catch (error) {
      if (error.status === 412) error.newest = await this.resource.get();
      throw error;
    }
    this.#draw("Saved.");
    announce("Saved.");
    this.onSaved(this.read.value);
    return null;
  }

  /** Somebody else was first: what they changed, and which of the two to keep. */
  #explain(error) {
    if (!error.newest) return null;
    const { newest, changes } = { newest: error.newest, changes: this.changes };
    const theirs = this.fields.filter((each) => (newest.value[each.name] ?? null) !== (this.read.value[each.name] ?? null));
    const words = (each) => h("li", {}, `${each.label}: ${said(this.read.value[each.name])} became ${said(newest.value[each.name])}`, each.name in changes ? h("strong", {}, ` (yours: ${said(changes[each.name])})`) : null);
    const take = () => { this.read = newest; this.#draw("This is how it stands now."); };
    const trouble = h("div", {});
    const keep = () => this.#save(changes, newest.tag).catch((again) => fill(trouble, this.#explain(again) ?? h("p", {}, again.message)));
    return h("div", { class: "notice notice-warn", role: "alert", test: "conflict" }, icon("warning"),
      h("div", { class: "notice-words" },
        h("strong", {}, "Somebody else changed this since you opened it"),
        theirs.length ? h("ul", {}, theirs.map(words)) : h("p", {}, "The same words stand there, but in another version."),
        h("div", { class: "form-actions" },
          h("button", { type: "button", class: "button small", test: "conflict-theirs", on: { click: take } }, "Show theirs"),
          h("button", { type: "button", class: "button small", test: "conflict-mine", on: { click: keep } }, "Save mine all the same")),
        trouble));
  }
}

/** What a box shows of a value. */
const inUnit = (value, unit) => (value === null || value === undefined ? "" : unit === 1 ? String(value) : String(value / unit));

const said = (value) => (value === null || value === undefined || value === "" ? "nothing" : `“${value}”`);
