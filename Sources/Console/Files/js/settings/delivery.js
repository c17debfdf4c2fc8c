// One message of a webhook: its state, its attempts, and the message itself.

import { h } from "../dom.js";
import { ago, join, plural } from "../format.js";

const words = { waiting: "Waiting", delivered: "Delivered", failed: "Failed", skipped: "Skipped" };
const colours = { delivered: "ready", failed: "failed" };

export function deliveryElement(delivery, onReplay) {
  const last = delivery.attempts.at(-1);
  const meta = join(plural(delivery.attempts.length, "attempt"), last ? `${last.status ?? "no answer"}, ${last.duration_ms} ms` : "", ago(delivery.created_at));
  return h("li", { test: "delivery", data: { id: delivery.id, state: delivery.state } },
    h("details", { class: "delivery" },
      h("summary", {},
        h("span", { class: "delivery-kind" }, delivery.event), h("span", { class: "faint" }, meta),
        h("span", { class: "state", data: { state: colours[delivery.state] ?? delivery.state } }, words[delivery.state] ?? delivery.state)),
      h("ol", { class: "attempts" }, delivery.attempts.map(attempt)),
      delivery.next_attempt_at ? h("p", { class: "faint" }, `Tried again ${new Date(delivery.next_attempt_at).toLocaleString()}`) : null,
      h("pre", { class: "payload", tabindex: 0, "aria-label": "The message" }, pretty(delivery.body)),
      h("button", { type: "button", class: "button small", test: "delivery-replay", on: { click: onReplay } }, "Send again")));
}

const attempt = (each) => h("li", {},
  `${new Date(each.at).toLocaleTimeString()}: ${each.error ?? `answered ${each.status}`} (${each.duration_ms} ms)`,
  each.response ? h("pre", { class: "payload" }, each.response) : null);

function pretty(body) {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
