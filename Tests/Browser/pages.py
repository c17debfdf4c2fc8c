"""What a person does on the pages around the conversation: account, settings, people, webhooks. Each method leaves a screenshot."""

import http.server
import threading

from playwright.sync_api import expect

QUESTIONS = """{"id": "books", "question": "How long may books be borrowed?", "documents": ["handbook.md"], "answer": "borrowed for three weeks"}
{"id": "hours", "question": "When is the office open?", "documents": ["handbook.md"], "answer": "open from nine in the morning"}
{"id": "nobody", "question": "Who painted the ceiling of the chapel?"}
"""
COLLEAGUE = "Grace Hopper"


class Receiver:
    """Takes webhook messages and remembers their ids."""

    def __init__(self):
        receiver = self
        self.messages = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                receiver.messages.append(self.headers["webhook-id"])
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"


class Pages:
    """Mixed into the steps of the first use."""

    def own_password(self):
        self.begin("changing one's own password")
        self.find("user-name").click()
        old, new = self.account["password"], "copper lantern walks 48"
        for current, wished, objection in (
            ("not the password", new, "is not your present password"),
            (old, "password1234", "is too easy to guess"),
            (old, old, "is one that you have or had before"),
        ):
            self.find("password-current").fill(current)
            self.find("password-new").fill(wished)
            self.find("password-change").click()
            expect(self.find("password-form")).to_contain_text(objection)
        self.shot("password-refused", full=True)
        self.find("password-current").fill(old)
        self.find("password-new").fill(new)
        self.find("password-change").click()
        expect(self.find("password-changed")).to_have_text("Your password is changed.")
        self.shot("password-changed")
        for password, status in ((old, 401), (new, 200)):
            answer = self.page.request.post(f"{self.options.base}/v1/auth/sign-in", data={**self.account, "password": password})
            self.check(answer.status == status, f"Signing in after the change is answered {answer.status} and not {status}.")
        self.account["password"] = new

    def api_keys(self):
        self.begin("making an API key, seeing it once, revoking it")
        expect(self.find("keys-none")).to_be_visible()
        self.find("key-name").fill("Notebook")
        self.find("key-project").select_option(label=self.project)
        self.find("key-days").select_option(label="30 days")
        self.find("key-create").click()
        secret = self.find("secret").input_value()
        self.check(secret.startswith("parley_"), f"The new key's secret is “{secret[:8]}…”.")
        self.shot("key-secret")
        answer = self.page.request.get(f"{self.options.base}/v1/projects", headers={"Authorization": f"Bearer {secret}"})
        self.check(answer.ok and len(answer.json()["items"]) == 1, f"The key opens {answer.text()[:200]}.")
        self.find("secret-done").click()
        expect(self.find("secret-box")).to_have_count(0)
        expect(self.find("key")).to_contain_text("Notebook")
        self.check(secret not in self.page.content(), "The secret can still be read on the page.")
        self.find("key-revoke").click()
        self.find("dialog-confirm").click()
        expect(self.find("keys-none")).to_be_visible()
        refused = self.page.request.get(f"{self.options.base}/v1/projects", headers={"Authorization": f"Bearer {secret}"})
        self.check(refused.status == 401, f"A revoked key is answered {refused.status}.")

    def people(self):
        self.begin("adding a person")
        self.find("to-installation").click()
        self.find("person-name").fill(COLLEAGUE)
        self.find("person-email").fill("grace@example.org")
        self.find("person-password").fill("short and sad")
        self.find("person-email").fill("ada@example.org")
        self.find("person-add").click()
        expect(self.find("problem")).to_be_visible()
        self.find("person-email").fill("grace@example.org")
        self.find("person-add").click()
        expect(self.find("person").filter(has_text=COLLEAGUE)).to_be_visible()
        self.shot("people")
        self.begin("letting somebody in again who mistyped the password too often")
        sign_in = f"{self.options.base}/v1/auth/sign-in"
        person = {"email": "grace@example.org", "password": "short and sad"}
        for _ in range(5):
            self.page.request.post(sign_in, data={**person, "password": "not the password"})
        waits = self.page.request.post(sign_in, data=person)
        self.check(waits.status == 429 and waits.headers.get("retry-after"), f"The sixth try is answered {waits.status}.")
        self.find("person").filter(has_text=COLLEAGUE).locator('[data-test="person-unlock"]').click()
        self.wait_until(lambda: self.page.request.post(sign_in, data=person).status == 200, "Unlocking did not let the person in.")

    def open_settings(self, section):
        self.find("tab-settings").click()
        self.find(f"settings-{section}").click()

    def members(self):
        self.begin("adding a member and giving another role")
        self.find("home").click()
        self.find("project-link").first.click()
        self.open_settings("members")
        self.find("member-user").select_option(label=f"{COLLEAGUE} (grace@example.org)")
        self.find("member-add").click()
        row = self.find("member").filter(has_text=COLLEAGUE)
        expect(row).to_be_visible()
        row.locator('[data-test="member-role"]').select_option("editor")
        expect(self.find("announcer")).to_contain_text("is now editor")
        self.shot("members")
        owner = self.find("member").filter(has_not_text=COLLEAGUE)
        owner.locator('[data-test="member-role"]').select_option("viewer")
        expect(self.find("problem")).to_contain_text("owner")
        row.locator('[data-test="member-remove"]').click()
        self.find("dialog-confirm").click()
        expect(self.find("member")).to_have_count(1)
        self.begin("inviting by e-mail")
        for address in ("nobody@example.org", self.account["email"]):
            self.find("invitation-email").fill(address)
            self.find("invitation-send").click()
            expect(self.find("invitation").filter(has_text=address)).to_be_visible()
        self.shot("invitations", full=True)
        self.find("home").click()
        expect(self.find("invited")).to_contain_text(self.project)
        self.shot("invited")
        self.find("invitation-accept").click()
        expect(self.find("invited")).to_have_count(0)
        self.find("project-link").first.click()
        self.open_settings("members")
        expect(self.find("invitation")).to_have_count(1)
        self.find("invitation-withdraw").click()
        expect(self.find("invitation")).to_have_count(0)

    def chat_settings(self):
        self.begin("changing the answers' settings, also when somebody else was first")
        self.open_settings("answers")
        self.find("answers-temperature").fill("0.3")
        self.find("answers-passages").fill("4")
        self.find("answers-save").click()
        expect(self.find("answers-saved")).to_have_text("Saved.")
        self.change_behind_the_back({"temperature": 0.9})
        self.find("answers-instructions").fill("Answer in one sentence.")
        self.find("answers-save").click()
        expect(self.find("conflict")).to_contain_text("“0.3” became “0.9”")
        self.shot("settings-conflict")
        self.find("conflict-mine").click()
        expect(self.find("answers-saved")).to_have_text("Saved.")
        expect(self.find("answers-temperature")).to_have_value("0.9")
        expect(self.find("answers-instructions")).to_have_value("Answer in one sentence.")
        self.find("answers-max-prompt").evaluate("(each) => { each.removeAttribute('min'); each.value = 5; }")
        self.find("answers-save").click()
        expect(self.page.locator('[data-test="answers-max-prompt"][aria-invalid]')).to_be_focused()
        self.shot("settings-field-error")
        self.find("answers-max-prompt").fill("")
        self.find("answers-instructions").fill("")
        self.find("answers-save").click()
        expect(self.find("answers-saved")).to_have_text("Saved.")

    def change_behind_the_back(self, change):
        path = f"{self.options.base}/v1/projects/{self.project_id()}/settings"
        token = self.page.request.post(f"{self.options.base}/v1/auth/sign-in", data=self.account).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}", "If-Match": "*"}
        answer = self.page.request.patch(path, data=change, headers=headers)
        self.check(answer.ok, f"The settings could not be changed by another: {answer.text()[:300]}")

    def project_id(self):
        return self.page.url.split("/projects/")[1].split("/")[0]

    def rename_project(self):
        self.begin("renaming the project")
        self.open_settings("general")
        self.find("general-name").fill(self.project + " 2")
        self.find("general-save").click()
        expect(self.find("project-title")).to_have_text(self.project + " 2")
        self.find("general-name").fill(self.project)
        self.find("general-save").click()
        expect(self.find("project-title")).to_have_text(self.project)

    def usage(self):
        self.begin("looking at what the answers used")
        self.open_settings("usage")
        expect(self.find("usage-row")).to_have_count(1)
        self.find("usage-by-model").click()
        expect(self.find("usage-table").locator("tfoot")).to_contain_text("Together")
        self.find("usage-by-user").click()
        expect(self.find("usage-row")).to_contain_text(self.name)
        self.shot("usage")

    def quotas(self):
        self.begin("setting a project's and a person's quota")
        self.open_settings("usage")
        expect(self.find("quota-row")).to_have_count(4)
        self.find("quota-edit").click()
        self.find("quota-documents").fill("10")
        self.find("quota-daily-tokens").fill("200000")
        self.find("quota-save").click()
        expect(self.find("quota-saved")).to_have_text("Saved.")
        expect(self.find("quota-row").filter(has_text="Documents")).to_contain_text("10")
        self.shot("quotas", full=True)
        self.find("user-name").click()
        expect(self.find("quota-row")).to_have_count(4)
        self.find("account-installation").click()
        self.find("person").filter(has_text=COLLEAGUE).locator('[data-test="person-quota"]').click()
        self.find("quota-documents").fill("3")
        self.find("quota-save").click()
        expect(self.find("quota-saved")).to_have_text("Saved.")
        self.shot("quota-person")
        self.find("dialog-cancel").click()
        self.find("home").click()
        self.find("project-link").first.click()

    def question_sets(self):
        self.begin("taking in questions, two runs side by side, and the gate")
        self.open_settings("questions")
        self.find("set-name").fill("House rules")
        self.find("set-create").click()
        expect(self.find("runs-none")).to_be_visible()
        self.find("questions-file").set_input_files({"name": "questions.jsonl", "mimeType": "application/jsonl", "buffer": QUESTIONS.encode()})
        expect(self.find("questions-imported")).to_contain_text("3 questions added")
        expect(self.find("set-question")).to_have_count(3)
        self.find("run-open").click()
        for number, (name, mode) in enumerate([("By words", "lexical"), ("By meaning", "vector")], 1):
            self.find("run-name").fill(name)
            self.find("run-mode").select_option(mode)
            self.find("run-start").click()
            expect(self.find("run").filter(has_text="complete")).to_have_count(number, timeout=self.timeout)
        for choice in range(2):
            self.find("run-choice").nth(choice).check()
        self.find("run-compare").click()
        expect(self.find("comparison-row").first).to_be_visible()
        self.shot("question-set", full=True)
        self.find("gate-run").select_option(label="By words")
        self.find("gate-metric").select_option("recall_at_10")
        self.find("gate-save").click()
        expect(self.find("gate-state")).to_have_text("On")
        self.open_settings("answers")
        self.find("answers-passages").fill("7")
        self.find("answers-save").click()
        expect(self.find("problem")).to_contain_text("gate")
        self.open_settings("questions")
        expect(self.find("question-set")).to_contain_text("Gate")
        self.shot("question-sets")
        self.find("set-open").click()
        self.find("gate-off").click()
        expect(self.find("gate-state")).to_have_text("Off")

    def webhooks(self):
        self.begin("making a webhook, testing it, sending a message again")
        receiver = Receiver()
        self.open_settings("webhooks")
        self.find("webhook-url").fill("ftp://example.org")
        self.find("webhook-create").click()
        expect(self.page.locator('[data-test="webhook-url"][aria-invalid]')).to_be_focused()
        self.find("webhook-url").fill(receiver.url)
        self.find("webhook-create").click()
        self.check(self.find("secret").input_value().startswith("whsec_"), "The webhook's secret was not shown.")
        self.shot("webhook-secret")
        self.find("secret-done").click()
        self.find("webhook-test").click()
        expect(self.find("webhook-test-result")).to_contain_text("took it (200")
        delivery = self.find("delivery").first
        expect(delivery).to_have_attribute("data-state", "delivered")
        delivery.locator("summary").click()
        self.shot("webhook-deliveries")
        delivery.locator('[data-test="delivery-replay"]').click()
        expect(self.find("announcer")).to_contain_text("sent again")
        self.wait_until(lambda: len(receiver.messages) == 2, "The message was not sent again.")
        self.check(len(set(receiver.messages)) == 1, "Sent again, the message has another id.")
        self.find("webhook-toggle").click()
        expect(self.find("webhook-toggle")).to_have_text("Turn on")
        self.find("webhook-delete").click()
        self.find("dialog-confirm").click()
        expect(self.page.get_by_text("No webhooks yet")).to_be_visible()
        expect(self.find("webhook")).to_have_count(0)
        receiver.server.shutdown()
