// The bar at the top: the way home, who is signed in, and the way out.

import { fill, h } from "../dom.js";
import { logo } from "../icons.js";
import { paths, replace } from "../router.js";
import { forgetDrafts } from "../drafts.js";
import { session, signOut } from "../session.js";

const bar = document.getElementById("bar");

export function drawBar() {
  const home = h("a", { class: "brand", href: `#${paths.projects}`, test: "home", "aria-label": "Parley, all projects" }, logo(), h("span", {}, "Parley"));
  fill(bar, home, session.user ? person(session.user) : null);
}

function person(user) {
  const leave = async () => {
    forgetDrafts();
    await signOut();
    drawBar();
    replace(paths.signIn);
  };
  return h("div", { class: "bar-end" },
    h("a", { class: "button quiet small bar-docs", href: "/docs", test: "api-reference" }, "API"),
    user.role === "admin" ? h("a", { class: "button quiet small bar-docs", href: `#${paths.installation}`, test: "to-installation" }, "Installation") : null,
    h("a", { class: "bar-name", test: "user-name", href: `#${paths.account}`, title: `Your account, ${user.email}` }, user.name),
    h("button", { type: "button", class: "button quiet small", test: "sign-out", on: { click: leave } }, "Sign out"),
  );
}
