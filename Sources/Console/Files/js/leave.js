// Signing out, as the person wishes it: the session ends, and with it what was typed and not sent.

import { forgetDrafts } from "./drafts.js";
import { paths, replace } from "./router.js";
import { signOut } from "./session.js";

export async function leave() {
  forgetDrafts();
  await signOut();
  replace(paths.signIn);
}
