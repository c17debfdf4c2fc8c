// Thumbs below an answer, and a small form that says what was wrong and where the right answer stands.

import { announce } from "../announce.js";
import { documents, json, list, projectPath } from "../api.js";
import { fill, h } from "../dom.js";
import { form } from "../forms.js";
import { icon } from "../icons.js";
import { isAbort, problemBox } from "../problem.js";

const reasons = [
  ["", "Say what is wrong"], ["wrong", "It is wrong"], ["incomplete", "Something is missing"], ["invented", "The documents do not say this"],
  ["wrong_source", "It cites the wrong place"], ["should_have_answered", "The documents do hold the answer"],
  ["should_have_refused", "The documents do not hold an answer"], ["outdated", "It is out of date"], ["other", "Something else"],
];

const threadPath = (project, thread) => `${projectPath(project)}/threads/${encodeURIComponent(thread)}`;

/** What the person said in each thread, by message; read once for a thread. */
const said = new Map();

function saidIn(project, thread) {
  if (!said.has(thread)) {
    const reading = list(`${threadPath(project, thread)}/feedback`).then(({ items }) => new Map(items.map((each) => [each.message_id, each])));
    reading.catch(() => said.delete(thread));
    said.set(thread, reading);
  }
  return said.get(thread);
}

export function feedback(project, thread, message) {
  const path = `${threadPath(project, thread)}/messages/${encodeURIComponent(message)}/feedback`;
  const more = h("div", {});
  const thumbs = { up: thumb("up", "Good answer"), down: thumb("down", "Bad answer") };
  let present = null;

  const show = (feedback) => {
    present = feedback;
    for (const [rating, button] of Object.entries(thumbs)) button.setAttribute("aria-pressed", String(feedback?.rating === rating));
  };
  const keep = async (feedback) => {
    show(feedback);
    const known = await saidIn(project, thread).catch(() => null);
    if (feedback) known?.set(message, feedback);
    else known?.delete(message);
  };
  const put = async (body) => {
    await keep(await json("PUT", path, { body }));
    announce("Thank you.");
  };
  const attempt = async (work) => {
    try {
      await work();
    } catch (error) {
      if (!isAbort(error)) fill(more, problemBox(error));
    }
  };

  for (const [rating, button] of Object.entries(thumbs)) {
    button.addEventListener("click", () => attempt(async () => {
      fill(more);
      if (present?.rating === rating) {
        await json("DELETE", path);
        return keep(null);
      }
      await put({ rating });
      if (rating === "down") fill(more, details(project, async (body) => { await put({ rating, ...body }); fill(more); }, () => fill(more)));
    }));
  }
  saidIn(project, thread).then((known) => show(known.get(message) ?? null), () => {});
  return h("div", { class: "feedback" },
    h("div", { class: "feedback-thumbs", role: "group", "aria-label": "Was this answer good?" }, thumbs.up, thumbs.down), more);
}

function thumb(name, label) {
  return h("button", { type: "button", class: `icon-button small thumb thumb-${name}`, test: `thumb-${name}`, "aria-label": label, title: label, "aria-pressed": "false" }, icon("thumb"));
}

/** What was wrong, and where the right answer stands. */
function details(project, send, close) {
  const reason = select("reason", "Reason", reasons);
  const place = select("document", "Document with the right answer", [["", "Not known"]]);
  documents.list(project, { pages: 1, query: { sort: "name" } }).then(
    ({ items }) => place.control.append(...items.map((each) => h("option", { value: each.id }, each.name))), () => {});
  const quote = area("quote", "Its words");
  const comment = area("comment", "Comment");
  const element = form({
    test: "feedback-form", action: "Send", actionTest: "feedback-send",
    fields: [reason.element, comment.element, place.element, quote.element, h("p", { class: "hint" }, "Editors and owners of the project see the question and what you write here.")],
    secondary: h("button", { type: "button", class: "button quiet", test: "feedback-close", on: { click: close } }, "Close"),
    send: (values) => {
      const passage = values.document && values.quote ? { document_id: values.document, quote: values.quote } : null;
      return send({ reason: values.reason ?? null, comment: values.comment ?? "", passage });
    },
  });
  return element;
}

function labelled(name, label, control) {
  const element = h("div", { class: "field" }, h("label", { for: control.id }, label), control, h("p", { class: "field-error", id: `field-${name}-error` }));
  return { element, control };
}

const select = (name, label, options) => labelled(name, label,
  h("select", { id: `field-${name}`, name, class: "input", test: `feedback-${name}` }, options.map(([value, text]) => h("option", { value }, text))));

const area = (name, label) => labelled(name, label, h("textarea", { id: `field-${name}`, name, class: "input", rows: 2, maxlength: 4000, test: `feedback-${name}` }));
