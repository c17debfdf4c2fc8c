// Words for screen readers: the visible answer is redrawn as it streams, so whole sentences are spoken from here instead.

const region = document.getElementById("announcer");

export function announce(text) {
  const line = document.createElement("p");
  line.textContent = text;
  region.append(line);
  while (region.childElementCount > 12) region.firstElementChild.remove();
}

/** Collects streamed text and announces it sentence by sentence. */
export class SentenceAnnouncer {
  #pending = "";

  add(text) {
    this.#pending += text;
    const sentences = /^[^]*[.!?:](?=\s)/.exec(this.#pending)?.[0];
    if (!sentences) return;
    announce(sentences.trim());
    this.#pending = this.#pending.slice(sentences.length);
  }

  finish() {
    if (this.#pending.trim()) announce(this.#pending.trim());
    this.#pending = "";
  }
}
