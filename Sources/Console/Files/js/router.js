// Routes live in the address's hash: #/projects/{project}/ask/{thread}. A route names a view and its parameters.

/**
 * A view is a function (parameters, context) → {element, title, update?(parameters)}. context.signal ends with the view.
 * Routes that share a `key` for the same parameters keep the view and call `update`.
 */
export class Router {
  #routes = [];
  #current = null;
  #container;
  #before;
  #first = true;

  constructor(container, before) {
    this.#container = container;
    this.#before = before;
    window.addEventListener("hashchange", () => this.show());
  }

  /** `keep` names the parameters whose change needs a new view; the others only update it. */
  add(pattern, view, { keep = null, open = false } = {}) {
    const names = [];
    const source = pattern.replace(/\/\{(\w+)(\?)?\}/g, (_, name, optional) => {
      names.push(name);
      return optional ? "(?:/([^/]+))?" : "/([^/]+)";
    });
    this.#routes.push({ expression: new RegExp(`^${source}$`), names, view, keep, open });
  }

  /** Shows the view that the address names. */
  show() {
    const address = location.hash.startsWith("#/") ? location.hash.slice(1) : "/";
    if (location.hash && !location.hash.startsWith("#/")) return;
    const [path, query = ""] = address.split("?");
    const route = this.#routes.find((each) => each.expression.test(path));
    if (!route) return replace("/projects");
    const values = route.expression.exec(path).slice(1);
    const parameters = Object.fromEntries(new URLSearchParams(query));
    route.names.forEach((name, index) => { if (values[index] !== undefined) parameters[name] = decode(values[index]); });
    if (this.#before(route, address) === false) return;
    this.#mount(route, parameters);
  }

  #mount(route, parameters) {
    const key = (route.keep ?? route.names).map((name) => parameters[name]).join("\n");
    if (this.#current?.route === route && this.#current.key === key && this.#current.view.update) {
      this.#current.view.update(parameters);
      return;
    }
    this.close();
    const controller = new AbortController();
    const view = route.view(parameters, { signal: controller.signal });
    this.#current = { route, key, view, controller };
    document.title = view.title ? `${view.title} · Parley` : "Parley";
    this.#container.replaceChildren(view.element);
    this.#container.scrollTop = 0;
    this.#focus(view.element);
    this.#first = false;
  }

  #focus(element) {
    const wanted = element.querySelector("[autofocus]");
    // A page that is opened is read from its beginning, unless it has a place to write.
    if (this.#first && !wanted) return;
    const target = wanted ?? element.querySelector("h1") ?? this.#container;
    if (target.tagName === "H1") target.tabIndex = -1;
    target.focus({ preventScroll: true });
  }

  close() {
    this.#current?.controller.abort();
    this.#current = null;
  }
}

function decode(value) {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

export const go = (path) => { location.hash = path; };

/** Changes the address without a new entry in the history. */
export const replace = (path) => location.replace(`#${path}`);

export const paths = {
  projects: "/projects",
  signIn: "/sign-in",
  ask: (project, thread) => `/projects/${project}/ask${thread ? `/${thread}` : ""}`,
  documents: (project) => `/projects/${project}/documents`,
  document: (project, document, place) => `/projects/${project}/documents/${document}${place ? `?${new URLSearchParams(place)}` : ""}`,
  search: (project) => `/projects/${project}/search`,
  explain: (project, thread, message) => `/projects/${project}/explain/${thread}/${message}`,
  settings: (project, section, item) => [`/projects/${project}/settings`, section, item].filter(Boolean).join("/"),
  account: "/account",
  installation: "/installation",
};
