// Whom a project tells of what happens in it.

import { webhooks } from "../api-management.js";
import { fill, h } from "../dom.js";
import { field, form } from "../forms.js";
import { ago, plural } from "../format.js";
import { loading } from "../parts/loading.js";
import { emptyState } from "../parts/project-frame.js";
import { secretBox } from "../parts/secret-box.js";
import { go, paths } from "../router.js";
import { eventChoice, chosenEvents } from "./webhook-events.js";

export function webhookList(project, { signal, manages }) {
  if (!manages) return h("div", { class: "stack" }, h("h2", {}, "Webhooks"), h("p", { class: "faint" }, "Only the project's owners see whom it tells."));
  const draw = ({ items }) => (items.length
    ? h("ul", { class: "rows", test: "webhooks" }, items.map((each) => row(project, each)))
    : emptyState("send", "No webhooks yet", "A webhook tells another program, by HTTP, what happens in this project."));
  const list = loading({ signal, load: () => webhooks.list(project, { signal }), draw });
  const maker = h("section", { class: "panel" });
  offer(project, maker, list);
  return h("div", { class: "stack" }, h("h2", {}, "Webhooks"), list, maker);
}

function row(project, each) {
  const state = each.enabled ? (each.failing_since ? "Failing" : "On") : "Off";
  return h("li", { class: "row row-simple", test: "webhook" },
    h("div", { class: "row-words" },
      h("a", { class: "row-name", href: `#${paths.settings(project, "webhooks", each.id)}`, test: "webhook-open" }, each.url),
      h("span", { class: "row-meta faint" }, each.description || (each.events.length ? plural(each.events.length, "kind of event", "kinds of events") : "All events"), ` · made ${ago(each.created_at)}`),
      each.disabled_reason ? h("p", { class: "row-reason" }, each.disabled_reason) : null),
    h("span", { class: "state", data: { state: each.enabled ? (each.failing_since ? "failed" : "ready") : "off" } }, state));
}

/** The form that makes one, and after it the secret, once. */
function offer(project, maker, list) {
  const fields = [
    field({ name: "url", label: "Address", type: "url", required: true, maxlength: 2048, placeholder: "https://hooks.example.com/parley", test: "webhook-url", autocomplete: "off" }),
    field({ name: "description", label: "What it is for", maxlength: 500, test: "webhook-description" }),
    eventChoice([]),
  ];
  const send = async ({ url, description }, element) => {
    const made = await webhooks.create(project, { url, ...(description ? { description } : {}), events: chosenEvents(element) });
    await list.again();
    const done = () => go(paths.settings(project, "webhooks", made.webhook.id));
    fill(maker, secretBox({ title: "The webhook's secret", secret: made.secret, text: "The receiver verifies messages with it. It is shown only now.", onDone: done }));
    maker.querySelector("strong").focus();
  };
  fill(maker, h("h3", {}, "Make a webhook"), form({ test: "webhook-form", fields, action: "Make webhook", actionTest: "webhook-create", send }));
}
