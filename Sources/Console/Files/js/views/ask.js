// Asking: the threads on the left, the conversation in the middle, the cited document on the right.

import { documents } from "../api.js";
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { Conversation } from "../parts/conversation.js";
import { projectFrame } from "../parts/project-frame.js";
import { SourcePanel } from "../parts/source-panel.js";
import { ThreadList } from "../parts/thread-list.js";
import { paths, replace } from "../router.js";

export function ask({ project, thread }, { signal }) {
  const source = new SourcePanel(project, signal);
  const list = new ThreadList(project, signal);
  const conversation = new Conversation(project, {
    signal,
    onSource: (place, from) => source.show(place, from),
    onThread: (made) => {
      list.add(made);
      replace(paths.ask(project, made.id));
    },
  });
  list.onRemoved = (id) => { if (id === conversation.thread) replace(paths.ask(project)); };
  const shell = h("div", { class: "ask" }, list.element, h("section", { class: "talk", "aria-label": "Conversation" }, threadsButton(list), conversation.element), source.element);
  const update = ({ thread: next }) => {
    list.select(next ?? null);
    list.close();
    if ((next ?? null) !== conversation.thread) source.close();
    conversation.open(next ?? null);
    conversation.box.focus();
  };
  update({ thread });
  documents.list(project, { query: { limit: 1 }, pages: 1, signal }).then(({ items }) => conversation.tellDocuments(items.length > 0), () => {});
  return { title: "Ask", element: projectFrame(project, "ask", shell, { signal }), update };
}

/** On narrow screens the list of threads opens from here. */
function threadsButton(list) {
  const button = h("button", { type: "button", class: "button quiet small threads-button", test: "threads-open", "aria-controls": "threads", "aria-expanded": "false" }, icon("list"), "Threads");
  button.addEventListener("click", () => list.toggle());
  list.onToggle = (open) => button.setAttribute("aria-expanded", String(open));
  return button;
}
