// Labelled fields, and a form that is busy while it sends and shows what the server says about each field.

import { fill, h } from "./dom.js";
import { problemBox } from "./problem.js";

let made = 0;

/** One labelled input with room for a hint and for the server's message. `choices` [{value, label}] make it a list to choose from. */
export function field({ name, label, type = "text", hint, test, multiline = false, choices, value, ...attributes }) {
  const id = `field-${name}-${(made += 1)}`;
  const described = [hint ? `${id}-hint` : null, `${id}-error`].filter(Boolean).join(" ");
  const common = { id, name, test, class: "input", "aria-describedby": described, ...attributes };
  const control = choices ? h("select", common, choices.map((each) => h("option", { value: each.value, selected: each.value === value }, each.label)))
    : h(multiline ? "textarea" : "input", { ...common, value, ...(multiline ? { rows: 2, ...attributes } : { type }) });
  return h("div", { class: "field" },
    h("label", { for: id }, label, attributes.required || attributes.disabled || choices ? null : h("span", { class: "faint" }, " optional")),
    control,
    hint ? h("p", { class: "hint", id: `${id}-hint` }, hint) : null,
    h("p", { class: "field-error", id: `${id}-error` }),
  );
}

/** One box to tick, with its words beside it. */
export function tick({ name, label, value = "true", checked = false, test, hint }) {
  return h("label", { class: "tick" }, h("input", { type: "checkbox", name, value, checked, test }),
    h("span", {}, label, hint ? h("span", { class: "hint" }, hint) : null));
}

/** A form around fields. `send(values, form)` does the work; its problem is shown in the form, unless `explain(error)` has a node for it. */
export function form({ test, fields, action, actionTest, send, secondary, explain = () => null }) {
  const trouble = h("div", {});
  const button = h("button", { type: "submit", class: "button primary", test: actionTest }, action);
  const element = h("form", { test, class: "form" }, trouble, fields, h("div", { class: "form-actions" }, button, secondary));
  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    show(element, trouble, null, explain);
    button.disabled = true;
    element.setAttribute("aria-busy", "true");
    try {
      await send(values(element), element);
    } catch (error) {
      show(element, trouble, error, explain);
    } finally {
      button.disabled = false;
      element.removeAttribute("aria-busy");
    }
  });
  return element;
}

function values(element) {
  const pairs = [...new FormData(element)].map(([name, value]) => [name, name.endsWith("password") ? value : value.trim()]);
  return Object.fromEntries(pairs.filter(([, value]) => value !== ""));
}

function show(element, trouble, error, explain) {
  const shown = [];
  for (const control of element.querySelectorAll("[name]")) {
    const message = error?.messageFor?.(control.name) ?? "";
    const room = control.closest(".field")?.querySelector(".field-error");
    if (!room) continue;
    room.textContent = message;
    control.toggleAttribute("aria-invalid", Boolean(message));
    if (message) shown.push(control);
  }
  fill(trouble, error ? explain(error) ?? problemBox(error, { except: shown.map((control) => control.name) }) : null);
  if (shown.length) shown[0].focus();
  else if (error) trouble.scrollIntoView({ block: "nearest" });
}
