// The server's endpoints that this page uses, one function each.

import { exchange, exchangeJSON, exchangeTagged } from "./transport.js";
import { adopt, currentToken, knownDevice, refresh } from "./session.js";

/** Performs a request as the signed-in person; renews the token once when the server no longer takes it. */
async function asUser(perform, method, path, options = {}) {
  const token = await currentToken();
  try {
    return await perform(method, path, { ...options, token });
  } catch (error) {
    if (error.status !== 401) throw error;
    await refresh();
    return perform(method, path, { ...options, token: await currentToken() });
  }
}

export const json = (method, path, options) => asUser(exchangeJSON, method, path, options);
/** With the version that a later `If-Match` names. */
export const tagged = (method, path, options) => asUser(exchangeTagged, method, path, options);
/** The raw response, for streams and downloads. */
export const open = (method, path, options) => asUser(exchange, method, path, options);

function withQuery(path, query = {}) {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return pairs.length ? `${path}?${new URLSearchParams(pairs)}` : path;
}

/** Follows a list's cursors until `pages` pages are read; gives the items, whether there are more, and how many in all where `total` is asked for. */
export async function list(path, { query = {}, pages = Infinity, signal } = {}) {
  const items = [];
  let cursor;
  let total = null;
  for (let page = 0; page < pages; page += 1) {
    const answer = await json("GET", withQuery(path, { limit: 100, ...query, cursor }), { signal });
    items.push(...answer.items);
    total ??= answer.page?.total ?? null;
    cursor = answer.page?.next_cursor;
    if (!answer.page?.has_more || !cursor) return { items, hasMore: false, total };
  }
  return { items, hasMore: true, total };
}

export const projectPath = (project) => `/v1/projects/${encodeURIComponent(project)}`;
export const documentsPath = (project) => `${projectPath(project)}/documents`;
const documentPath = (project, document) => `${documentsPath(project)}/${encodeURIComponent(document)}`;
const threadsPath = (project) => `${projectPath(project)}/threads`;
const threadPath = (project, thread) => `${threadsPath(project)}/${encodeURIComponent(thread)}`;
const messagePath = (project, thread, message) => `${threadPath(project, thread)}/messages/${encodeURIComponent(message)}`;

export const auth = {
  firstRun: async (input) => adopt(await exchangeJSON("POST", "/v1/auth/first-run", { body: input })),
  signIn: async (input) => adopt(await exchangeJSON("POST", "/v1/auth/sign-in", { body: { ...input, ...knownDevice() } })),
};

export const projects = {
  list: (options) => list("/v1/projects", options),
  get: (project, options) => json("GET", projectPath(project), options),
  create: (input) => json("POST", "/v1/projects", { body: input }),
};

export const documents = {
  list: (project, options) => list(documentsPath(project), options),
  retry: (project, document) => json("POST", `${documentPath(project, document)}/retry`),
  remove: (project, document) => json("DELETE", documentPath(project, document)),
  restore: (project, document) => json("POST", `${documentPath(project, document)}/restore`),
  bulk: (project, operations) => json("POST", `${documentsPath(project)}/bulk`, { body: { operations } }),
  get: (project, document, options) => json("GET", documentPath(project, document), options),
  passages: (project, document, options) => list(`${documentPath(project, document)}/passages`, options),
  purge: (project, document) => json("POST", `${documentPath(project, document)}/purge`),
  content: (project, document, options) => open("GET", `${documentPath(project, document)}/content`, { ...options, headers: { Accept: "*/*" } }),
  text: (project, document, query, options) => json("GET", withQuery(`${documentPath(project, document)}/text`, query), options),
};

export const search = (project, input, options) => json("POST", `${projectPath(project)}/search`, { body: input, ...options });

export const threads = {
  list: (project, options) => list(threadsPath(project), { query: { sort: "-id" }, ...options }),
  create: (project, input) => json("POST", threadsPath(project), { body: input }),
  rename: (project, thread, title) => json("PATCH", threadPath(project, thread), { body: { title } }),
  remove: (project, thread) => json("DELETE", threadPath(project, thread)),
  export: (project, thread, format) => open("GET", `${threadPath(project, thread)}/export?format=${format}`, { headers: { Accept: "*/*" } }),
  import: (project, file) => json("POST", `${threadsPath(project)}/import`, { file }),
};

export const messages = {
  list: (project, thread, options) => list(`${threadPath(project, thread)}/messages`, options),
  get: (project, thread, message, options) => json("GET", messagePath(project, thread, message), options),
  ask: (project, thread, input) => json("POST", `${threadPath(project, thread)}/messages`, { body: input }),
  cancel: (project, thread, message) => json("POST", `${messagePath(project, thread, message)}/cancel`),
  edit: (project, thread, message, content) => json("POST", `${messagePath(project, thread, message)}/edit`, { body: { content } }),
  regenerate: (project, thread, message, model) => json("POST", `${messagePath(project, thread, message)}/regenerate`, { body: model ? { model } : {} }),
  continue: (project, thread, message) => json("POST", `${messagePath(project, thread, message)}/continue`, { body: {} }),
  trace: (project, thread, message, options) => json("GET", `${messagePath(project, thread, message)}/trace`, options),
  eventsPath: (project, thread, message) => `${messagePath(project, thread, message)}/events`,
};
