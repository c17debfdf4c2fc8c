// Labelled fields, and a form that is busy while it sends and shows what the server says about each field.

import { fill, h } from "./dom.js";
import { problemBox } from "./problem.js";

/** One labelled input with room for a hint and for the server's message. */
export function field({ name, label, type = "text", hint, test, multiline = false, ...attributes }) {
  const id = `field-${name}`;
  const described = [hint ? `${id}-hint` : null, `${id}-error`].filter(Boolean).join(" ");
  const control = h(multiline ? "textarea" : "input", {
    id, name, test, class: "input", "aria-describedby": described, ...(multiline ? { rows: 2 } : { type }), ...attributes,
  });
  return h("div", { class: "field" },
    h("label", { for: id }, label, attributes.required ? null : h("span", { class: "faint" }, " optional")),
    control,
    hint ? h("p", { class: "hint", id: `${id}-hint` }, hint) : null,
    h("p", { class: "field-error", id: `${id}-error` }),
  );
}

/** A form around fields. `send(values)` does the work; its problem is shown in the form. */
export function form({ test, fields, action, actionTest, send, secondary }) {
  const trouble = h("div", {});
  const button = h("button", { type: "submit", class: "button primary", test: actionTest }, action);
  const element = h("form", { test, class: "form" }, trouble, fields, h("div", { class: "form-actions" }, button, secondary));
  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    show(element, trouble, null);
    button.disabled = true;
    element.setAttribute("aria-busy", "true");
    try {
      await send(values(element));
    } catch (error) {
      show(element, trouble, error);
    } finally {
      button.disabled = false;
      element.removeAttribute("aria-busy");
    }
  });
  return element;
}

function values(element) {
  const pairs = [...new FormData(element)].map(([name, value]) => [name, name === "password" ? value : value.trim()]);
  return Object.fromEntries(pairs.filter(([, value]) => value !== ""));
}

function show(element, trouble, error) {
  const shown = [];
  for (const control of element.querySelectorAll("[name]")) {
    const message = error?.messageFor?.(control.name) ?? "";
    element.querySelector(`#field-${control.name}-error`).textContent = message;
    control.toggleAttribute("aria-invalid", Boolean(message));
    if (message) shown.push(control);
  }
  fill(trouble, error ? problemBox(error, { except: shown.map((control) => control.name) }) : null);
  shown[0]?.focus();
}
