// Questions that were typed and not asked yet. They outlive a reload and the end of a session in this tab, and go when the person signs out.

import { session } from "./session.js";

const prefix = "parley.draft.";
const key = (project, thread) => `${prefix}${session.user?.id}.${project}.${thread ?? "new"}`;

export const draft = (project, thread) => sessionStorage.getItem(key(project, thread)) ?? "";

export function keepDraft(project, thread, text) {
  if (!session.user) return;
  if (text) sessionStorage.setItem(key(project, thread), text);
  else sessionStorage.removeItem(key(project, thread));
}

export function forgetDrafts() {
  for (const name of Object.keys(sessionStorage)) if (name.startsWith(prefix)) sessionStorage.removeItem(name);
}
