// "2 of 3": the way between the messages that stand at one place of a thread.

import { h } from "../dom.js";
import { icon } from "../icons.js";

/** Nothing while the message stands alone. `onChoose(id)` shows another one. */
export function branchSwitch(tree, id, what, onChoose) {
  const siblings = tree.siblings(id);
  if (siblings.length < 2) return null;
  const place = siblings.indexOf(id);
  const step = (name, image, to) => h("button", {
    type: "button", class: "icon-button small", test: `branch-${name}`, title: `${name === "previous" ? "Previous" : "Next"} ${what}`,
    "aria-label": `${name === "previous" ? "Previous" : "Next"} ${what}`, disabled: siblings[to] === undefined, on: { click: () => onChoose(siblings[to]) },
  }, icon(image));
  return h("span", { class: "branch-switch", role: "group", "aria-label": `${what} ${place + 1} of ${siblings.length}`, test: "branches" },
    step("previous", "previous", place - 1),
    h("span", { class: "faint", test: "branch-place" }, `${place + 1} of ${siblings.length}`),
    step("next", "next", place + 1));
}
