"""What a person does with answers: other words, another answer, branches, how it came about, taking a thread along and in."""

import json

from playwright.sync_api import expect


class Branches:
    """Mixed into the steps of the first use; begins on a thread with one answer."""

    def answer_again(self):
        self.begin("another answer, and the way between the two")
        self.find("answer-regenerate").click()
        expect(self.find("branch-place")).to_have_text("2 of 2", timeout=self.timeout)
        self.wait_for_end()
        self.find("branch-previous").click()
        expect(self.find("branch-place")).to_have_text("1 of 2")
        expect(self.find("branch-next")).to_be_focused()
        expect(self.find("answer")).to_have_count(1)
        self.shot("branches")

    def ask_in_other_words(self):
        self.begin("asking in other words")
        self.find("question-edit").click()
        self.find("question-edit-text").fill("When is the office open?")
        self.shot("question-edit")
        self.find("question-edit-send").click()
        expect(self.find("question")).to_have_text("QuestionWhen is the office open?")
        self.wait_for_end()
        self.find("branch-previous").first.click()
        expect(self.find("question")).to_contain_text(self.options.question)

    def wait_for_end(self):
        self.page.locator('[data-test="answer"]:not([data-state="generating"])').wait_for(timeout=self.timeout)

    def explain(self):
        self.begin("seeing how the answer came about")
        is_written = self.find("answer").first.get_attribute("data-way") == "written"
        self.find("explain").first.click()
        expect(self.find("explain-question")).to_contain_text(self.options.question)
        expect(self.find("candidate").first).to_contain_text("handbook.md")
        expect(self.find("explain-time")).to_contain_text("generate" if is_written else "quote")
        self.check(not is_written or self.find("explanation-prompt").count() > 0, "The prompt is not shown.")
        with self.page.expect_download() as file:
            self.find("explain-save").click()
        trace = json.loads(file.value.path().read_text())
        self.check(trace["question"] == self.options.question, "The trace as JSON is of another question.")
        self.shot("explain", full=True)
        self.find("explain-back").click()
        expect(self.find("answer")).to_be_visible()

    def take_along_and_in(self):
        self.begin("taking the thread along in every form, and in again")
        for form, start in {"markdown": b"# ", "html": b"<!DOCTYPE html>", "pdf": b"%PDF-", "json": b"{"}.items():
            self.find("thread-export").first.click()
            self.find(f"export-{form}").check()
            if form == "pdf":
                self.shot("export")
            with self.page.expect_download(timeout=self.timeout) as file:
                self.find("dialog-confirm").click()
            content = file.value.path().read_bytes()
            self.check(content.startswith(start), f"The {form} file begins with {content[:20]!r}.")
        before = self.find("thread").count()
        self.find("import-file").set_input_files(file.value.path())
        expect(self.find("thread")).to_have_count(before + 1)
        self.find("import-file").set_input_files({"name": "x.json", "mimeType": "application/json", "buffer": b"{}"})
        expect(self.find("problem")).to_contain_text("no export")
