// The arrow keys in the list of threads: up and down from thread to thread, right and left through what can be done with one.

export function arrowKeys(list) {
  list.addEventListener("keydown", (event) => {
    const row = event.target.closest("li");
    const to = row && !event.ctrlKey && !event.metaKey && !event.altKey && target(event.key, list, row, event.target);
    if (!to) return;
    event.preventDefault();
    to.focus();
  });
}

function target(key, list, row, present) {
  const rows = [...list.children];
  const stops = [...row.querySelectorAll("a, button")];
  const link = (each) => each?.querySelector("a");
  const place = stops.indexOf(present);
  switch (key) {
    case "ArrowDown": return link(rows[rows.indexOf(row) + 1]);
    case "ArrowUp": return link(rows[rows.indexOf(row) - 1]);
    case "ArrowRight": return stops[place + 1];
    case "ArrowLeft": return stops[place - 1];
    case "Home": return link(rows[0]);
    case "End": return link(rows.at(-1));
    default: return null;
  }
}
