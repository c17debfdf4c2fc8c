// One question: its words, a box to ask it in other words, and the way to what else was asked at its place.

import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { problemBox } from "../problem.js";
import { branchSwitch } from "./branch-switch.js";

/** `onEdit(content)` asks in other words; without it the question stands as it is. */
export function questionElement(message, { tree, onChoose, onEdit } = {}) {
  const element = h("section", { class: "question-turn", "aria-label": "Question" });
  const draw = () => {
    const edit = onEdit && h("button", { type: "button", class: "icon-button small", test: "question-edit", title: "Ask in other words", "aria-label": "Ask in other words", on: { click: () => change(element, message, onEdit, draw) } }, icon("edit"));
    const others = tree && branchSwitch(tree, message.id, "question", onChoose);
    fill(element,
      h("div", { class: "question", test: "question" }, h("h2", { class: "visually-hidden" }, "Question"), h("p", {}, message.content)),
      edit || others ? h("div", { class: "question-foot" }, others, edit) : null);
  };
  draw();
  return element;
}

/** The question as a text to change. */
function change(element, message, onEdit, draw) {
  const trouble = h("div", {});
  const input = h("textarea", { class: "input", rows: 3, maxlength: 20000, test: "question-edit-text", "aria-label": "The question in other words", value: message.content });
  const leave = () => { draw(); element.querySelector('[data-test="question-edit"]')?.focus(); };
  const send = h("button", { type: "submit", class: "button primary small", test: "question-edit-send" }, "Ask");
  const form = h("form", { class: "question-change" }, trouble, input,
    h("div", { class: "form-actions" }, send, h("button", { type: "button", class: "button quiet small", test: "question-edit-cancel", on: { click: leave } }, "Cancel")));
  form.addEventListener("keydown", (event) => { if (event.key === "Escape") leave(); });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const content = input.value.trim();
    if (!content || send.disabled) return;
    send.disabled = true;
    try {
      await onEdit(content);
    } catch (error) {
      fill(trouble, problemBox(error));
      send.disabled = false;
    }
  });
  fill(element, form);
  input.focus();
}
