// Whether the server can be reached. One banner tells when it cannot, and the server is tried again with growing pauses; whoever waits goes on when it is back.

import { announce } from "./announce.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";

const pauses = [1, 2, 4, 8, 15, 30];

const banner = h("div", { class: "banner", role: "status", test: "connection-banner", hidden: true });
const words = h("span", {});
const waiting = new Set();
let away = false;
let tries = 0;
let timer = null;
let until = 0;

document.getElementById("app").prepend(banner);

/** A request did not reach the server. */
export function lost() {
  if (away) return;
  away = true;
  tries = 0;
  fill(banner, icon("warning"), words, h("button", { type: "button", class: "button small", test: "connection-retry", on: { click: probe } }, "Try now"));
  banner.hidden = false;
  announce("The connection to Parley is lost.");
  wait();
}

/** Calls `body` once the server is back, soon when it is not away. */
export function whenBack(body, signal) {
  if (!away) return queueMicrotask(body);
  waiting.add(body);
  signal?.addEventListener("abort", () => waiting.delete(body), { once: true });
}

function wait() {
  const seconds = pauses[Math.min(tries, pauses.length - 1)];
  tries += 1;
  until = Date.now() + seconds * 1000;
  tick();
}

function tick() {
  clearTimeout(timer);
  const left = Math.ceil((until - Date.now()) / 1000);
  if (left <= 0) return void probe();
  words.textContent = `Parley cannot be reached. Trying again in ${left} s; nothing you typed is lost.`;
  timer = setTimeout(tick, 1000);
}

async function probe() {
  clearTimeout(timer);
  words.textContent = "Parley cannot be reached. Trying …";
  const alive = await fetch("/health/live", { cache: "no-store" }).then((answer) => answer.ok, () => false);
  if (alive) back();
  else if (away) wait();
}

function back() {
  if (!away) return;
  away = false;
  banner.hidden = true;
  announce("The connection is back.");
  const all = [...waiting];
  waiting.clear();
  for (const body of all) body();
}

window.addEventListener("online", () => { if (away) probe(); });
