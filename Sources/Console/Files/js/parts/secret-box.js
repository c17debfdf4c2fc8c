// A secret that the server tells only once: shown to be copied, with a word of warning.

import { announce } from "../announce.js";
import { h } from "../dom.js";
import { icon } from "../icons.js";

export function secretBox({ title, secret, text, onDone }) {
  const value = h("input", { class: "input secret-value", readonly: true, value: secret, "aria-label": title, test: "secret", autocomplete: "off", spellcheck: "false" });
  value.addEventListener("focus", () => value.select());
  const copy = h("button", { type: "button", class: "button", test: "secret-copy" }, icon("copy"), "Copy");
  copy.addEventListener("click", async () => {
    value.select();
    // Without HTTPS the browser may refuse; the selected words can still be copied by hand.
    const copied = await navigator.clipboard?.writeText(secret).then(() => true, () => false);
    announce(copied ? "Copied." : "Selected. Copy it with the keyboard.");
    if (copied) copy.lastChild.textContent = "Copied";
  });
  return h("section", { class: "secret notice notice-warn", role: "group", "aria-label": title, test: "secret-box" }, icon("key"),
    h("div", { class: "notice-words secret-words" },
      h("strong", { tabindex: -1, autofocus: true }, title),
      h("p", {}, text),
      h("div", { class: "secret-line" }, value, copy),
      h("button", { type: "button", class: "button small", test: "secret-done", on: { click: onDone } }, "I have kept it")));
}
