// The endpoints for language models, one function each.

import { json, list } from "./api.js";

export const models = {
  list: (options) => list("/v1/models", options),
  check: (name) => json("POST", "/v1/models/check", { body: { model: name } }),
  /** Tries one that is not added. */
  tryOut: (input) => json("POST", "/v1/models/try", { body: input }),
  servers: (options) => json("GET", "/v1/models/servers", options),
  create: (input) => json("POST", "/v1/models", { body: input }),
  remove: (id) => json("DELETE", `/v1/models/${encodeURIComponent(id)}`),
};
