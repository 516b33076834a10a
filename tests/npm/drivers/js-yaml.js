import * as yaml from "js-yaml";

const docs = [`
a: 1
b: [x, 'y', "z\\u00e9\\n", null, ~, true, 0x1f, 0o17, 1_000, 1.5e3, .inf, -.NaN]
c: &anchor {k: v, n: {m: []}}
d: *anchor
e: |
  literal
    text

f: >-
  folded
  text

  more
g: !!set {one, two}
h: 2001-12-14t21:59:43.10-05:00
i: 2002-12-14
? [complex, key]
: value
j: - not a list
`, "- 1\n- - 2\n  - a: b\n    c: d\n- !!binary aGVsbG8=\n- <<: {x: 1}\n  y: 2\n", "--- a\n...\n--- {b: c}\n", "key: 'it''s'\n\"q\": ''\nempty:\n", "a: [1, 2\nb: 3", "a: b: c", "\tx: 1", "a: *none", "%YAML 1.2\n---\nx: 'unterminated", "? a\n? b\n"];
for (const d of docs)
	try {
		const v = [];
		const r = yaml.loadAll(d, (x) => v.push(x));
		console.log(JSON.stringify(r ?? v));
	} catch (e) {
		console.log(e.name, e.message);
	}
const value = { s: ["plain", "with: colon", "multi\nline\ntext", "", " lead", "true", "1e3", "é\u0001", "- x", "#no", "'q\"", "a".repeat(120)], n: [0, -0, 1.5, 1e21, NaN, -Infinity], d: new Date(0), o: { nested: { a: [], b: {}, c: null } } };
value.again = value.o;
console.log(yaml.dump(value));
console.log(yaml.dump(value, { flowLevel: 1, sortKeys: true, noRefs: true, lineWidth: 40, indent: 4 }));
console.log(JSON.stringify(yaml.load(yaml.dump(value))));
try {
	yaml.dump({ f() {} });
} catch (e) {
	console.log(e.name, e.message);
}
