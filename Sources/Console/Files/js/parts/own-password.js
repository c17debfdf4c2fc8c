// Changing one's own password.

import { changePassword } from "../api-management.js";
import { announce } from "../announce.js";
import { fill, h } from "../dom.js";
import { field, form } from "../forms.js";
import { session } from "../session.js";

export function ownPassword() {
  const room = h("div", {});
  const draw = (words = "") => {
    const fields = [
      // Hidden from eyes, there for password managers: whose password it is.
      h("input", { type: "text", autocomplete: "username", value: session.user.email, hidden: true }),
      field({ name: "current_password", label: "Present password", type: "password", required: true, autocomplete: "current-password", test: "password-current" }),
      field({
        name: "new_password", label: "New password", type: "password", required: true, autocomplete: "new-password", test: "password-new",
        hint: "A few unrelated words are easy to remember and hard to guess. You stay signed in here and are signed out everywhere else.",
      }),
    ];
    const send = async (input) => {
      await changePassword(input);
      announce("Your password is changed.");
      draw("Your password is changed.");
    };
    const said = h("span", { class: "faint", role: "status", test: "password-changed" }, words);
    fill(room, form({ test: "password-form", fields, action: "Change password", actionTest: "password-change", send, secondary: said }));
  };
  draw();
  return h("section", { class: "stack", "aria-labelledby": "password-title" }, h("h2", { id: "password-title" }, "Your password"), h("div", { class: "panel" }, room));
}
