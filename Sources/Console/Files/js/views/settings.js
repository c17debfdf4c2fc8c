// A project's settings: its own name, its answers, its members, what it used, how good its answers are, and whom it tells.

import { fill, h } from "../dom.js";
import { mayEdit, mayManage, projectFrame } from "../parts/project-frame.js";
import { paths } from "../router.js";
import { answers } from "../settings/answers.js";
import { general } from "../settings/general.js";
import { membersSection } from "../settings/members.js";
import { questionSet } from "../settings/question-set.js";
import { questionSetList } from "../settings/questions.js";
import { usageSection } from "../settings/usage.js";
import { webhook } from "../settings/webhook.js";
import { webhookList } from "../settings/webhooks.js";

const sections = [
  { name: "general", label: "General", show: general },
  { name: "answers", label: "Answers", show: answers },
  { name: "members", label: "Members", show: membersSection },
  { name: "usage", label: "Usage", show: usageSection },
  { name: "questions", label: "Questions", show: (project, context) => (context.item && context.edits ? questionSet : questionSetList)(project, context) },
  { name: "webhooks", label: "Webhooks", show: (project, context) => (context.item ? webhook : webhookList)(project, context) },
];

export function settingsView({ project, section, item }, { signal }) {
  const chosen = sections.find((each) => each.name === section) ?? sections[0];
  const links = sections.map((each) => h("a", { class: "side-link", href: `#${paths.settings(project, each.name)}`, test: `settings-${each.name}`, "aria-current": each === chosen ? "page" : null }, each.label));
  const body = h("div", { class: "settings-body" }, h("p", { class: "faint" }, "Loading …"));
  const page = h("div", { class: "page settings" }, h("nav", { class: "side", "aria-label": "Settings" }, links), body);
  const onName = (name) => { frame.querySelector('[data-test="project-title"]').textContent = name; };
  const onProject = (it) => fill(body, chosen.show(project, { signal, manages: mayManage(it), edits: mayEdit(it), item, onName }));
  const frame = projectFrame(project, "settings", page, { signal, onProject });
  return { title: `${chosen.label} settings`, element: frame };
}
