// Small modal questions on the <dialog> element, which keeps focus inside and closes on Escape.

import { h } from "./dom.js";

/** Asks yes or no; resolves to true or false. */
export function confirm({ title, text, action }) {
  const words = h("p", {}, text);
  return show({ title, content: words, action, danger: true }).then((answer) => answer !== null);
}

/** Asks for one line of text; resolves to it, or to null. */
export function prompt({ title, label, value = "", action, maxLength = 200 }) {
  const input = h("input", { class: "input", id: "dialog-input", test: "dialog-input", value, required: true, maxlength: maxLength, autofocus: true, autocomplete: "off" });
  const field = h("div", { class: "field" }, h("label", { for: "dialog-input" }, label), input);
  input.addEventListener("focus", () => input.select(), { once: true });
  return show({ title, content: field, action }).then((answer) => (answer === null ? null : input.value.trim() || null));
}

/** A dialog around `content`; resolves to true when its action was chosen, else to null. Without an action it can only be closed. */
export function show({ title, content, action, danger = false, closing = "Close" }) {
  return new Promise((resolve) => {
    const cancel = h("button", { type: "button", class: "button", test: "dialog-cancel", on: { click: () => dialog.close() } }, action ? "Cancel" : closing);
    const confirm = action && h("button", { type: "submit", value: "confirm", class: danger ? "button danger" : "button primary", test: "dialog-confirm" }, action);
    // Without an action the content may have a form of its own, and forms do not nest.
    const form = h(action ? "form" : "div", action ? { method: "dialog" } : { class: "dialog-body" }, h("h2", { id: "dialog-title" }, title), content, h("div", { class: "dialog-actions" }, cancel, confirm));
    const dialog = h("dialog", { class: "dialog", "aria-labelledby": "dialog-title", test: "dialog" }, form);
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "confirm" ? true : null);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
