#!/usr/bin/env python3
"""What people stumbled over at the console, each as a step that starts from what went before: many documents, long names, the end of a
session, a dead server, the keyboard alone, a small screen.

    faults.py BINARY FOLDER [--checkout] [--artifacts FOLDER] [-- SERVE FLAGS]

Ends with 0 when every step works; else names each that does not, with what the page showed.
"""

import argparse
import base64
import functools
import pathlib
import sys
import time

from playwright.sync_api import expect, sync_playwright
from server import Server, serve_checkout

ACCOUNT = {"email": "ada@example.org", "password": "violet kettle orbit 92"}
COLLEAGUE = {"email": "grace@example.org", "password": "copper lantern walks 48"}
WINDOW, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 780}
LONG = "Extraordinarily" * 13

DROP = """(target, {name, content}) => {
  const bytes = Uint8Array.from(atob(content), (each) => each.charCodeAt(0));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([bytes], name, {type: "text/plain"}));
  const events = ["dragenter", "dragover", "drop"].map((kind) => new DragEvent(kind, {dataTransfer, bubbles: true, cancelable: true}));
  return events.map((event) => !target.dispatchEvent(event)).pop();
}"""


class Faults:
    def __init__(self, page, server, options):
        self.page, self.server, self.options = page, server, options

    def find(self, name, more=""):
        return self.page.locator(f'[data-test="{name}"]{more}')

    def check(self, condition, sentence):
        assert condition, sentence

    def shot(self, name):
        self.page.screenshot(path=self.options.artifacts / f"fault-{name}.png", animations="disabled")

    def open(self, path):
        self.page.goto(f"{self.server.base}/#{path}")

    def project(self, name, documents=()):
        made = self.server.send("POST", "/v1/projects", {"name": name, "description": ""})["id"]
        for number, text in enumerate(documents, 1):
            self.server.send("POST", f"/v1/projects/{made}/documents?name=note-{number:03d}.txt", text.encode())
        return made

    def wait_for_documents(self, project, count):
        for _ in range(1200):
            if self.server.send("GET", f"/v1/projects/{project}/documents?filter=state=ready&total=true&limit=1")["page"]["total"]["count"] >= count:
                return
            time.sleep(0.1)
        raise AssertionError("The documents did not become ready.")

    def wide(self):
        return self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")

    # The first account

    def first_account(self):
        """The sample project appears without a reload, and its card says how many documents it has."""
        self.page.goto(self.server.first_login_link())
        self.find("welcome-name").fill("Ada Lovelace")
        self.find("welcome-email").fill(ACCOUNT["email"])
        self.find("welcome-password").fill(ACCOUNT["password"])
        self.find("welcome-submit").click()
        expect(self.find("sign-out")).to_be_visible()
        self.server.sign_in(ACCOUNT)
        expect(self.find("project-link")).to_contain_text("Parley documentation", timeout=30_000)
        expect(self.find("project-count")).to_contain_text("documents", timeout=30_000)
        self.shot("first-account")

    # Many documents

    @functools.cached_property
    def many(self):
        return self.project("Many", [f"Note {number} says that locker {number} holds the key of room {number}." for number in range(1, 206)])

    def many_documents(self):
        """Of 205 documents the newest stand first, are counted, filtered, chosen and deleted together."""
        self.open(f"/projects/{self.many}/documents")
        expect(self.find("documents-count")).to_contain_text("205 documents")
        expect(self.find("document-name").first).to_have_text("note-205.txt")
        self.find("drop-zone").evaluate(DROP, {"name": "brand-new.txt", "content": base64.b64encode(b"A brand new note about the roof.").decode()})
        row = self.find("document-row").first
        expect(row).to_contain_text("brand-new.txt")
        self.wait_for_documents(self.many, 206)
        expect(self.find("documents-count")).to_contain_text("206 documents")
        expect(row).to_contain_text("brand-new.txt")
        self.shot("many-documents")
        self.find("documents-filter").fill("note-00")
        expect(self.find("document-row")).to_have_count(9)
        expect(self.find("documents-count")).to_contain_text("9 documents")
        for number in range(3):
            self.find("document-choose").nth(number).check()
        expect(self.find("chosen-count")).to_contain_text("3 chosen")
        self.shot("chosen-documents")
        self.find("chosen-delete").click()
        self.find("dialog-confirm").click()
        expect(self.find("document-row")).to_have_count(6)
        self.find("documents-filter").fill("")
        expect(self.find("documents-count")).to_contain_text("203 documents")
        self.find("documents-deleted").click()
        expect(self.find("document-row")).to_have_count(3)
        self.find("choose-all").check()
        self.find("chosen-restore").click()
        expect(self.find("document-row")).to_have_count(0)
        self.find("documents-current").click()
        self.find("documents-state").select_option("failed")
        expect(self.find("documents-count")).to_contain_text("0 documents")

    def long_names(self):
        """Names without a space break no page at 390 pixels."""
        project = self.project(LONG)
        self.server.send("POST", f"/v1/projects/{project}/documents?name={LONG}.txt", b"The office is open from nine to five.")
        self.wait_for_documents(project, 1)
        self.server.send("POST", f"/v1/projects/{project}/threads", {"title": LONG})
        self.page.set_viewport_size(PHONE)
        places = ["/projects", "/account", "/installation", *(f"/projects/{project}/{place}" for place in
                  ("ask", "documents", "search", "settings/general", "settings/answers", "settings/members", "settings/usage", "settings/questions", "settings/webhooks"))]
        wrong = []
        for place in places:
            self.open(place)
            self.page.wait_for_load_state("networkidle")
            self.page.wait_for_timeout(200)
            if self.wide() > 0 or self.find("").evaluate_all("(all) => all.some((each) => each.matches('.main, .scroller, .page') && each.scrollWidth > each.clientWidth)"):
                wrong.append(f"{place} by {self.wide()}")
            if place == "/projects" or place.endswith("/documents"):
                self.shot("long-" + place.strip("/").split("/")[-1])
        self.check(not wrong, f"At 390 pixels these scroll sideways: {', '.join(wrong)}.")

    # Sessions

    def end_of_session(self):
        """The typed question and the address outlive the session."""
        thread = self.server.send("POST", f"/v1/projects/{self.many}/threads", {"title": "Kept"})["id"]
        self.open(f"/projects/{self.many}/ask/{thread}")
        self.find("question-input").fill("Which room does locker 7 open?")
        self.page.evaluate("""async () => {
          const refresh_token = localStorage.getItem("parley.refresh_token");
          await fetch("/v1/auth/sign-out", {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify({refresh_token})});
        }""")
        self.find("ask").click()
        expect(self.find("sign-in-email")).to_be_visible()
        expect(self.find("sign-in-why")).to_contain_text("ended")
        self.sign_in()
        self.check(self.page.url.endswith(f"/ask/{thread}"), f"After signing in again the address is {self.page.url}.")
        expect(self.find("question-input")).to_have_value("Which room does locker 7 open?")
        self.find("sign-out").click()
        expect(self.find("sign-in-email")).to_be_visible()
        self.open("/account")
        self.sign_in()
        expect(self.find("account-id")).to_be_visible()

    def sign_in(self, account=ACCOUNT):
        self.find("sign-in-email").fill(account["email"])
        self.find("sign-in-password").fill(account["password"])
        self.find("sign-in-submit").click()
        expect(self.find("sign-out")).to_be_visible()

    def wrong_password(self):
        """A wrong password is said once."""
        self.find("sign-out").click()
        self.find("sign-in-email").fill(ACCOUNT["email"])
        self.find("sign-in-password").fill("not the password")
        self.find("sign-in-submit").click()
        expect(self.find("problem")).to_be_visible()
        words = self.find("sign-in-form").inner_text()
        self.check(words.count("is wrong") == 1, f"It says: {words}")
        self.shot("wrong-password")
        self.sign_in()

    # The keyboard alone

    def keyboard(self):
        """The question has the focus, a thread is one stop, arrows go between threads, and the palette leads anywhere."""
        project = self.project("Threads")
        for number in range(60):
            self.server.send("POST", f"/v1/projects/{project}/threads", {"title": f"Thread {number}"})
        self.open(f"/projects/{project}/ask")
        expect(self.find("question-input")).to_be_focused()
        expect(self.find("thread")).to_have_count(60)
        self.page.evaluate("document.activeElement.blur()")
        self.page.locator("body").press("Home")
        self.page.evaluate("window.getSelection().removeAllRanges(); document.querySelector('.skip-link').focus()")
        stops = 0
        while self.page.evaluate("document.activeElement.id") != "question" and stops < 400:
            self.page.keyboard.press("Tab")
            stops += 1
        self.check(stops <= 60 + 25, f"The question box is {stops} tab stops away.")
        first = self.find("thread-link").first
        first.focus()
        self.page.keyboard.press("ArrowDown")
        expect(self.find("thread-link").nth(1)).to_be_focused()
        self.page.keyboard.press("ArrowRight")
        self.page.keyboard.press("ArrowRight")
        expect(self.find("thread-rename").nth(1)).to_be_focused()
        self.page.keyboard.press("Enter")
        expect(self.find("dialog-input")).to_be_focused()
        self.page.keyboard.press("Escape")
        self.page.keyboard.press("Control+k")
        expect(self.find("palette-input")).to_be_focused()
        self.page.keyboard.type("Thread 37")
        expect(self.find("palette-choice").first).to_contain_text("Thread 37")
        self.shot("palette")
        self.page.keyboard.press("Enter")
        expect(self.page.locator('.thread-current')).to_contain_text("Thread 37")
        self.page.keyboard.press("Control+k")
        self.page.keyboard.type("documents of many")
        self.page.keyboard.press("Enter")
        expect(self.find("documents-count")).to_be_visible()

    def find_thread(self):
        """Threads are found by their title, and pinned ones stand first."""
        project = self.server.send("GET", "/v1/projects?filter=name=Threads")["items"][0]["id"]
        self.open(f"/projects/{project}/ask")
        self.find("threads-search").fill("thread 5")
        expect(self.find("thread")).to_have_count(11)
        self.find("threads-search").fill("")
        row = self.find("thread").filter(has_text="Thread 12")
        row.hover()
        row.locator('[data-test="thread-pin"]').click()
        expect(self.find("thread-link").first).to_have_text("Thread 12")
        self.page.reload()
        expect(self.find("thread-link").first).to_have_text("Thread 12")

    # Sources, on a phone and as a page

    @functools.cached_property
    def lockers(self):
        project = self.project("Lockers", ["# Lockers\n\nLocker 7 holds the key of the boat house. Locker 9 is empty.\n\n" + "\n\n".join(f"Locker {number} holds umbrella number {number * 3}." for number in range(10, 90))])
        self.wait_for_documents(project, 1)
        return project

    @functools.cached_property
    def thread(self):
        self.open(f"/projects/{self.lockers}/ask")
        self.find("question-input").fill("What does locker 7 hold?")
        self.find("ask").click()
        self.page.locator('[data-test="answer"]:not([data-state="generating"])').wait_for(timeout=60_000)
        return self.page.url.split("/ask/")[1]

    def back_on_a_phone(self):
        """Back closes the source first, and leaves the thread only then."""
        thread = self.thread
        self.open("/projects")
        expect(self.find("projects")).to_be_visible()
        self.open(f"/projects/{self.lockers}/ask/{thread}")
        self.page.set_viewport_size(PHONE)
        self.find("citation").first.click()
        expect(self.find("source-mark").first).to_be_visible()
        self.page.go_back()
        expect(self.find("source-panel")).to_be_hidden()
        expect(self.find("answer")).to_be_visible()
        self.find("citation").first.click()
        self.find("source-close").click()
        expect(self.find("source-panel")).to_be_hidden()
        self.page.go_back()
        expect(self.find("projects")).to_be_visible()

    def dropped_on_ask(self):
        """Files dropped on any page of a project are added to it; a folder can be chosen."""
        self.open(f"/projects/{self.lockers}/ask")
        expect(self.find("question-input")).to_be_visible()
        taken = self.find("question-input").evaluate(DROP, {"name": "dropped.txt", "content": base64.b64encode(b"Dropped words about a ladder.").decode()})
        self.check(taken, "The browser itself would open the dropped file.")
        expect(self.find("dropped")).to_contain_text("dropped.txt")
        self.wait_for_documents(self.lockers, 2)
        folder = self.options.folder / "folder" / "inner"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "deep.txt").write_text("Words deep inside a folder.")
        (folder.parent / ".hidden").write_text("Not for anybody.")
        self.open(f"/projects/{self.lockers}/documents")
        self.find("folder-input").set_input_files(folder.parent)
        self.wait_for_documents(self.lockers, 3)
        expect(self.find("document-name").first).to_have_text("deep.txt")

    # A dead server

    def dead_server(self):
        """One banner tells that the server is away; all pages go on by themselves when it is back."""
        self.open(f"/projects/{self.lockers}/documents")
        expect(self.find("document-row")).to_have_count(3)
        self.page.evaluate("window.stays = true")
        self.server.stop()
        self.find("documents-filter").fill("deep")
        expect(self.find("connection-banner")).to_be_visible()
        expect(self.find("problem")).to_have_count(0)
        self.shot("dead-server")
        self.find("tab-ask").click()
        self.find("tab-search").click()
        self.find("search-query").fill("ladder")
        self.find("search-submit").click()
        self.page.wait_for_timeout(1500)
        expect(self.find("connection-banner")).to_have_count(1)
        self.server.start()
        expect(self.find("connection-banner")).to_be_hidden(timeout=40_000)
        expect(self.find("search-hit").first).to_be_visible()
        expect(self.find("problem")).to_have_count(0)
        self.check(self.page.evaluate("window.stays"), "The page was loaded anew.")

    # Who may what, and words

    def not_allowed(self):
        """Who is no administrator reads one sentence on /installation."""
        self.server.send("POST", "/v1/users", {**COLLEAGUE, "name": "Grace Hopper", "role": "user"})
        self.find("sign-out").click()
        expect(self.find("sign-in-email")).to_be_visible()
        self.sign_in(COLLEAGUE)
        self.open("/installation")
        expect(self.find("not-allowed")).to_be_visible()
        expect(self.find("problem")).to_have_count(0)
        self.shot("not-allowed")
        self.find("sign-out").click()
        expect(self.find("sign-in-email")).to_be_visible()
        self.sign_in()

    def effective_values(self):
        """An empty box shows what holds without it; sizes are in gigabytes."""
        self.open(f"/projects/{self.lockers}/settings/usage")
        self.find("quota-edit").click()
        self.find("quota-storage").fill("1.5")
        self.find("quota-save").click()
        expect(self.find("quota-saved")).to_have_text("Saved.")
        expect(self.find("quota-row").first).to_contain_text("1.5 GB")
        expect(self.find("quota-storage")).to_have_value("1.5")
        self.check(self.find("quota-documents").get_attribute("placeholder") == "No limit", "An empty quota does not say that there is no limit.")
        self.open(f"/projects/{self.lockers}/settings/answers")
        for name in ("temperature", "max-answer", "max-prompt", "passages"):
            words = self.find(f"answers-{name}").get_attribute("placeholder") or ""
            self.check(any(each.isdigit() for each in words), f"The empty box “{name}” does not tell which value holds.")

    def words(self):
        """The usual words for usual things."""
        self.open(f"/projects/{self.lockers}/ask")
        expect(self.find("import")).to_have_text("Import threads")
        self.open("/installation")
        expect(self.find("person-toggle").first).to_have_text("Suspend")


STEPS = [
    Faults.first_account, Faults.many_documents, Faults.long_names, Faults.end_of_session, Faults.wrong_password, Faults.keyboard, Faults.find_thread,
    Faults.back_on_a_phone, Faults.dropped_on_ask, Faults.dead_server, Faults.not_allowed, Faults.effective_values, Faults.words,
]


def arguments():
    own, flags = (sys.argv[1:], []) if "--" not in sys.argv else (sys.argv[1:sys.argv.index("--")], sys.argv[sys.argv.index("--") + 1:])
    parser = argparse.ArgumentParser(description="Tries what people stumbled over at the console.")
    parser.add_argument("binary")
    parser.add_argument("folder", type=pathlib.Path, help="an empty folder for the server's data")
    parser.add_argument("--checkout", action="store_true", help="the console's files of the checkout rather than the binary's")
    parser.add_argument("--artifacts", type=pathlib.Path, default=pathlib.Path("artifacts/browser"))
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    options = parser.parse_args(own)
    options.flags = flags
    options.artifacts.mkdir(parents=True, exist_ok=True)
    return options


def attempt(step, faults, errors):
    """What went wrong in a step, or None. Each begins on the usual window."""
    faults.page.set_viewport_size(WINDOW)
    try:
        if faults.find("sign-in-form").count():
            faults.sign_in()
        errors.clear()
        step(faults)
        return f"script errors: {'; '.join(errors)}" if errors else None
    except Exception as error:
        faults.shot(f"failed-{step.__name__}")
        shown = [" ".join(each.split()) for each in faults.find("problem").all_inner_texts()]
        return f"{' '.join(str(error).split('Aria snapshot')[0].split())[:600]}{f' The page showed: {shown}' if shown else ''}"


def main():
    options = arguments()
    server = Server(options.binary, options.folder, options.flags)
    server.start()
    failed = []
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=options.chromium, args=["--no-sandbox"])
            context = browser.new_context(viewport=WINDOW, color_scheme="light", locale="en-GB")
            if options.checkout:
                serve_checkout(context, server.base)
            page = context.new_page()
            page.set_default_timeout(10_000)
            expect.set_options(timeout=10_000)
            errors = []
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.on("console", lambda line: errors.append(line.text) if "Content Security Policy" in line.text else None)
            page.on("dialog", lambda dialog: dialog.accept())
            faults = Faults(page, server, options)
            for step in STEPS:
                trouble = attempt(step, faults, errors)
                print(f"{'✗' if trouble else '·'} {step.__name__}: {trouble or step.__doc__}", flush=True)
                if trouble:
                    failed.append(step.__name__)
            browser.close()
    finally:
        server.stop()
    if failed:
        print(f"The console fails in {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
