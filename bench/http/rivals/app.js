// What every server of compare.py computes; put in front of its glue.
function objects() {
  const items = [];
  for (let i = 0; i < 100; i++) {
    items.push({ id: i, name: "Item number " + i, price: i * 1.25, inStock: i % 3 !== 0,
      tags: ["red", "large", "tag" + (i % 7)], vendor: { id: i % 10, city: "Rotterdam" } });
  }
  return { count: items.length, items };
}
function escapeText(s) {
  return s.replace(/[&<>"]/g, (c) => (c === "&" ? "&amp;" : c === "<" ? "&lt;" : c === ">" ? "&gt;" : "&quot;"));
}
function html() {
  let rows = "";
  for (let i = 0; i < 100; i++) {
    rows += `<tr id="row-${i}"><td class="name">${escapeText("Row <" + i + "> & co")}</td>` +
      `<td class="value">${(i * 7) % 100}</td><td><a href="/item/${i}">open</a></td></tr>\n`;
  }
  return `<!doctype html><html><head><title>Table</title></head><body><table>${rows}</table></body></html>`;
}
function echo(text) {
  const v = JSON.parse(text);
  v.seen = true;
  return v;
}
