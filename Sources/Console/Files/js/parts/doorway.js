// The quiet card around the forms that come before signing in.

import { h } from "../dom.js";
import { logo } from "../icons.js";

export const doorway = (title, ...content) =>
  h("div", { class: "doorway" }, h("div", { class: "doorway-card" }, logo(), h("h1", {}, title), content));
