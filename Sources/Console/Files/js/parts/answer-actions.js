// What can be done with an answer that is over: another one, going on with it, seeing how it came about.

import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { isAbort, problemBox } from "../problem.js";
import { paths } from "../router.js";
import { branchSwitch } from "./branch-switch.js";

/** `on` are {choose(id), regenerate(), continue()}, the last two promises that fail with a problem. */
export function answerActions({ project, thread, id, state, tree, on }) {
  const trouble = h("div", {});
  const action = (name, label, image, run) => {
    const button = h("button", { type: "button", class: "button quiet small", test: `answer-${name}` }, icon(image), label);
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        await run();
      } catch (error) {
        button.disabled = false;
        if (!isAbort(error)) fill(trouble, problemBox(error));
      }
    });
    return button;
  };
  const stoppedEarly = ["cancelled", "failed"].includes(state.state) || state.cutShort;
  const row = h("div", { class: "answer-actions", role: "group", "aria-label": "About this answer" },
    branchSwitch(tree, id, "answer", on.choose),
    stoppedEarly && state.content ? action("continue", "Continue", "next", on.continue) : null,
    action("regenerate", "Answer again", "retry", on.regenerate),
    h("a", { class: "button quiet small", test: "explain", href: `#${paths.explain(project, thread, id)}` }, icon("info"), "How this answer came about"));
  return h("div", {}, row, trouble);
}
