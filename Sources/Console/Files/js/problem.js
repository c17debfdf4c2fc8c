// Errors as the server states them (RFC 9457 problem documents), made readable.

import { whenBack } from "./connection.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";

/** Everything that can go wrong with a request: a problem document, or the server not being reached. */
export class Problem extends Error {
  constructor({ title, detail, code, status, request_id, errors } = {}) {
    super(detail || title || "Something went wrong.");
    this.title = title || "Something went wrong";
    this.detail = detail || "";
    this.code = code || "unknown";
    this.status = status || 0;
    this.requestID = request_id || "";
    this.errors = errors || [];
  }

  /** Reads the body of a failed answer, whatever it holds. */
  static async from(response) {
    const document = await response.json().catch(() => ({}));
    const fallback = {
      title: `The server answered ${response.status}`,
      detail: "Its answer held no explanation. Try again; the request id below helps to find it in the server's log.",
    };
    const request_id = document.request_id || response.headers.get("X-Request-ID") || "";
    return new Problem({ ...fallback, ...document, status: response.status, request_id });
  }

  static unreachable() {
    return new Problem({
      code: "unreachable",
      title: "The server cannot be reached",
      detail: "Check that Parley is running and that this device is connected, then try again.",
    });
  }

  /** What the server says about the field that a JSON pointer such as "/name" names. */
  messageFor(field) {
    return this.errors.find((error) => error.pointer === `/${field}`)?.message ?? "";
  }
}

/** True for the error of a request that we ended ourselves. */
export const isAbort = (error) => error?.name === "AbortError";

/** A box that tells the problem. `retry` adds a button, and is done by itself when the connection was lost and is back. */
export function problemBox(error, { retry, except = [] } = {}) {
  if (error?.code === "unreachable") return waitingBox(retry);
  const problem = error instanceof Problem ? error : new Problem({ detail: "The page ran into an error of its own. Reload it and try again." });
  if (!(error instanceof Problem)) console.error(error);
  const others = problem.errors.filter((each) => !except.includes(each.pointer?.slice(1)));
  return h("div", { class: "notice notice-bad", role: "alert", test: "problem", data: { code: problem.code } },
    icon("warning"),
    h("div", { class: "notice-words" },
      h("strong", {}, problem.title),
      problem.detail && bare(problem.detail) !== bare(problem.title) ? h("p", {}, problem.detail) : null,
      others.length ? h("ul", {}, others.map((each) => h("li", {}, fieldName(each.pointer), each.message))) : null,
      problem.requestID ? h("p", { class: "faint" }, "Request id ", h("code", { test: "request-id" }, problem.requestID)) : null,
      retry ? h("button", { type: "button", class: "button small", test: "problem-retry", on: { click: retry } }, "Try again") : null,
    ),
  );
}

/** The same sentence with and without its full stop is one. */
const bare = (sentence) => sentence.trim().replace(/\.$/, "");

/** The banner tells of the lost connection; here stands only what it means for this place. */
function waitingBox(retry) {
  const box = h("p", { class: "waiting faint", test: "waiting" }, retry ? "This goes on when the connection is back." : "Not sent, since the connection is lost. Try again when it is back.");
  whenBack(() => {
    if (!box.isConnected) return;
    box.remove();
    retry?.();
  });
  return box;
}

const fieldName = (pointer) => (pointer && pointer !== "/" ? h("code", {}, `${pointer.slice(1)}: `) : null);
