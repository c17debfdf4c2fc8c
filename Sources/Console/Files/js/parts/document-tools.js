// Above a list of documents: how many there are, which of them are shown, and what is done with those that were chosen.

import { fill, h, setText } from "../dom.js";
import { plural } from "../format.js";
import { icon } from "../icons.js";

const pause = 250;
const states = [
  { value: "", label: "All states" }, { value: "ready", label: "Ready" },
  { value: "queued,parsing,chunking,embedding", label: "Being read" }, { value: "failed", label: "Failed" },
];

/** What the list's `filter` says for a text in the name and a choice of states. */
export function filterOf({ text, state }) {
  const conditions = [text ? `name~"${text.replace(/[\\"]/g, "\\$&")}"` : "", state ? `state=${state}` : ""].filter(Boolean);
  return conditions.join(";") || undefined;
}

/** `onFilter({text, state})` hears of each change, after a moment without typing. */
export function documentFilter(onFilter) {
  let timer = null;
  const text = h("input", { class: "input", type: "search", placeholder: "Filter by name", test: "documents-filter", "aria-label": "Filter the documents by name", maxlength: 200, autocomplete: "off" });
  const state = h("select", { class: "input input-small", test: "documents-state", "aria-label": "State" }, states.map((each) => h("option", { value: each.value }, each.label)));
  const tell = () => onFilter({ text: text.value.trim(), state: state.value });
  text.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(tell, pause);
  });
  state.addEventListener("change", tell);
  return h("div", { class: "filters", role: "search", "aria-label": "Documents" }, text, state);
}

const actions = {
  retry: { label: "Retry", icon: "retry" },
  delete: { label: "Delete", icon: "trash" },
  restore: { label: "Restore", icon: "restore" },
  purge: { label: "Delete for good", icon: "trash" },
};

/** The count, a box that chooses all rows shown, and the actions for those chosen. */
export class ChosenBar {
  /** `onAll(chosen)` chooses all or none; `onAction(name)` does something with those chosen. */
  constructor({ onAll, onAction }) {
    this.onAction = onAction;
    this.all = h("input", { type: "checkbox", test: "choose-all", "aria-label": "Choose all documents shown" });
    this.all.addEventListener("change", () => onAll(this.all.checked));
    this.count = h("span", { class: "faint", test: "documents-count", role: "status" });
    this.chosen = h("span", { test: "chosen-count" });
    this.buttons = h("span", { class: "form-actions" });
    this.element = h("div", { class: "chosen-bar" }, this.all, this.count, this.chosen, this.buttons);
  }

  show({ total, shown, chosen, deleted, editable }) {
    const known = total ? plural(total.count, "document") + (total.exact ? "" : " or more") : "";
    setText(this.count, chosen ? "" : total && total.count > shown && shown ? `${known}, ${shown} shown` : known);
    setText(this.chosen, chosen ? `${chosen} chosen` : "");
    this.all.hidden = !editable || !shown;
    this.all.checked = chosen > 0 && chosen >= shown;
    this.all.indeterminate = chosen > 0 && chosen < shown;
    const names = !chosen || !editable ? [] : deleted ? ["restore", "purge"] : ["retry", "delete"];
    if (this.buttons.dataset.key === names.join()) return;
    this.buttons.dataset.key = names.join();
    fill(this.buttons, names.map((name) => h("button", { type: "button", class: "button small", test: `chosen-${name}`, on: { click: () => this.onAction(name) } }, icon(actions[name].icon), actions[name].label)));
  }
}
