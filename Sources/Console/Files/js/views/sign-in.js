// Signing in with e-mail and password.

import { auth } from "../api.js";
import { h } from "../dom.js";
import { field, form } from "../forms.js";
import { paths, replace } from "../router.js";
import { doorway } from "../parts/doorway.js";

export function signInView({ to, ended }) {
  const fields = [
    field({ name: "email", label: "E-mail", type: "email", test: "sign-in-email", required: true, autocomplete: "username", autofocus: true }),
    field({ name: "password", label: "Password", type: "password", test: "sign-in-password", required: true, autocomplete: "current-password" }),
  ];
  const send = async (values) => {
    await auth.signIn(values);
    replace(to?.startsWith("/") && !to.startsWith(paths.signIn) ? to : paths.projects);
  };
  const element = form({ test: "sign-in-form", fields, action: "Sign in", actionTest: "sign-in-submit", send });
  const why = ended
    ? h("p", { class: "lead", role: "status", test: "sign-in-why" }, "Your session has ended. Sign in to go on where you were; what you typed is kept.")
    : h("p", { class: "lead" }, "Ask your documents.");
  return { title: "Sign in", element: doorway("Sign in", why, element) };
}
