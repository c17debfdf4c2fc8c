// One webhook: whether it is on, a test, its secret, and every message it was sent.

import { webhooks } from "../api-management.js";
import { announce } from "../announce.js";
import { confirm } from "../dialogs.js";
import { fill, h } from "../dom.js";
import { field, form } from "../forms.js";
import { loading } from "../parts/loading.js";
import { secretBox } from "../parts/secret-box.js";
import { isAbort, problemBox } from "../problem.js";
import { go, paths } from "../router.js";
import { deliveryElement } from "./delivery.js";
import { chosenEvents, eventChoice } from "./webhook-events.js";

export function webhook(project, { signal, item }) {
  const page = new WebhookPage(project, item, signal);
  return page.element;
}

class WebhookPage {
  constructor(project, id, signal) {
    Object.assign(this, { project, id, signal, filter: "" });
    this.told = h("div", { class: "stack", test: "webhook-told" });
    this.about = loading({ signal, load: () => webhooks.get(project, id, { signal }), draw: (read) => this.#about(read) });
    const query = () => ({ sort: "-id", ...(this.filter && { filter: `state=${this.filter}` }) });
    this.log = loading({ signal, load: () => webhooks.deliveries(project, id, query(), { pages: 1, signal }), draw: (found) => this.#deliveries(found) });
    this.element = h("div", { class: "stack" },
      h("p", {}, h("a", { href: `#${paths.settings(project, "webhooks")}`, test: "webhooks-back" }, "All webhooks")),
      this.about, this.told,
      h("section", { class: "stack" }, h("div", { class: "page-head" }, h("h3", {}, "Messages"), this.#filters()), this.log));
  }

  #about({ value, tag }) {
    const button = (name, label, work, kind = "") => h("button", { type: "button", class: `button small ${kind}`, test: `webhook-${name}`, on: { click: () => this.#attempt(work) } }, label);
    return [
      h("h2", { class: "breaks" }, value.url),
      value.disabled_reason ? h("p", { class: "notice notice-bad" }, value.disabled_reason) : null,
      h("div", { class: "form-actions" },
        button("test", "Send a test", () => this.#test(), "primary"),
        button("toggle", value.enabled ? "Turn off" : "Turn on", () => this.#change({ enabled: !value.enabled }, tag)),
        button("replay-all", "Send failed ones again", () => this.#replayAll()),
        button("rotate", "New secret …", () => this.#rotate()),
        button("delete", "Delete …", () => this.#remove(value))),
      h("details", { class: "panel" }, h("summary", { test: "webhook-edit" }, "Change it"), this.#form(value, tag)),
    ];
  }

  #form(value, tag) {
    const fields = [
      field({ name: "url", label: "Address", type: "url", required: true, value: value.url, test: "webhook-change-url" }),
      field({ name: "description", label: "What it is for", maxlength: 500, value: value.description, test: "webhook-change-description" }),
      eventChoice(value.events),
    ];
    const send = ({ url, description = "" }, element) => this.#change({ url, description, events: chosenEvents(element) }, tag);
    return form({ test: "webhook-change", fields, action: "Save", actionTest: "webhook-save", send });
  }

  #filters() {
    const choices = [["", "All"], ["failed", "Failed"], ["waiting", "Waiting"]];
    return h("div", { class: "segments", role: "group", "aria-label": "Which messages" }, choices.map(([state, label]) => {
      const button = h("button", { type: "button", class: "segment", test: `deliveries-${state || "all"}`, "aria-pressed": String(state === this.filter) }, label);
      button.addEventListener("click", () => {
        this.filter = state;
        for (const each of button.parentElement.children) each.setAttribute("aria-pressed", String(each === button));
        this.log.again();
      });
      return button;
    }));
  }

  #deliveries({ items }) {
    if (!items.length) return h("p", { class: "faint", test: "deliveries-none" }, "Nothing was sent yet.");
    return h("ol", { class: "deliveries", test: "deliveries" }, items.map((each) => deliveryElement(each, () => this.#attempt(() => this.#replay(each)))));
  }

  async #attempt(work) {
    fill(this.told);
    try {
      await work();
    } catch (error) {
      if (!isAbort(error)) fill(this.told, problemBox(error));
    }
  }

  async #test() {
    const delivery = await webhooks.test(this.project, this.id);
    const arrived = delivery.state === "delivered";
    const last = delivery.attempts.at(-1);
    const words = arrived ? `The receiver took it (${last?.status}, ${last?.duration_ms} ms).` : `It did not arrive: ${last?.error ?? "no answer yet"}`;
    fill(this.told, h("p", { class: arrived ? "notice notice-good" : "notice notice-bad", role: "status", test: "webhook-test-result" }, words));
    await this.log.again();
  }

  async #change(input, tag) {
    await webhooks.change(this.project, this.id, input, tag);
    announce("Saved.");
    await this.about.again();
  }

  async #replay(delivery) {
    await webhooks.replay(this.project, this.id, delivery.id);
    announce("It is sent again.");
    await this.log.again();
  }

  async #replayAll() {
    const days = 30;
    await webhooks.replayAll(this.project, this.id, new Date(Date.now() - days * 86400000).toISOString());
    fill(this.told, h("p", { class: "notice notice-good", role: "status" }, `What failed or was skipped in the last ${days} days is sent again.`));
    await this.log.again();
  }

  async #rotate() {
    const text = "Messages are signed with both secrets for a day, so that the receiver can change over.";
    if (!(await confirm({ title: "Make a new secret?", text, action: "Make a new secret" }))) return;
    const { secret } = await webhooks.rotate(this.project, this.id);
    fill(this.told, secretBox({ title: "The new secret", secret, text: "It is shown only now.", onDone: () => fill(this.told) }));
    this.told.querySelector("strong").focus();
  }

  async #remove(value) {
    if (!(await confirm({ title: "Delete this webhook?", text: `${value.url} is told nothing more, and its messages are forgotten.`, action: "Delete" }))) return;
    await webhooks.remove(this.project, this.id);
    go(paths.settings(this.project, "webhooks"));
  }
}
