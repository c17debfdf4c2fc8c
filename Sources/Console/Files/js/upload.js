// Uploads by XMLHttpRequest, because fetch tells nothing about how much has been sent.

import { documentsPath } from "./api.js";
import { Problem } from "./problem.js";
import { currentToken, refresh } from "./session.js";
import { unreachable } from "./transport.js";

const atOnce = 3;
let running = 0;
const waiting = [];

/** Sends one file as multipart/form-data and gives the Document; at most three files travel at a time. */
export async function upload(project, file, { onProgress, signal }) {
  await turn();
  try {
    return await send(project, file, onProgress, signal).catch(async (error) => {
      if (error.status !== 401) throw error;
      await refresh();
      return send(project, file, onProgress, signal);
    });
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}

async function turn() {
  if (running >= atOnce) await new Promise((resolve) => waiting.push(resolve));
  running += 1;
}

async function send(project, file, onProgress, signal) {
  const token = await currentToken();
  const form = new FormData();
  form.append("file", file, file.name);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    signal.addEventListener("abort", stop, { once: true });
    request.open("POST", documentsPath(project));
    request.responseType = "json";
    request.setRequestHeader("Authorization", `Bearer ${token}`);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => event.lengthComputable && onProgress(event.loaded / event.total));
    request.addEventListener("loadend", () => signal.removeEventListener("abort", stop));
    request.addEventListener("abort", () => reject(new DOMException("The upload was stopped.", "AbortError")));
    request.addEventListener("error", () => reject(unreachable()));
    request.addEventListener("load", () => {
      const body = request.response ?? {};
      if (request.status >= 200 && request.status < 300) resolve({ document: body, known: request.status === 200 });
      else reject(problem(request, body));
    });
    request.send(form);
  });
}

function problem(request, body) {
  const title = `The server answered ${request.status}`;
  return new Problem({ title, request_id: request.getResponseHeader("X-Request-ID"), ...body, status: request.status });
}
