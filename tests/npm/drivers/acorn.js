/* Parses the bundles of other packages and prints what is in them. */
import { parse, tokenizer, parseExpressionAt, isIdentifierStart } from "acorn";
import * as sources from "zigttp:bundles";

function walk(node, seen) {
	const count = new Map();
	const stack = [node];
	let hash = 0;

	while (stack.length) {
		const n = stack.pop();
		count.set(n.type, (count.get(n.type) ?? 0) + 1);
		hash = (Math.imul(hash, 31) + n.start * 7 + n.end) | 0;
		for (const key in n) {
			const v = n[key];
			if (Array.isArray(v))
				v.forEach((x) => x && typeof x.type === "string" && stack.push(x));
			else if (v && typeof v.type === "string")
				stack.push(v);
		}
	}
	seen.push(hash);
	return [...count].sort(([a], [b]) => (a < b ? -1 : 1));
}

for (const name of Object.keys(sources).sort()) {
	const hashes = [];
	const tree = parse(sources[name], { ecmaVersion: "latest", sourceType: "module", locations: true });

	console.log(name, JSON.stringify(walk(tree, hashes)), hashes.join());
}
console.log([...tokenizer("a?.b ?? `x${1}` / /re[/]/giu", { ecmaVersion: 2022 })].map((t) => t.type.label).join(" "));
console.log(JSON.stringify(parseExpressionAt("  (a, b) => ({ ...a, [b]: 0x1n })", 2, { ecmaVersion: 2022 }), (k, v) => (typeof v === "bigint" ? `${v}n` : v)));
for (const bad of ["let x = ;", "class A { constructor(){} constructor(){} }", "'use strict'; with (a) b", "for (let x of a, b);", "/(/", "\"\\u{110000}\"", "await 1", "a => { } ()"]) {
	try {
		parse(bad, { ecmaVersion: 2022 });
		console.log("parsed", bad);
	} catch (e) {
		console.log(e.name, e.message, e.pos, JSON.stringify(e.loc));
	}
}
console.log(isIdentifierStart(0x1d49c), isIdentifierStart(0x20));
