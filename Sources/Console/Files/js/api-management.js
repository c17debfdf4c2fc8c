// The endpoints for keys, people, settings, usage and webhooks, one function each.

import { json, list, projectPath, tagged } from "./api.js";

const part = encodeURIComponent;

export const keys = {
  list: (options) => list("/v1/me/keys", options),
  create: (input) => json("POST", "/v1/me/keys", { body: input }),
  remove: (key) => json("DELETE", `/v1/me/keys/${part(key)}`),
};

export const users = {
  list: (options) => list("/v1/users", options),
  create: (input) => json("POST", "/v1/users", { body: input }),
  change: (user, input) => json("PATCH", `/v1/users/${part(user)}`, { body: input }),
};

const membersPath = (project) => `${projectPath(project)}/members`;

export const members = {
  list: (project, options) => list(membersPath(project), options),
  set: (project, user, role) => json("PUT", `${membersPath(project)}/${part(user)}`, { body: { role } }),
  remove: (project, user) => json("DELETE", `${membersPath(project)}/${part(user)}`),
};

/** A resource that is read with its version, and changed only as long as it is that version. */
const versioned = (path) => ({
  get: (options) => tagged("GET", path, options),
  change: (input, tag) => tagged("PATCH", path, { body: input, headers: { "If-Match": tag } }),
});

export const projectDetails = (project) => ({ ...versioned(projectPath(project)), remove: () => json("DELETE", projectPath(project)) });
export const chatSettings = (project) => versioned(`${projectPath(project)}/settings`);
export const models = (options) => list("/v1/models", options);

/** `project` null asks for the installation's usage, "me" for one's own. */
export const usage = (project, query, options) =>
  list(project === null ? "/v1/usage" : project === "me" ? "/v1/me/usage" : `${projectPath(project)}/usage`, { query, ...options });

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
