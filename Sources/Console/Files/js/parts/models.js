// The language models: which there are, the servers found beside this one, and adding, trying and deleting models.

import { models } from "../api-models.js";
import { announce } from "../announce.js";
import { confirm } from "../dialogs.js";
import { fill, h } from "../dom.js";
import { field, form } from "../forms.js";
import { isAbort, problemBox } from "../problem.js";
import { loading } from "./loading.js";
import { table } from "./table.js";

const dialects = [{ value: "openai", label: "OpenAI’s" }, { value: "ollama", label: "Ollama’s" }, { value: "anthropic", label: "Anthropic’s" }];
const programs = { ollama: "Ollama", lm_studio: "LM Studio", llama_cpp: "llama.cpp", vllm: "vLLM", other: "A model server" };

export function languageModels({ signal }) {
  const trouble = h("div", {});
  const act = async (work) => {
    try {
      fill(trouble);
      await work();
    } catch (error) {
      if (!isAbort(error)) fill(trouble, problemBox(error));
    }
    await list.again();
  };
  const list = loading({ signal, load: () => models.list({ signal }), draw: ({ items }) => known(items, act) });
  return h("section", { class: "stack", "aria-labelledby": "models-title" }, h("h2", { id: "models-title" }, "Language models"), trouble, list,
    found({ signal, act }), adding(() => list.again()));
}

function known(items, act) {
  if (!items.length) return h("p", { class: "faint", test: "no-models" }, "No language model is connected: answers quote the documents.");
  const columns = [
    { label: "Model", cell: (model) => h("span", { class: "cell-name" }, model.name) },
    { label: "Protocol", cell: (model) => dialects.find((each) => each.value === model.dialect)?.label ?? "Local" },
    { label: "Context window", number: true, cell: (model) => model.context_window.toLocaleString() },
    { label: "From", cell: (model) => (model.id ? "Added here" : "Settings") },
    { label: "", cell: (model) => [testing(model), model.id ? deleting(model, act) : null] },
  ];
  return table({ caption: "Language models", test: "models", rowTest: "model", items, columns });
}

function testing(model) {
  const outcome = h("span", { class: "faint", role: "status", test: "model-outcome" });
  const run = () => measure(outcome, () => models.check(model.name));
  return [h("button", { type: "button", class: "button quiet small", test: "model-test", "aria-label": `Test ${model.name}`, on: { click: run } }, "Test"), outcome];
}

function deleting(model, act) {
  const run = async () => {
    if (!(await confirm({ title: `Delete ${model.name}?`, text: "Projects that use it are answered by the other models, or quote the documents.", action: "Delete" }))) return;
    await act(() => models.remove(model.id));
    announce(`${model.name} was deleted.`);
  };
  return h("button", { type: "button", class: "button quiet small", test: "model-delete", "aria-label": `Delete ${model.name}`, on: { click: run } }, "Delete");
}

/** Asks, and says in words how the model did. */
async function measure(outcome, ask) {
  outcome.textContent = " Asking …";
  try {
    outcome.textContent = ` ${said(await ask())}`;
  } catch (error) {
    if (!isAbort(error)) outcome.textContent = ` ${error.message}`;
  }
}

function said(report) {
  if (report.error) return report.error.message;
  const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;
  const more = [report.streams ? "streams" : "does not stream", report.thinks ? "thinks first" : null].filter(Boolean);
  return report.first_words_ms === null ? "It wrote nothing." : `First words after ${seconds(report.first_words_ms)}, whole answer ${seconds(report.total_ms)}; ${more.join(", ")}.`;
}

/** Servers on the machine of this one, each with its models. */
function found({ signal, act }) {
  const add = (server, model) => act(async () => {
    await models.create({ name: model.name, model: model.name, url: server.url, dialect: server.dialect, ...(model.context_window ? { context_window: model.context_window } : {}) });
    announce(`${model.name} was added.`);
  });
  const draw = ({ servers }) => servers.length
    ? servers.map((server) => h("div", { class: "panel", test: "model-server" },
      h("h4", {}, `${programs[server.program]} at ${server.url}`),
      server.models.length ? null : h("p", { class: "faint" }, "It serves no model."),
      h("ul", {}, server.models.map((model) => h("li", {}, model.name, " ",
        h("button", { type: "button", class: "button small", test: "model-connect", "aria-label": `Connect ${model.name}`, on: { click: () => add(server, model) } }, "Connect"))))))
    : h("p", { class: "faint", test: "no-servers" }, "No Ollama, LM Studio, llama.cpp or vLLM answers on this server’s machine.");
  const place = loading({ signal, load: () => models.servers({ signal }), draw, words: "Looking for model servers …" });
  const again = h("button", { type: "button", class: "button quiet small", test: "find-servers", on: { click: () => place.again() } }, "Look again");
  return h("section", { class: "stack" }, h("h3", {}, "On this machine ", again), place);
}

function adding(again) {
  const panel = h("section", { class: "panel" });
  const draw = () => {
    const fields = [
      field({ name: "url", label: "Address", required: true, test: "model-url", autocomplete: "off", hint: "Up to the version, such as https://api.example.com/v1; of Ollama’s without a path." }),
      field({ name: "model", label: "Model", required: true, maxlength: 200, test: "model-model", autocomplete: "off", hint: "As the service calls it." }),
      field({ name: "name", label: "Name here", maxlength: 200, test: "model-name", autocomplete: "off" }),
      field({ name: "dialect", label: "Protocol", choices: dialects, test: "model-dialect" }),
      field({ name: "api_key", label: "Key", type: "password", test: "model-key", autocomplete: "off", hint: "Kept sealed and never shown." }),
      field({ name: "context_window", label: "Context window", type: "number", min: 256, max: 10000000, value: 8192, test: "model-window", hint: "Tokens of prompt and answer together." }),
    ];
    const input = (values) => ({ ...values, ...(values.context_window ? { context_window: Number(values.context_window) } : {}) });
    const outcome = h("p", { class: "faint", role: "status", test: "try-outcome" });
    const element = form({
      test: "model-form", fields, action: "Add", actionTest: "model-add",
      secondary: h("button", { type: "button", class: "button", test: "model-try", on: { click: () => element.reportValidity() && measure(outcome, () => models.tryOut(input(typed(element)))) } }, "Try it"),
      send: async (values) => {
        const made = await models.create(input(values));
        announce(`${made.name} was added.`);
        draw();
        await again();
      },
    });
    fill(panel, h("h3", {}, "Add a model"), element, outcome);
  };
  draw();
  return panel;
}

function typed(element) {
  return Object.fromEntries([...new FormData(element)].filter(([, value]) => value !== ""));
}
