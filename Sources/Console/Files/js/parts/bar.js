// The bar at the top: the way home, the palette, the theme, who is signed in, and the way out.

import { fill, h } from "../dom.js";
import { icon, logo } from "../icons.js";
import { keysOf } from "../keys.js";
import { leave } from "../leave.js";
import { paths } from "../router.js";
import { session } from "../session.js";
import { chooseTheme, isDark } from "../theme.js";
import { openPalette } from "./palette.js";

const bar = document.getElementById("bar");

export function drawBar() {
  const home = h("a", { class: "brand", href: `#${paths.projects}`, test: "home", "aria-label": "Parley, all projects" }, logo(), h("span", {}, "Parley"));
  fill(bar, home, session.user ? person(session.user) : null);
}

function person(user) {
  return h("div", { class: "bar-end" },
    h("button", { type: "button", class: "button quiet small bar-docs", test: "open-palette", "aria-haspopup": "dialog", "aria-keyshortcuts": "Control+K Meta+K", on: { click: openPalette } }, icon("search"), "Go to", h("kbd", {}, keysOf("K"))),
    h("a", { class: "button quiet small bar-docs", href: "/docs", test: "api-reference" }, "API"),
    user.role === "admin" ? h("a", { class: "button quiet small bar-docs", href: `#${paths.installation}`, test: "to-installation" }, "Installation") : null,
    h("button", { type: "button", class: "icon-button", test: "theme", title: "Light or dark", "aria-label": "Switch between light and dark", on: { click: () => chooseTheme(isDark() ? "light" : "dark") } }, icon("sun")),
    h("a", { class: "bar-name", test: "user-name", href: `#${paths.account}`, title: `Your account, ${user.email}` }, user.name),
    h("button", { type: "button", class: "button quiet small", test: "sign-out", on: { click: leave } }, "Sign out"),
  );
}
