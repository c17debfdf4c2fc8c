// Numbers, sizes and times in words.

const units = ["B", "KB", "MB", "GB"];

export function size(bytes) {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

export const plural = (count, one, many = `${one}s`) => `${count.toLocaleString()} ${count === 1 ? one : many}`;

export const percent = (fraction) => `${Math.round(Math.min(Math.max(fraction, 0), 1) * 100)} %`;

const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });

/** "now", "5 minutes ago", "yesterday", and a date beyond a week. */
export function ago(time) {
  const seconds = (new Date(time).getTime() - Date.now()) / 1000;
  if (Number.isNaN(seconds)) return "";
  if (seconds > -45) return "just now";
  if (seconds > -3600) return relative.format(Math.round(seconds / 60), "minute");
  if (seconds > -86400) return relative.format(Math.round(seconds / 3600), "hour");
  if (seconds > -7 * 86400) return relative.format(Math.round(seconds / 86400), "day");
  return day.format(new Date(time));
}

/** "page 3", "pages 3–4", or nothing for formats without pages. */
export function pages(first, last) {
  if (first === null || first === undefined) return "";
  return last && last !== first ? `pages ${first}–${last}` : `page ${first}`;
}

export const join = (...parts) => parts.filter(Boolean).join(" · ");
