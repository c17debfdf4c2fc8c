"""Tries requests from the reference page in a real browser: signing in, making a project, reading it, uploading, following the list.

    reference.py ADDRESS EMAIL PASSWORD [SCREENSHOTS]
"""

import pathlib
import sys

from playwright.sync_api import expect, sync_playwright

address, email, password, *rest = sys.argv[1:]
shots = pathlib.Path(rest[0]) if rest else None


def attempt(page, operation):
    """The opened form of an operation."""
    details = page.locator(f'.try[data-operation="{operation}"]')
    details.locator("summary").first.click()
    details.locator("form").wait_for()
    return details


def send(details, status):
    details.get_by_role("button", name="Send").click()
    expect(details.locator('[data-test="status"]')).to_contain_text(status)
    return details.locator('[data-test="answer"]')


with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    for scheme, width, height in [("light", 1400, 900), ("dark", 1400, 900), ("light", 390, 844), ("dark", 390, 844)]:
        page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
        page.set_default_timeout(20_000)
        wrong = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text) if "Content Security" in message.text else None)
        page.goto(address + "/docs")
        panel = page.locator("#token")
        panel.get_by_label("or e-mail").fill(email)
        panel.get_by_label("and password").fill(password)
        panel.get_by_role("button", name="Sign in").click()
        expect(panel.get_by_role("status")).to_contain_text("Signed in")
        made = attempt(page, "projects.create")
        expect(send(made, "201")).to_contain_text('"prj_')
        # The path of what is tried next is filled with the id that was answered.
        read = attempt(page, "projects.get")
        expect(read.locator('[data-name="project"]')).to_have_value(made.locator('[data-test="answer"]').inner_text().split('"')[3])
        expect(send(read, "200")).to_contain_text("Handbook")
        upload = attempt(page, "documents.upload")
        upload.locator("input[type=file]").set_input_files({"name": "hours.txt", "mimeType": "text/plain", "buffer": b"Open from nine."})
        expect(send(upload, "202")).to_contain_text("hours.txt")
        refused = attempt(page, "threads.create")
        refused.locator("textarea").fill('{"colour": "red"}')
        expect(send(refused, "422")).to_contain_text("/colour")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, "the page is wider than the screen"
        assert not wrong, wrong
        if shots:
            shots.mkdir(parents=True, exist_ok=True)
            made.evaluate("element => element.closest('article').scrollIntoView()")
            page.screenshot(path=shots / f"reference-{scheme}-{width}.png")
        page.close()
    browser.close()
print("requests were tried from the reference page, in light and dark, wide and narrow")
