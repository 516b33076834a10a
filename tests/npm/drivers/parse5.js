import { parse, parseFragment, serialize, html, defaultTreeAdapter as tree } from "parse5";

const page = `<!doctype html><html lang=en><head><title>T &amp; <b></title><script>if (a < b) "</scr" + "ipt>";</script><style>p > a { }</style>
<body class=x data-y='1'><p>one<p>two<table><tr><td>cell<b>misnested<i>x</b>y</i><div>foster</table><ul><li>a<li>b</ul>
<svg viewBox="0 0 1 1"><circle r=1 /><foreignObject><p>in</foreignObject></svg><math><mi>x</mi></math><template><td>t</template>
<!-- c --><![CDATA[x]]><select><option>1<option selected>2</select><textarea>
<raw></textarea>&notit; &copy &#x80; &nosuch; </body></html>`;
const errors = [];
const doc = parse(page, { sourceCodeLocationInfo: true, onParseError: (e) => errors.push(`${e.code}@${e.startLine}:${e.startCol}`) });
console.log(serialize(doc));
console.log(errors.join());
const names = [];
(function walk(n, depth) { names.push(" ".repeat(depth) + n.nodeName); for (const c of n.content?.childNodes ?? n.childNodes ?? []) walk(c, depth + 1); })(doc, 0);
console.log(names.join("\n"));
for (const s of ["<td>x", "a<br/>b</p>c", "<frameset>", "<a href=1><a href=2>", "\u0000<p\u0000>", "<b><p></b></p>", "<!--x--!><?php ?>"])
	console.log(serialize(parseFragment(s)));
const f = parseFragment("<i>1</i>");
tree.insertText(f.childNodes[0], " & 2");
tree.appendChild(f, tree.createElement("hr", html.NS.HTML, [{ name: "q", value: "\"&" }]));
console.log(serialize(f));
