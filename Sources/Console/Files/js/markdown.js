// A small, safe part of Markdown drawn with DOM nodes: paragraphs, headings, lists, quotes, code, bold. Anything else stays text.

import { h } from "./dom.js";
import { unitPositions } from "./scalars.js";

const open = "\uE000";
const close = "\uE001";
const markPattern = /\uE000(\d+)\uE001/;
const spanStart = "\uE002";
const spanEnd = "\uE003";

/**
 * Draws `text` into `container`. `marks` are [{at}] at scalar offsets; `drawMark(index)` makes the node of each. `spans` are [{from, to}] of
 * words to be set off.
 * Blocks that did not change since the last call keep their nodes, so focus and selection survive a stream.
 */
export function draw(container, text, { marks, spans = [] }, drawMark) {
  const blocks = parse(withMarks(text, marks, spans));
  const kept = container.children;
  let same = 0;
  while (same < blocks.length && same < kept.length && kept[same].source === blocks[same].source) same += 1;
  while (kept.length > same) container.lastElementChild.remove();
  for (const block of blocks.slice(same)) {
    const element = drawBlock(block, drawMark);
    element.source = block.source;
    container.append(element);
  }
}

/** Puts a placeholder into the text for each mark, and around each span; a mark that falls behind a line break moves before it. */
function withMarks(text, marks, spans) {
  const points = [
    ...spans.flatMap(({ from, to }) => [{ at: from, sign: spanStart }, { at: to, sign: spanEnd }]),
    ...marks.map((mark, index) => ({ at: mark.at, sign: open + index + close, moves: true })),
  ];
  points.sort((a, b) => a.at - b.at);
  const positions = unitPositions(text, points.map((each) => each.at));
  let result = "";
  let last = 0;
  points.forEach(({ sign, moves }, place) => {
    let end = Math.max(last, positions[place]);
    while (moves && end > last && /\s/.test(text[end - 1])) end -= 1;
    result += plain(text.slice(last, end)) + sign;
    last = end;
  });
  return result + plain(text.slice(last));
}

const plain = (text) => text.replace(/[\uE000-\uE003]/g, "");

const listItem = /^\s{0,6}(?:([-*•+])|(\d{1,3})[.)])\s+(.*)$/;
const fence = /^\s{0,3}```/;
const heading = /^#{1,6}\s+(.*)$/;
const quote = /^\s{0,3}>\s?(.*)$/;

function parse(text) {
  const lines = text.split("\n");
  const blocks = [];
  while (lines.length) {
    if (!lines[0].trim()) lines.shift();
    else blocks.push(takeCode(lines) ?? takeHeading(lines) ?? takeList(lines) ?? takeQuote(lines) ?? takeParagraph(lines));
  }
  return blocks;
}

function takeCode(lines) {
  if (!fence.test(lines[0])) return null;
  const start = lines.shift();
  const body = [];
  while (lines.length && !fence.test(lines[0])) body.push(lines.shift());
  const end = lines.shift() ?? "";
  const after = [...(start + end).matchAll(new RegExp(markPattern, "g"))].map((match) => match[0]).join("");
  return block("code", body.join("\n") + after);
}

function takeHeading(lines) {
  return heading.test(lines[0]) ? block("heading", heading.exec(lines.shift())[1]) : null;
}

function takeList(lines) {
  const first = listItem.exec(lines[0]);
  if (!first) return null;
  const kind = first[1] ? "bullets" : "numbers";
  const items = [];
  while (lines.length && lines[0].trim()) {
    const item = listItem.exec(lines[0]);
    if (item && Boolean(item[1]) !== Boolean(first[1])) break;
    if (item) items.push(item[3]);
    else items[items.length - 1] += `\n${lines[0].trim()}`;
    lines.shift();
    if (lines.length > 1 && !lines[0].trim() && listItem.test(lines[1])) lines.shift();
  }
  return { kind, items, start: Number(first[2] ?? 1), source: `${kind}:${first[2]}:${items.join("\n\n")}` };
}

function takeQuote(lines) {
  if (!quote.test(lines[0])) return null;
  const body = [];
  while (lines.length && quote.test(lines[0])) body.push(quote.exec(lines.shift())[1]);
  return block("quote", body.join("\n"));
}

function takeParagraph(lines) {
  const body = [lines.shift()];
  const starts = [listItem, fence, heading, quote];
  while (lines.length && lines[0].trim() && !starts.some((each) => each.test(lines[0]))) body.push(lines.shift());
  return block("paragraph", body.join("\n"));
}

const block = (kind, text) => ({ kind, text, source: `${kind}:${text}` });

function drawBlock(each, drawMark) {
  const inside = (text) => inline(text, drawMark);
  switch (each.kind) {
    case "code": return h("pre", {}, h("code", {}, withoutStyle(each.text, drawMark)));
    case "heading": return h("p", { class: "answer-heading" }, h("strong", {}, inside(each.text)));
    case "bullets": return h("ul", {}, each.items.map((item) => h("li", {}, inside(item))));
    case "numbers": return h("ol", { start: each.start }, each.items.map((item) => h("li", {}, inside(item))));
    case "quote": return h("blockquote", {}, each.text.split(/\n\s*\n/).map((part) => h("p", {}, inside(part))));
    default: return h("p", {}, inside(each.text));
  }
}

/** Bold, code and marks inside one block. */
function inline(text, drawMark) {
  const nodes = [];
  let rest = text;
  while (rest) {
    const match = /\uE000(\d+)\uE001|\uE002([^\uE002\uE003]+)\uE003|`([^`\n]+)`|\*\*(?=\S)([^]+?)\*\*|__(?=\S)([^]+?)__/.exec(rest);
    if (!match) break;
    nodes.push(halves(rest.slice(0, match.index)));
    if (match[1] !== undefined) nodes.push(drawMark(Number(match[1])));
    else if (match[2] !== undefined) nodes.push(h("mark", {}, inline(match[2], drawMark)));
    else if (match[3] !== undefined) nodes.push(h("code", {}, withoutStyle(match[3], drawMark)));
    else nodes.push(h("strong", {}, inline(match[4] ?? match[5], drawMark)));
    rest = rest.slice(match.index + match[0].length);
  }
  return [...nodes, halves(rest)];
}

/** A span that goes over the end of a block, or of something in it, is not set off. */
const halves = (text) => text.replace(/[\uE002\uE003]/g, "");

function withoutStyle(text, drawMark) {
  return halves(text).split(new RegExp(markPattern, "g")).map((part, index) => (index % 2 ? drawMark(Number(part)) : part));
}
