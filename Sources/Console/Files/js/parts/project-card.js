// One project in the list, with how many documents it has and how many of them are still being read.

import { documents } from "../api.js";
import { h, setText } from "../dom.js";
import { ago, plural } from "../format.js";
import { isAbort } from "../problem.js";
import { paths } from "../router.js";

const pause = 2000;
const working = "state=queued,parsing,chunking,embedding";

/** Asks for the numbers once the card is in view, and again as long as something is being read. */
export function projectCard(project, { signal }) {
  const count = h("span", { test: "project-count" });
  const link = h("a", { class: "card", href: `#${paths.ask(project.id)}`, test: "project-link", data: { id: project.id } },
    h("span", { class: "card-title" }, project.name),
    project.description ? h("span", { class: "card-text" }, project.description) : null,
    h("span", { class: "card-foot faint" }, count, h("span", {}, `changed ${ago(project.updated_at)}`)));
  const element = h("li", {}, link);
  new IntersectionObserver((entries, observer) => {
    if (!entries.some((each) => each.isIntersecting)) return;
    observer.disconnect();
    tell();
  }).observe(element);

  async function tell() {
    try {
      const [all, busy] = await Promise.all([howMany(project.id, undefined, signal), howMany(project.id, working, signal)]);
      link.href = `#${all ? paths.ask(project.id) : paths.documents(project.id)}`;
      setText(count, busy ? `preparing: ${all - busy} of ${plural(all, "document")} ready` : plural(all, "document"));
      if (busy && !signal.aborted && element.isConnected) setTimeout(tell, pause);
    } catch (error) {
      // The card does without the numbers.
      if (!isAbort(error)) setText(count, "");
    }
  }
  return element;
}

const howMany = (project, filter, signal) =>
  documents.list(project, { query: { limit: 1, total: true, fields: "id", filter }, pages: 1, signal }).then(({ total }) => total.count);
