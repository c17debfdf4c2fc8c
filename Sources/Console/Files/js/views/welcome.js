// The first sign-in: the one-time link makes the installation's administrator.

import { auth } from "../api.js";
import { h } from "../dom.js";
import { field, form } from "../forms.js";
import { paths, replace } from "../router.js";
import { doorway } from "../parts/doorway.js";

export function welcomeView({ token }) {
  if (!token) return { title: "Welcome", element: doorway("The link is not whole", withoutToken()) };
  const fields = [
    field({ name: "name", label: "Your name", test: "welcome-name", required: true, maxlength: 200, autocomplete: "name", autofocus: true }),
    field({ name: "email", label: "E-mail", type: "email", test: "welcome-email", required: true, autocomplete: "username" }),
    field({
      name: "password", label: "Password", type: "password", test: "welcome-password", required: true, autocomplete: "new-password",
      hint: "At least 12 characters, unless your settings say otherwise. A few unrelated words are easy to remember and hard to guess.",
    }),
  ];
  const send = async (values) => {
    await auth.firstRun({ token, ...values });
    replace(paths.projects);
  };
  const element = form({ test: "welcome-form", fields, action: "Create my account", actionTest: "welcome-submit", send });
  const lead = "You are the first one here. This account administers the installation.";
  return { title: "Welcome", element: doorway("Welcome to Parley", h("p", { class: "lead" }, lead), element) };
}

function withoutToken() {
  return [
    h("p", { class: "lead" }, "Copy the whole first-login link that Parley printed when it started, with everything after “token=”."),
    h("p", {}, h("a", { href: `#${paths.signIn}`, test: "to-sign-in" }, "I have an account already")),
  ];
}
