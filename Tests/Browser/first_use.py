#!/usr/bin/env python3
"""The first use of Parley in a real browser, from the first-login link to a marked passage.

    first_use.py BASE_URL FIRST_LOGIN_LINK FILE [--question TEXT] [--answer WORDS] [--artifacts FOLDER] [--timeout SECONDS]

Needs Playwright for Python (PyPI) and a system Chromium. Saves a screenshot of every step into the artefact folder.
Ends with 0 when everything worked, else with 1 and a sentence that says which step failed and what the page showed.
"""

import argparse
import base64
import json
import mimetypes
import pathlib
import sys
import time

from branches import Branches
from pages import Pages
from playwright.sync_api import Error, TimeoutError, expect, sync_playwright

NAME, EMAIL, PASSWORD = "Ada Lovelace", "ada@example.org", "violet kettle orbit 92"
PROJECT = "Browser test"
WINDOW = {"width": 1280, "height": 800}

# Puts a file on the drop zone the way a drag from the desktop does.
DROP = """(zone, {name, type, content}) => {
  const bytes = Uint8Array.from(atob(content), (each) => each.charCodeAt(0));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([bytes], name, {type}));
  for (const kind of ["dragenter", "dragover", "drop"])
    zone.dispatchEvent(new DragEvent(kind, {dataTransfer, bubbles: true, cancelable: true}));
}"""

# Notes every state that the list shows and every length that the answer passes through.
WATCH = """() => {
  const seen = window.parleySeen = {states: [], progress: 0, answer: []};
  const look = () => {
    for (const row of document.querySelectorAll('[data-test="upload-row"], [data-test="document-row"]')) {
      if (seen.states.at(-1) !== row.dataset.state) seen.states.push(row.dataset.state);
      if (row.querySelector("progress:not([hidden])")) seen.progress += 1;
    }
    const length = [...document.querySelectorAll('[data-test="answer-text"]')].at(-1)?.textContent.length ?? 0;
    if (length && seen.answer.at(-1) !== length) seen.answer.push(length);
  };
  new MutationObserver(look).observe(document.body, {subtree: true, childList: true, characterData: true, attributes: true});
}"""


class Failure(Exception):
    """A step that did not do what it should, said in one sentence."""


class FirstUse(Branches, Pages):
    """The steps, in the order in which a new person does them."""

    name, project, account = NAME, PROJECT, {"email": EMAIL, "password": PASSWORD}

    def __init__(self, page, options):
        self.page, self.options, self.shots = page, options, 0
        self.timeout = options.timeout * 1000
        self.step = "opening the page"

    def find(self, name, more=""):
        return self.page.locator(f'[data-test="{name}"]{more}')

    def begin(self, step):
        self.step = step
        print(f"· {step}", flush=True)

    def shot(self, name, full=False):
        self.shots += 1
        if full:
            self.page.set_viewport_size({"width": 1280, "height": 2000})
        self.page.screenshot(path=self.options.artifacts / f"{self.shots:02d}-{name}.png", animations="disabled")
        if full:
            self.page.set_viewport_size(WINDOW)

    def wait_until(self, condition, sentence):
        for _ in range(200):
            if condition():
                return
            time.sleep(0.05)
        raise Failure(sentence)

    def check(self, condition, sentence):
        if not condition:
            raise Failure(sentence)

    def run(self):
        self.first_login()
        self.sign_out_and_in()
        self.make_project()
        self.drop_file()
        self.ask()
        self.open_citation()
        self.reload()
        self.answer_again()
        self.ask_in_other_words()
        self.explain()
        self.take_along_and_in()
        self.own_password()
        self.api_keys()
        self.people()
        self.members()
        self.chat_settings()
        self.rename_project()
        self.usage()
        self.quotas()
        self.question_sets()
        self.webhooks()
        self.look_at_variants()

    def first_login(self):
        self.begin("first login by the one-time link")
        self.page.goto(self.options.link)
        self.find("welcome-name").fill(NAME)
        self.find("welcome-email").fill(EMAIL)
        self.find("welcome-password").fill(PASSWORD)
        self.shot("welcome")
        self.find("welcome-submit").click()
        expect(self.find("user-name")).to_have_text(NAME)
        self.check("token=" not in self.page.url, "The one-time token is still in the address after the first login.")

    def sign_out_and_in(self):
        self.begin("signing out and in again")
        self.find("sign-out").click()
        self.find("sign-in-email").fill(EMAIL)
        self.find("sign-in-password").fill("not the password")
        self.find("sign-in-submit").click()
        expect(self.find("problem")).to_be_visible()
        expect(self.find("request-id")).not_to_be_empty()
        self.shot("sign-in-refused")
        self.find("sign-in-password").fill(PASSWORD)
        self.find("sign-in-submit").click()
        expect(self.find("project-new")).to_be_visible()

    def make_project(self):
        self.begin("making a project")
        self.find("project-new").click()
        self.find("project-name").fill(PROJECT)
        self.find("project-description").fill("Made by the browser test.")
        self.shot("new-project")
        self.find("project-create").click()
        expect(self.find("project-title")).to_have_text(PROJECT)
        expect(self.find("drop-zone")).to_be_visible()

    def drop_file(self):
        self.begin("dropping a file and waiting until it is ready")
        file = self.options.file
        content = base64.b64encode(file.read_bytes()).decode()
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        self.page.evaluate(WATCH)
        self.find("drop-zone").evaluate(DROP, {"name": file.name, "type": kind, "content": content})
        row = self.find("document-row").filter(has_text=file.name)
        expect(row).to_be_visible(timeout=self.timeout)
        self.shot("uploaded")
        self.wait_for_ready(row)
        self.shot("ready")
        seen = self.page.evaluate("window.parleySeen")
        self.check(seen["progress"] > 0, f"No progress bar was shown while the file was taken in; states seen: {seen['states']}.")

    def wait_for_ready(self, row):
        settled = self.page.locator('[data-test="document-row"][data-state="ready"], [data-test="document-row"][data-state="failed"]')
        settled.first.wait_for(timeout=self.timeout)
        state = row.get_attribute("data-state")
        reason = row.locator('[data-test="document-reason"]').text_content()
        self.check(state == "ready", f"The document ended in state “{state}”: {reason}")

    def ask(self):
        self.begin("asking and watching the answer stream")
        self.find("tab-ask").click()
        self.page.evaluate(WATCH)
        self.find("question-input").fill(self.options.question)
        self.find("ask").click()
        expect(self.find("question")).to_contain_text(self.options.question)
        expect(self.find("passages")).to_be_visible(timeout=self.timeout)
        self.shot("passages")
        self.find("answer-text").locator("> *").first.wait_for(timeout=self.timeout)
        self.shot("streaming")
        self.wait_for_answer()
        self.shot("answer")
        self.check("/ask/thr_" in self.page.url, f"The new thread is not in the address: {self.page.url}")
        self.thread = self.page.url.split("/ask/")[1]

    def wait_for_answer(self):
        answer = self.find("answer")
        self.page.locator('[data-test="answer"]:not([data-state="generating"])').wait_for(timeout=self.timeout)
        state = answer.get_attribute("data-state")
        self.check(state == "complete", f"The answer ended in state “{state}”: {answer.inner_text()[:400]}")
        steps = self.page.evaluate("window.parleySeen.answer")
        degraded = self.find("degraded").count()
        self.check(len(steps) > 2 or degraded or answer.get_attribute("data-way") == "quoted", f"The answer came in {len(steps)} piece(s), so it was not seen to stream.")
        self.check(self.find("citation").count() > 0, "The answer holds no citation.")
        way, stance = answer.get_attribute("data-way"), answer.get_attribute("data-stance")
        expect(self.find("answer-way")).to_contain_text({"quoted": "Quoted", "written": "Written by"}[way])
        expect(self.find("answer-head")).to_have_count(1 if stance == "doubted" else 0)
        self.check("Nearest passages" not in self.find("answer-text").inner_text(), "The head stands in the text as well.")
        if way == "quoted":
            words = " ".join(self.find("answer-text").locator("mark").all_inner_texts())
            self.check(self.options.answer in words, f"The words that answer are not set off; set off are “{words}”.")

    def open_citation(self):
        self.begin("clicking a citation and seeing the passage marked")
        citation = self.find("citation").first
        citation.click()
        mark = self.find("source-mark").first
        expect(mark).to_be_visible(timeout=self.timeout)
        expect(mark).to_be_in_viewport()
        self.check(len(mark.inner_text().strip()) > 3, "The mark in the document holds no words.")
        expect(self.find("source-name")).to_have_text(self.options.file.name)
        self.shot("marked-passage")
        self.page.keyboard.press("Escape")
        expect(self.find("source-panel")).to_be_hidden()
        expect(citation).to_be_focused()

    def reload(self):
        self.begin("reloading: the session and the thread are still there")
        self.page.reload()
        expect(self.find("answer", '[data-state="complete"]')).to_be_visible(timeout=self.timeout)
        expect(self.find("citation").first).to_be_visible()
        expect(self.find("thread-link")).to_have_count(1)

    def look_at_variants(self):
        self.begin("the same in the dark and on a small screen")
        self.find("tab-ask").click()
        self.page.locator(f'[data-id="{self.thread}"] [data-test="thread-link"]').click()
        self.find("citation").first.click()
        expect(self.find("source-mark").first).to_be_in_viewport(timeout=self.timeout)
        self.page.emulate_media(color_scheme="dark")
        self.shot("dark")
        self.find("source-close").click()
        self.page.set_viewport_size({"width": 375, "height": 740})
        conversation = self.find("conversation").evaluate("(each) => each.scrollWidth - each.clientWidth")
        page = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        self.check(page <= 0 and conversation <= 0, f"At 375 pixels something scrolls sideways (by {max(page, conversation)} pixels).")
        self.shot("mobile")
        for section in ("answers", "members", "usage", "questions", "webhooks"):
            self.open_settings(section)
            self.find(f"settings-{section}").wait_for()
            self.page.wait_for_load_state("networkidle")
            wide = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            self.check(wide <= 0, f"At 375 pixels the settings “{section}” scroll sideways by {wide} pixels.")
            self.shot(f"mobile-{section}")
        self.open_settings("questions")
        self.find("set-open").click()
        expect(self.find("run")).to_have_count(2)
        self.page.wait_for_load_state("networkidle")
        wide = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        self.check(wide <= 0, f"At 375 pixels a question set scrolls sideways by {wide} pixels.")
        self.page.set_viewport_size({"width": 390, "height": 1600})
        self.shot("mobile-question-set")
        self.page.set_viewport_size({"width": 1280, "height": 2000})
        for choice in range(2):
            self.find("run-choice").nth(choice).check()
        self.find("run-compare").click()
        expect(self.find("comparison-row").first).to_be_visible()
        self.shot("dark-question-set")


def arguments():
    parser = argparse.ArgumentParser(description="Does the first use of Parley in Chromium.")
    parser.add_argument("base", help="address of the server, such as http://127.0.0.1:8080")
    parser.add_argument("link", help="the one-time first-login link that the server printed")
    parser.add_argument("file", type=pathlib.Path, help="the file to upload; the question is about it")
    parser.add_argument("--question", default="What is this document about?")
    parser.add_argument("--answer", default="", help="words that a quoted answer must set off")
    parser.add_argument("--artifacts", type=pathlib.Path, default=pathlib.Path("artifacts/browser"))
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--timeout", type=float, default=120, help="seconds for ingestion and for the answer")
    options = parser.parse_args()
    options.artifacts.mkdir(parents=True, exist_ok=True)
    if not options.file.is_file():
        parser.error(f"There is no file at {options.file}.")
    if options.link.startswith(("#", "/")):
        options.link = options.base.rstrip("/") + "/" + options.link.lstrip("/")
    return options


def listen(page, base, faults):
    """Collects what must never happen: script errors, broken content policy, requests to another host."""
    page.on("pageerror", lambda error: faults.append(f"a script error: {error}"))
    page.on("console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None)
    page.on("request", lambda each: faults.append(f"a request to another host: {each.url}") if is_foreign(each.url, base) else None)


def is_foreign(url, base):
    return not url.startswith((base.rstrip("/") + "/", "blob:", "data:"))


def main():
    options = arguments()
    faults = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=options.chromium, args=["--no-sandbox"])
        context = browser.new_context(viewport=WINDOW, color_scheme="light", locale="en-GB")
        page = context.new_page()
        page.set_default_timeout(20_000)
        expect.set_options(timeout=20_000)
        listen(page, options.base, faults)
        use = FirstUse(page, options)
        try:
            use.run()
            use.check(not faults, f"The page did what it must not: {'; '.join(faults)}")
        except (Failure, AssertionError, TimeoutError, Error) as error:
            return fail(use, error, faults)
        finally:
            browser.close()
    print(f"The first use works; {use.shots} screenshots are in {options.artifacts}.")
    return 0


def fail(use, error, faults):
    problems = [" ".join(each.split()) for each in use.find("problem").all_inner_texts()]
    use.shot("failure")
    reason = str(error).strip() if isinstance(error, Failure) else " ".join(str(error).split("Aria snapshot")[0].split())[:500]
    shown = f" The page showed: {json.dumps(problems, ensure_ascii=False)}." if problems else ""
    noted = f" Noted besides: {'; '.join(faults)}." if faults else ""
    print(f"The browser test failed while {use.step}: {reason}{shown}{noted}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
