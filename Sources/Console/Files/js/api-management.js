// The endpoints for keys, people, settings, usage and webhooks, one function each.

import { json, list, projectPath, tagged } from "./api.js";

const part = encodeURIComponent;

export const keys = {
  list: (options) => list("/v1/me/keys", options),
  create: (input) => json("POST", "/v1/me/keys", { body: input }),
  remove: (key) => json("DELETE", `/v1/me/keys/${part(key)}`),
};

export const changePassword = (input) => json("POST", "/v1/me/password", { body: input });

export const users = {
  list: (options) => list("/v1/users", options),
  create: (input) => json("POST", "/v1/users", { body: input }),
  unlock: (user) => json("POST", `/v1/users/${part(user)}/unlock`),
  change: (user, input) => json("PATCH", `/v1/users/${part(user)}`, { body: input }),
};

const membersPath = (project) => `${projectPath(project)}/members`;

export const members = {
  list: (project, options) => list(membersPath(project), options),
  set: (project, user, role) => json("PUT", `${membersPath(project)}/${part(user)}`, { body: { role } }),
  remove: (project, user) => json("DELETE", `${membersPath(project)}/${part(user)}`),
};

const invitationsPath = (project) => `${projectPath(project)}/invitations`;

export const invitations = {
  list: (project, options) => list(invitationsPath(project), options),
  create: (project, input) => json("POST", invitationsPath(project), { body: input }),
  withdraw: (project, invitation) => json("DELETE", `${invitationsPath(project)}/${part(invitation)}`),
  mine: (options) => list("/v1/me/invitations", options),
  answer: (invitation, answer) => json("POST", `/v1/me/invitations/${part(invitation)}/${answer}`),
};

/** A resource that is read with its version, and changed only as long as it is that version. */
const versioned = (path) => ({
  get: (options) => tagged("GET", path, options),
  change: (input, tag) => tagged("PATCH", path, { body: input, headers: { "If-Match": tag } }),
});

export const projectDetails = (project) => ({ ...versioned(projectPath(project)), remove: () => json("DELETE", projectPath(project)) });
export const chatSettings = (project) => versioned(`${projectPath(project)}/settings`);

/** `project` null asks for the installation's usage, "me" for one's own. */
export const usage = (project, query, options) =>
  list(project === null ? "/v1/usage" : project === "me" ? "/v1/me/usage" : `${projectPath(project)}/usage`, { query, ...options });

/** What was set for a person or a project; others may set it too. All of it is written at once. */
const quotaOf = (path) => ({
  get: (options) => tagged("GET", path, options),
  async change(input, tag) {
    const { value } = await tagged("GET", path);
    return tagged("PUT", path, { body: { ...value, ...input }, headers: { "If-Match": tag } });
  },
});
export const quotas = { user: (user) => quotaOf(`/v1/users/${part(user)}/quota`), project: (project) => quotaOf(`${projectPath(project)}/quota`) };

/** How much of the quotas is used; `project` null for one's own. */
export const limits = (project, options) => json("GET", project ? `${projectPath(project)}/usage/limits` : "/v1/me/usage/limits", options);

const setsPath = (project) => `${projectPath(project)}/question-sets`;
const setPath = (project, set) => `${setsPath(project)}/${part(set)}`;
const runPath = (project, set, run) => `${setPath(project, set)}/runs/${part(run)}`;

export const questionSets = {
  list: (project, options) => list(setsPath(project), options),
  get: (project, set, options) => json("GET", setPath(project, set), options),
  create: (project, input) => json("POST", setsPath(project), { body: input }),
  remove: (project, set) => json("DELETE", setPath(project, set)),
  questions: (project, set, options) => list(`${setPath(project, set)}/questions`, options),
  import: (project, set, file) => json("POST", `${setPath(project, set)}/import`, { file, headers: { "Content-Type": "application/octet-stream" } }),
};

export const runs = {
  /** The newest first. */
  list: (project, set, options) => list(`${setPath(project, set)}/runs`, { query: { sort: "-id" }, ...options }),
  create: (project, set, input) => json("POST", `${setPath(project, set)}/runs`, { body: input }),
  cancel: (project, set, run) => json("POST", `${runPath(project, set, run)}/cancel`),
  remove: (project, set, run) => json("DELETE", runPath(project, set, run)),
  compare: (project, set, run, other, options) => json("GET", `${runPath(project, set, run)}/compare?with=${part(other)}`, options),
};

const gatePath = (project) => `${projectPath(project)}/settings/gate`;

export const gate = {
  get: (project, options) => tagged("GET", gatePath(project), options),
  baseline: (project, options) => json("GET", `${gatePath(project)}/baseline`, options),
  set: (project, input, tag) => tagged("PUT", gatePath(project), { body: input, headers: { "If-Match": tag } }),
};

const hooksPath = (project) => `${projectPath(project)}/webhooks`;
const hookPath = (project, hook) => `${hooksPath(project)}/${part(hook)}`;

export const webhooks = {
  list: (project, options) => list(hooksPath(project), options),
  get: (project, hook, options) => tagged("GET", hookPath(project, hook), options),
  create: (project, input) => json("POST", hooksPath(project), { body: input }),
  change: (project, hook, input, tag) => tagged("PATCH", hookPath(project, hook), { body: input, headers: { "If-Match": tag } }),
  remove: (project, hook) => json("DELETE", hookPath(project, hook)),
  test: (project, hook) => json("POST", `${hookPath(project, hook)}/test`),
  rotate: (project, hook) => json("POST", `${hookPath(project, hook)}/rotate-secret`, { body: {} }),
  replayAll: (project, hook, since) => json("POST", `${hookPath(project, hook)}/replay`, { body: { since } }),
  deliveries: (project, hook, query, options) => list(`${hookPath(project, hook)}/deliveries`, { query, ...options }),
  replay: (project, hook, delivery) => json("POST", `${hookPath(project, hook)}/deliveries/${part(delivery)}/replay`),
};
