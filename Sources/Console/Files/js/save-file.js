// Saves the bytes of an answer as a file, under the name that the server gives it.

import { h } from "./dom.js";

export async function saveFile(response, fallback) {
  const address = URL.createObjectURL(await response.blob());
  h("a", { href: address, download: named(response.headers.get("Content-Disposition")) ?? fallback }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}

/** `filename*` in UTF-8 (RFC 8187) before the plain `filename`. */
function named(disposition) {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? "")?.[1];
  if (encoded) return decodeURIComponent(encoded);
  return /filename="([^"]+)"/i.exec(disposition ?? "")?.[1] ?? null;
}
