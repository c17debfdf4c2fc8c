// One HTTP exchange with the server: JSON in, JSON out, a Problem thrown for everything else.

import { lost } from "./connection.js";
import { Problem, isAbort } from "./problem.js";

/** Performs the request and gives the response when its status is a success. `body` is written as JSON, a `file` is sent as it is. */
export async function exchange(method, path, { body, file, token, signal, headers = {} } = {}) {
  const all = { Accept: "application/json", ...(body !== undefined || file ? { "Content-Type": "application/json" } : {}), ...headers };
  if (token) all.Authorization = `Bearer ${token}`;
  let response;
  try {
    response = await fetch(path, { method, headers: all, signal, cache: "no-store", body: file ?? (body === undefined ? undefined : JSON.stringify(body)) });
  } catch (error) {
    throw isAbort(error) ? error : unreachable();
  }
  if (isOfProxy(response)) throw unreachable();
  if (!response.ok) throw await Problem.from(response);
  return response;
}

/** The same, with the answer's JSON decoded; null when there is none. */
export async function exchangeJSON(method, path, options) {
  return decoded(await exchange(method, path, options));
}

/** The answer's JSON with its version: {value, tag}. */
export async function exchangeTagged(method, path, options) {
  const response = await exchange(method, path, options);
  return { tag: response.headers.get("ETag"), value: await decoded(response) };
}

async function decoded(response) {
  if (response.status === 204) return null;
  try {
    return await response.json();
  } catch (error) {
    throw isAbort(error) ? error : unreachable();
  }
}

/** A proxy in front of the server says that it found none. */
const isOfProxy = (response) => [502, 503, 504].includes(response.status) && !response.headers.get("Content-Type")?.includes("json");

export function unreachable() {
  lost();
  return Problem.unreachable();
}
