// The kinds of events that a webhook can be told, to tick.

import { h } from "../dom.js";
import { tick } from "../forms.js";

const kinds = [
  "document.added", "document.ready", "document.failed", "document.deleted", "document.restored", "document.purged", "thread.added",
  "thread.deleted", "message.asked", "message.complete", "message.failed", "message.cancelled", "project.changed", "project.settings_changed",
  "member.set", "member.removed", "webhook.disabled",
];

export function eventChoice(chosen) {
  return h("details", { class: "event-choice", open: chosen.length > 0 },
    h("summary", { test: "webhook-events" }, "Which events (all when none is ticked)"),
    h("fieldset", { class: "ticks" }, h("legend", { class: "visually-hidden" }, "Events"),
      kinds.map((kind) => tick({ name: "event", value: kind, label: kind, checked: chosen.includes(kind), test: `event-${kind}` }))));
}

export const chosenEvents = (form) => [...form.querySelectorAll('[name="event"]:checked')].map((each) => each.value);
