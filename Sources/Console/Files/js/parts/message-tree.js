// A thread's messages as the tree that they are: which branch is shown, and what stands beside each message.

const before = (a, b) => (a.created_at === b.created_at ? (a.id < b.id ? -1 : 1) : a.created_at < b.created_at ? -1 : 1);

export class MessageTree {
  #children = new Map();
  #known = new Map();
  #chosen = new Map();

  constructor(messages = []) {
    for (const message of messages.toSorted(before)) this.add(message);
  }

  /** Puts a message in, or in place of what it was, and makes its branch the one that is shown. */
  add(message) {
    const isNew = !this.#known.has(message.id);
    this.#known.set(message.id, message);
    const above = this.#above(message);
    if (isNew) this.#children.set(above, [...(this.#children.get(above) ?? []), message.id]);
    this.choose(message.id);
  }

  /** Shows the branch that this message is on. */
  choose(id) {
    for (let message = this.#known.get(id); message; message = this.#known.get(this.#above(message))) {
      this.#chosen.set(this.#above(message), message.id);
    }
  }

  /** The messages of the branch that is shown, from the first on. */
  get branch() {
    const path = [];
    for (let id = this.#chosen.get(null); id && path.length <= this.#known.size; id = this.#chosen.get(id)) path.push(this.#known.get(id));
    return path;
  }

  /** The messages at the same place, in the order they were made. */
  siblings(id) {
    const message = this.#known.get(id);
    return message ? this.#children.get(this.#above(message)) : [];
  }

  #above(message) {
    return message.parent_id && this.#known.has(message.parent_id) ? message.parent_id : null;
  }
}
