// How a project's answers are made: the model, its temperature, how to answer, and the limits.

import { chatSettings } from "../api-management.js";
import { models } from "../api-models.js";
import { h } from "../dom.js";
import { loading } from "../parts/loading.js";
import { VersionedForm } from "../parts/versioned-form.js";

const fieldsFor = (list) => [
  {
    name: "model", label: "Language model", test: "answers-model", hint: "Who answers. When it fails, the others stand in.",
    choices: [{ value: "", label: "The installation's choice" }, ...list.map((each) => ({ value: each.name, label: `${each.name} (${each.dialect})` }))],
  },
  {
    name: "way", label: "Way of answering", test: "answers-way", hint: "Quoting shows the documents' own words and asks no language model.",
    choices: [{ value: "", label: "Written where there is a language model" }, { value: "quoted", label: "Quoted" }],
  },
  { name: "temperature", label: "Temperature", number: true, min: 0, max: 2, step: "any", test: "answers-temperature", hint: "From 0, always the likeliest words, to 2." },
  { name: "instructions", label: "How to answer", multiline: true, rows: 4, maxlength: 4000, test: "answers-instructions", hint: "Tone, language, what to keep to. Given to the model with every question." },
  { name: "max_answer_tokens", label: "Longest answer, in tokens", number: true, min: 1, max: 100000, test: "answers-max-answer" },
  { name: "max_prompt_tokens", label: "Longest prompt, in tokens", number: true, min: 256, max: 1000000, test: "answers-max-prompt" },
  { name: "passages", label: "Passages for a question", number: true, min: 1, max: 50, test: "answers-passages" },
  { name: "daily_tokens", label: "Tokens a day", number: true, min: 0, max: 1000000000, test: "answers-daily", hint: "Read and written, by UTC. Questions beyond them are refused until the next day." },
  {
    name: "mark_unsupported", label: "For programs: sentences that the documents do not support", test: "answers-marks", flag: true,
    choices: [{ value: "", label: "Mark them in the text" }, { value: "false", label: "Tell of them beside the text alone" }],
    hint: "In answers over OpenAI's protocol and MCP. This page always marks them.",
  },
];

export function answers(project, { signal, manages }) {
  const resource = chatSettings(project);
  const load = async () => {
    const [read, { items }] = await Promise.all([resource.get({ signal }), models.list({ signal })]);
    return { read, items };
  };
  const draw = ({ read, items }) => [
    h("h2", {}, "Answers"),
    h("p", { class: "lead" }, "What is left empty is as the installation has it."),
    new VersionedForm({ resource, read, fields: fieldsFor(items), test: "answers", disabled: !manages }).element,
  ];
  return loading({ signal, load, draw });
}
