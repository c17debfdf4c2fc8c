// Starts the page: restores the session, declares the routes, draws the bar.

import { hasStoredSession, refresh, session } from "./session.js";
import { problemBox } from "./problem.js";
import { Router, paths, replace } from "./router.js";
import { listenForShortcuts } from "./shortcuts.js";
import { applyTheme } from "./theme.js";
import { drawBar } from "./parts/bar.js";
import { guardWindow } from "./parts/drop-target.js";
import { accountView } from "./views/account.js";
import { ask } from "./views/ask.js";
import { documentsView } from "./views/documents.js";
import { explainView } from "./views/explain.js";
import { installationView } from "./views/installation.js";
import { projectsView } from "./views/projects.js";
import { searchView } from "./views/search.js";
import { settingsView } from "./views/settings.js";
import { signInView } from "./views/sign-in.js";
import { welcomeView } from "./views/welcome.js";

const main = document.getElementById("main");
/** Whether the session ended without the person asking for it. */
let ended = false;

/** Lets open routes pass; the others need someone signed in, who comes back here after signing in. */
function admit(route, address) {
  if (!route.open && !session.user) {
    const more = new URLSearchParams();
    if (address !== "/" && address !== paths.projects) more.set("to", address);
    if (ended) more.set("ended", "yes");
    ended = false;
    replace(`${paths.signIn}${more.size ? `?${more}` : ""}`);
    return false;
  }
  drawBar();
  return true;
}

const router = new Router(main, admit);
router.add("/welcome", welcomeView, { open: true });
router.add(paths.signIn, signInView, { open: true });
router.add(paths.projects, projectsView);
router.add("/projects/{project}/ask/{thread?}", ask, { keep: ["project"] });
router.add("/projects/{project}/documents", documentsView);
router.add("/projects/{project}/search", searchView);
router.add("/projects/{project}/explain/{thread}/{message}", explainView);
router.add("/projects/{project}/settings/{section?}/{item?}", settingsView);
router.add(paths.account, accountView);
router.add(paths.installation, installationView);

session.onEnd = () => {
  ended = true;
  router.show();
};

document.querySelector(".skip-link").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});

applyTheme();
guardWindow();
listenForShortcuts();

async function start() {
  try {
    if (hasStoredSession()) await refresh();
  } catch (error) {
    if (error.code === "unreachable" || error.status >= 500) {
      main.replaceChildren(problemBox(error, { retry: start }));
      return;
    }
  }
  router.show();
}

start();
