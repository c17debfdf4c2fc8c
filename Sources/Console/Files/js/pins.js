// The threads that a person has pinned, kept in this browser.

import { session } from "./session.js";

const key = (project) => `parley.pins.${session.user?.id}.${project}`;

/** The ids, the one pinned last first. */
export function pinsOf(project) {
  try {
    const kept = JSON.parse(localStorage.getItem(key(project)));
    return Array.isArray(kept) ? kept.filter((each) => typeof each === "string") : [];
  } catch {
    return [];
  }
}

export function setPinned(project, thread, pinned) {
  const others = pinsOf(project).filter((each) => each !== thread);
  localStorage.setItem(key(project), JSON.stringify(pinned ? [thread, ...others] : others));
}
