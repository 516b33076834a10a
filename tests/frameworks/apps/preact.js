// preact and preact-render-to-string.
import { Fragment, createContext, h } from "preact";
import { useContext, useId, useMemo, useState } from "preact/hooks";
import { renderToString } from "preact-render-to-string";
import { renderToStringAsync } from "preact-render-to-string";

const Theme = createContext("light");
const Item = ({ item }) => h("li", { class: item.done ? "done" : null, "data-id": item.id }, item.title, " ", useContext(Theme));
function List({ items }) {
  const [filter] = useState("");
  const shown = useMemo(() => items.filter((i) => i.title.includes(filter)), [items, filter]);
  return h(Fragment, null, h("label", { for: useId() }, "Items"), h("ul", null, shown.map((item) => h(Item, { key: item.id, item }))));
}
const page = (url) => h("html", { lang: "en" },
  h("head", null, h("title", null, url.pathname), h("style", { dangerouslySetInnerHTML: { __html: "a>b{}" } })),
  h("body", { style: { color: "red", marginTop: 4 } },
    h(Theme.Provider, { value: url.searchParams.get("theme") ?? "dark" },
      h(List, { items: [...url.searchParams].map(([title, id], i) => ({ id: id || i, title, done: i % 2 === 1 })) })),
    h("input", { disabled: true, value: url.search, onClick: () => {} }), h("br"), [1, "two", null, false, 3n], h("svg", { viewBox: "0 0 1 1" }, h("path", { strokeWidth: 2 }))));

export default {
  async fetch(request) {
    const url = new URL(request.url);
    if (url.pathname === "/async") return new Response(await renderToStringAsync(page(url)), { headers: { "Content-Type": "text/html" } });
    if (url.pathname === "/throw") return new Response(renderToString(h(() => { throw new Error("x"); })));
    return new Response("<!doctype html>" + renderToString(page(url)), { headers: { "Content-Type": "text/html; charset=utf-8" } });
  },
};
