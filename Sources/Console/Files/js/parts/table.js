// A plain table that scrolls sideways by itself where the page is narrow.

import { h } from "../dom.js";

/** `columns` are {label, number?, cell(item)}; a cell gives text or a node. The first column names its row. */
export function table({ caption, columns, items, test, rowTest, foot }) {
  const cell = (column, item, index) => h(index === 0 ? "th" : "td", { class: column.number ? "number" : null, scope: index === 0 ? "row" : null }, column.cell(item));
  const row = (item, name = rowTest) => h("tr", { test: name, data: item.id ? { id: item.id } : {} }, columns.map((column, index) => cell(column, item, index)));
  return h("div", { class: "table-scroller", tabindex: 0, role: "region", "aria-label": caption },
    h("table", { class: "table", test },
      h("caption", { class: "visually-hidden" }, caption),
      h("thead", {}, h("tr", {}, columns.map((column) => h("th", { scope: "col", class: column.number ? "number" : null }, column.label)))),
      h("tbody", {}, items.map((item) => row(item))),
      foot ? h("tfoot", {}, row(foot, null)) : null));
}
