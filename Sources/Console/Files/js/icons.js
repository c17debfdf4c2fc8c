// Line icons on a 24-unit grid, drawn here so that no font or outside file is needed.

const paths = {
  plus: ["M12 5v14", "M5 12h14"],
  send: ["M12 19V5", "M6 11l6-6 6 6"],
  stop: ["M7 7h10v10H7z"],
  close: ["M6 6l12 12", "M18 6L6 18"],
  trash: ["M4 7h16", "M9 7V4h6v3", "M6.5 7l1 13h9l1-13", "M10 11v5", "M14 11v5"],
  download: ["M12 4v11", "M7 10.5l5 5 5-5", "M5 20h14"],
  upload: ["M12 16V5", "M7 9.5l5-5 5 5", "M5 20h14"],
  retry: ["M19.5 12a7.5 7.5 0 1 1-2.2-5.3", "M19.5 3.5v4.5H15"],
  restore: ["M5 9h9a5 5 0 0 1 0 10H9", "M9 5L5 9l4 4"],
  edit: ["M5 19l1-4L16 5l3 3L9 18z", "M14 7l3 3"],
  file: ["M6 3h8l5 5v13H6z", "M14 3v5h5", "M9 13h7", "M9 17h5"],
  search: ["M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13z", "M15.5 15.5L20 20"],
  list: ["M5 6h14", "M5 12h14", "M5 18h9"],
  info: ["M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17z", "M12 11v5.5", "M12 7.5v.5"],
  warning: ["M12 4l9 16H3z", "M12 10v4.5", "M12 17v.5"],
  settings: ["M12 8.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7z", "M12 2.5v3", "M12 18.5v3", "M2.5 12h3", "M18.5 12h3", "M5.3 5.3l2.1 2.1", "M16.6 16.6l2.1 2.1", "M18.7 5.3l-2.1 2.1", "M7.4 16.6l-2.1 2.1"],
  key: ["M15 4.5a4.5 4.5 0 1 1-3.9 6.7L4 18.3V20h3v-2h2v-2h2l1.8-1.8", "M16 8.5v.2"],
  previous: ["M14.5 6l-6 6 6 6"],
  next: ["M9.5 6l6 6-6 6"],
  copy: ["M9 9h10v11H9z", "M15 9V4H5v11h4"],
  thumb: ["M7 11v9H4v-9z", "M7 11l4-8c1.7 0 2.5 1.2 2.2 2.8L12.5 9.5H19a1.5 1.5 0 0 1 1.5 1.8l-1.4 7A2 2 0 0 1 17 20H7"],
  pin: ["M9 3.5h6l-.8 6.5 3.3 3.5H6.5L9.8 10z", "M12 13.5V21"],
  sun: ["M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8z", "M12 2.5V5", "M12 19v2.5", "M2.5 12H5", "M19 12h2.5", "M5.3 5.3L7 7", "M17 17l1.7 1.7", "M18.7 5.3L17 7", "M7 17l-1.7 1.7"],
  check: ["M5 12.5l4.5 4.5L19 7"],
  folder: ["M3.5 6.5h6l2 2.5h9v10h-17z"],
};

const namespace = "http://www.w3.org/2000/svg";

/** An icon that assistive technology passes over; the control around it carries the words. */
export function icon(name) {
  const svg = svgElement("svg", { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true", focusable: "false" });
  for (const d of paths[name] ?? []) svg.append(svgElement("path", { d }));
  return svg;
}

/** The mark of the product: a speech bubble with a marked line. */
export function logo() {
  const svg = svgElement("svg", { viewBox: "0 0 32 32", class: "logo", "aria-hidden": "true", focusable: "false" });
  const bubble = "M8 3h16a6 6 0 0 1 6 6v9a6 6 0 0 1-6 6h-8.5L9 29.3V24H8a6 6 0 0 1-6-6V9a6 6 0 0 1 6-6z";
  svg.append(
    svgElement("path", { class: "logo-bubble", d: bubble }),
    svgElement("rect", { class: "logo-line", x: 8, y: 8.5, width: 16, height: 3, rx: 1.5 }),
    svgElement("rect", { class: "logo-mark", x: 8, y: 14.5, width: 11, height: 4, rx: 1.5 }),
  );
  return svg;
}

function svgElement(tag, attributes) {
  const element = document.createElementNS(namespace, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
