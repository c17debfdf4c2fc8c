// The files on their way up. They belong to the page, not to a view: looking at another tab does not stop them.

import { isAbort } from "./problem.js";
import { upload } from "./upload.js";

const all = new Set();

/** The uploads of a project that have not become documents yet. */
export const uploadsOf = (project) => [...all].filter((each) => each.project === project);

/** One file on its way. `onChange()` follows its shape; `onDone({document, known})` ends it. */
export class Upload {
  #stop = new AbortController();

  constructor(project, file) {
    this.project = project;
    this.shape = { name: file.name, size: file.size, state: "waiting", progress: 0, error: null };
    this.onChange = () => {};
    this.onDone = () => {};
    all.add(this);
    this.#run(file);
  }

  dismiss() {
    this.#stop.abort();
    all.delete(this);
  }

  async #run(file) {
    const onProgress = (progress) => this.#become({ state: "uploading", progress });
    try {
      const answer = await upload(this.project, file, { signal: this.#stop.signal, onProgress });
      all.delete(this);
      this.onDone(answer);
    } catch (error) {
      if (isAbort(error)) return;
      const request = error.requestID ? ` (request ${error.requestID})` : "";
      this.#become({ state: "failed", progress: 0, error: { message: `${error.message}${request}` } });
    }
  }

  #become(change) {
    this.shape = { ...this.shape, ...change };
    this.onChange();
  }
}

window.addEventListener("beforeunload", (event) => {
  if ([...all].some((each) => each.shape.state !== "failed")) event.preventDefault();
});
