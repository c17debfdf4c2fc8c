extension Reference {
    /// Makes the reference one to try requests from. All that it knows comes from `/openapi.json`; answers are shown as text alone.
    static let script = #"""
        const make = (name, attributes = {}, ...children) => {
          const element = document.createElement(name);
          for (const [key, value] of Object.entries(attributes)) {
            if (key in element && typeof value !== "string") element[key] = value;
            else element.setAttribute(key, value);
          }
          element.append(...children);
          return element;
        };

        let documentation;
        const operations = async () => {
          documentation ??= fetch("/openapi.json").then((answer) => answer.json()).then((json) => {
            const found = new Map();
            for (const [path, item] of Object.entries(json.paths)) {
              for (const [method, operation] of Object.entries(item)) {
                const parameters = operation.parameters.map((each) => each.$ref ? json.components.parameters[each.$ref.split("/").pop()] : each);
                found.set(operation.operationId, { path, method: method.toUpperCase(), ...operation, parameters });
              }
            }
            return found;
          });
          return documentation;
        };

        // The token, for this tab alone.
        const tokenKey = "parley.docs.token";
        const token = () => sessionStorage.getItem(tokenKey) ?? "";

        const tokenPanel = () => {
          const panel = document.getElementById("token");
          const field = make("input", { type: "password", autocomplete: "off", value: token(), "data-test": "token" });
          const email = make("input", { type: "email", autocomplete: "username" });
          const password = make("input", { type: "password", autocomplete: "current-password" });
          const said = make("p", { class: "soft", role: "status" });
          const keep = (value) => {
            field.value = value;
            if (value) sessionStorage.setItem(tokenKey, value); else sessionStorage.removeItem(tokenKey);
          };
          field.addEventListener("change", () => keep(field.value.trim()));
          const form = make("form", {}, labelled("or e-mail", email), labelled("and password", password), make("button", { class: "quiet" }, "Sign in"));
          form.addEventListener("submit", async (event) => {
            event.preventDefault();
            const body = JSON.stringify({ email: email.value, password: password.value });
            try {
              const answer = await fetch("/v1/auth/sign-in", { method: "POST", headers: { "Content-Type": "application/json" }, body });
              const json = await answer.json();
              if (answer.ok) keep(json.access_token);
              password.value = "";
              said.textContent = answer.ok ? `Signed in as ${json.user.name}; the token is filled in.` : json.detail;
            } catch { said.textContent = "The server was not reached."; }
          });
          panel.append(make("strong", {}, "To try requests"), make("p", { class: "soft" },
            "Each endpoint below can be tried here, on this server and with your own rights. The token stays in this tab."), labelled("Access token or API key", field), form, said);
          panel.hidden = false;
        };

        let labels = 0;
        const labelled = (text, field, note = "") => {
          field.id ||= `field-${labels += 1}`;
          const label = make("label", { for: field.id }, make("span", {}, text));
          if (note) label.title = note;
          label.append(field);
          return label;
        };

        // Identifiers that answers told last, by their prefix: they fill the paths of what is tried next.
        const identifiers = new Map();
        const remember = (text) => {
          for (const [whole, prefix] of text.matchAll(/\b([a-z]{3})_[0-7][0-9A-HJKMNP-TV-Z]{25}\b/g)) identifiers.set(prefix, whole);
        };
        const prefixOf = (parameter) => parameter.schema.pattern?.match(/^\^([a-z]+)_/)?.[1];

        const inputFor = (parameter) => {
          const { schema } = parameter;
          const choices = schema.enum ?? (schema.type === "boolean" ? ["true", "false"] : null);
          let field;
          if (choices) {
            field = make("select", {}, ...(parameter.required ? [] : [make("option", { value: "" }, "")]), ...choices.map((each) => make("option", {}, each)));
          } else {
            const hint = parameter.in === "path" ? parameter.example : schema.default ?? parameter.example ?? "";
            field = make("input", { placeholder: [hint].flat().join(","), autocomplete: "off", spellcheck: "false" });
            if (parameter.in === "path") field.value = identifiers.get(prefixOf(parameter)) ?? "";
          }
          if (parameter.required) field.required = true;
          field.dataset.name = parameter.name;
          field.dataset.in = parameter.in;
          return field;
        };

        const bodyFields = (operation, sample) => {
          const content = operation.requestBody?.content;
          if (!content) return null;
          const type = make("select", {}, ...Object.keys(content).sort((a, b) => rank(a) - rank(b)).map((each) => make("option", {}, each)));
          const place = make("div", {});
          const show = () => {
            const { schema, example } = content[type.value];
            if (type.value === "multipart/form-data") {
              place.replaceChildren(...Object.keys(schema.properties).map((name) => labelled(name,
                make("input", { type: schema.properties[name].format === "binary" ? "file" : "text", "data-part": name }))));
            } else if (schema.format === "binary" || type.value === "*/*") {
              place.replaceChildren(labelled("File", make("input", { type: "file", "data-raw": "file" })));
            } else {
              const text = Array.isArray(example) && type.value.includes("ndjson")
                ? example.map((each) => JSON.stringify(each)).join("\n") : sample ?? JSON.stringify(example ?? {}, null, 2);
              place.replaceChildren(labelled("Body", make("textarea", { spellcheck: "false", "data-raw": "text" }, text)));
            }
          };
          type.addEventListener("change", show);
          show();
          return { type, place };
        };

        const rank = (type) => ["application/json", "multipart/form-data"].indexOf(type) + 1 || 9;

        const requestOf = (operation, form, body, accept) => {
          let path = operation.path;
          const query = [];
          const headers = { Accept: accept.value };
          if (token()) headers.Authorization = `Bearer ${token()}`;
          for (const field of form.querySelectorAll("[data-name]")) {
            const { name, in: where } = field.dataset;
            const value = field.value.trim();
            if (where === "path") path = path.replace(`{${name}}`, encodeURIComponent(value));
            else if (!value) continue;
            else if (where === "query") query.push(`${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
            else headers[name] = value;
          }
          const request = { method: operation.method, headers };
          if (body) {
            const parts = [...body.place.querySelectorAll("[data-part]")];
            const raw = body.place.querySelector("[data-raw]");
            if (parts.length) {
              request.body = new FormData();
              // Tags stand before the file, which the server reads as it comes.
              for (const part of parts.sort((a, b) => (a.type === "file") - (b.type === "file"))) {
                if (part.type === "file") { if (part.files[0]) request.body.append(part.dataset.part, part.files[0]); }
                else if (part.value) request.body.append(part.dataset.part, part.value);
              }
            } else {
              request.body = raw.dataset.raw === "file" ? raw.files[0] : raw.value;
              headers["Content-Type"] = body.type.value === "*/*" ? raw.files[0]?.type || "application/octet-stream" : body.type.value;
            }
          }
          return { url: path + (query.length ? `?${query.join("&")}` : ""), request };
        };

        const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;
        const curlOf = ({ url, request }) => [
          `curl -X ${request.method} ${quoted(location.origin + url)}`,
          ...Object.entries(request.headers).map(([name, value]) => name === "Authorization" ? '-H "Authorization: Bearer $TOKEN"' : `-H ${quoted(`${name}: ${value}`)}`),
          ...(request.body instanceof FormData
            ? [...request.body].map(([name, value]) => `-F ${quoted(value instanceof File ? `${name}=@${value.name}` : `${name}=${value}`)}`)
            : request.body instanceof File ? [`--data-binary ${quoted(`@${request.body.name}`)}`]
            : request.body !== undefined ? [`--data-binary ${quoted(request.body)}`] : []),
        ].join(" \\\n  ");

        const longest = 200000;
        const showBody = async (answer, place) => {
          const type = answer.headers.get("Content-Type") ?? "";
          if (!answer.body || !type) return;
          if (!/json|text|xml|yaml|csv/.test(type)) {
            place.textContent = `${(await answer.blob()).size} bytes of ${type}`;
            return;
          }
          let text = "";
          const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
          for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
            text += piece.value;
            place.textContent = text.slice(0, longest);
          }
          remember(text);
          if (/json$|json;/.test(type)) {
            try { place.textContent = JSON.stringify(JSON.parse(text), null, 2).slice(0, longest); } catch { /* Shown as it came. */ }
          }
          if (text.length > longest) place.textContent += "\n…";
        };

        const build = async (details) => {
          const operation = (await operations()).get(details.dataset.operation);
          const groups = [["path", "Path"], ["query", "Query"], ["header", "Headers"]].map(([where, title]) => {
            const inputs = operation.parameters.filter((each) => each.in === where);
            if (!inputs.length) return null;
            const set = make("fieldset", {}, make("legend", {}, title));
            set.append(...inputs.map((each) => labelled(each.name + (each.required ? " *" : ""), inputFor(each), each.description ?? "")));
            return set;
          }).filter(Boolean);
          const body = bodyFields(operation, details.parentElement.querySelector("[data-sample]")?.textContent);
          const types = [...new Set(Object.entries(operation.responses).filter(([status]) => status < "400")
            .flatMap(([, each]) => Object.keys(each.content ?? {})))];
          const accept = make("select", {}, ...(types.length ? types : ["application/json"]).map((each) => make("option", {}, each)));
          const send = make("button", {}, "Send");
          const stop = make("button", { class: "quiet", type: "button", hidden: true }, "Stop");
          const copy = make("button", { class: "quiet", type: "button" }, "Copy as curl");
          const status = make("span", { class: "status", role: "status", "data-test": "status" });
          const headers = make("pre", {});
          const headerBox = make("details", { hidden: true }, make("summary", {}, "Headers of the answer"), headers);
          const result = make("pre", { hidden: true, tabindex: "0", "aria-label": "The answer's body", "data-test": "answer" });
          const form = make("form", {}, ...groups);
          if (body) {
            if (body.type.length > 1) form.append(labelled("Content-Type", body.type));
            form.append(body.place);
          }
          if (types.length > 1) form.append(labelled("Accept", accept));
          form.append(make("div", { class: "actions" }, send, stop, copy, status), headerBox, result);
          copy.addEventListener("click", async () => {
            const text = curlOf(requestOf(operation, form, body, accept));
            try { await navigator.clipboard.writeText(text); copy.textContent = "Copied"; setTimeout(() => { copy.textContent = "Copy as curl"; }, 1500); }
            catch { result.hidden = false; result.textContent = text; }
          });
          let controller;
          stop.addEventListener("click", () => controller?.abort());
          form.addEventListener("submit", async (event) => {
            event.preventDefault();
            controller = new AbortController();
            const { url, request } = requestOf(operation, form, body, accept);
            const begun = performance.now();
            send.disabled = true; stop.hidden = false; result.textContent = ""; status.textContent = "…"; status.className = "status";
            try {
              const answer = await fetch(url, { ...request, signal: controller.signal });
              status.textContent = `${answer.status} ${answer.statusText} · ${Math.round(performance.now() - begun)} ms`;
              status.className = `status ${answer.ok ? "good" : "bad"}`;
              headers.textContent = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
              headerBox.hidden = false; result.hidden = false;
              await showBody(answer, result);
              result.hidden = !result.textContent;
            } catch (error) {
              if (error.name !== "AbortError") { status.textContent = "The server was not reached."; status.className = "status bad"; }
            } finally { send.disabled = false; stop.hidden = true; }
          });
          details.append(form);
        };

        // What was learnt of identifiers since the form was made.
        const refill = (details) => {
          for (const field of details.querySelectorAll('[data-in="path"]')) {
            const prefix = field.placeholder.split("_")[0];
            if (!field.value) field.value = identifiers.get(prefix) ?? "";
          }
        };

        const filter = (nav) => {
          const field = make("input", { type: "search", placeholder: "Filter", "aria-label": "Filter the contents" });
          field.addEventListener("input", () => {
            const words = field.value.toLowerCase();
            for (const link of nav.querySelectorAll(":scope > a")) link.hidden = !link.textContent.toLowerCase().includes(words) && !link.hash.toLowerCase().includes(words);
          });
          nav.querySelector(".brand").after(field);
        };

        const menu = document.querySelector(".menu");
        const narrow = matchMedia("(max-width: 56rem)");
        const fold = () => { menu.open = !narrow.matches; };
        narrow.addEventListener("change", fold);
        fold();
        menu.addEventListener("click", (event) => { if (narrow.matches && event.target.closest("a")) menu.open = false; });
        filter(menu.querySelector("nav"));
        tokenPanel();
        for (const details of document.querySelectorAll(".try")) {
          details.hidden = false;
          let built;
          details.addEventListener("toggle", () => { if (details.open) { built ??= build(details); built.then(() => refill(details)); } });
        }
        """#
}
