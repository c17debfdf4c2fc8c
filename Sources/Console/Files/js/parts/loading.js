// A place that is filled once the server has answered, and tells what went wrong when it does not.

import { fill, h } from "../dom.js";
import { isAbort, problemBox } from "../problem.js";

/** `load()` reads, `draw(value)` gives nodes. `element.again()` reads and draws anew. */
export function loading({ signal, load, draw, test, words = "Loading …" }) {
  const element = h("div", { class: "stack", test, "aria-busy": "true" }, h("p", { class: "faint" }, words));
  element.again = async () => {
    element.setAttribute("aria-busy", "true");
    try {
      const value = await load();
      if (!signal.aborted) fill(element, draw(value));
    } catch (error) {
      if (!isAbort(error) && !signal.aborted) fill(element, problemBox(error, { retry: element.again }));
    }
    element.removeAttribute("aria-busy");
  };
  element.again();
  return element;
}
