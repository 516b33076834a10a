import { minify } from "terser";

const codes = [
	"function add(first, second) { var unused = 1; if (DEBUG) console.log('x'); return first + second; } export const t = add(1, 2) * 3; const o = { a: 1, ...b, ['c']: d?.e ?? f };",
	"class A extends B { #x = 1; static { this.y = 2; } get z() { return this.#x ** 2; } async *gen() { yield* await foo; } } label: for (const [a, { b = 3 }] of list) { if (!a) continue label; else break; } new A().z;",
	"switch (x) { case 1: case 2: foo(); break; default: bar(); } try { a(); } catch { b(); } finally { c(); } if (a && b) { d(); } else if (!(a || c)) { e(); } while (true) { if (q) break; w(); } var re = /[a-z]+/gi, tpl = `a${b}c${1 + 2}`;",
	"(function () { function unused() {} var a = 1, b = a + 2; for (var i = 0; i < 10; i++) { (function (n) { setTimeout(function () { console.log(n, b); }); })(i); } return typeof a === 'undefined'; })();",
];
for (const c of codes)
	for (const o of [{ compress: false, mangle: false }, {}, { toplevel: true, module: true, compress: { passes: 2, global_defs: { DEBUG: false }, unsafe: true }, mangle: { properties: { regex: /^_/ } }, format: { beautify: true } }])
		console.log((await minify(c, o)).code);
console.log(JSON.stringify((await minify({ "a.js": "function longName(parameter) { return parameter + 1 }\nlongName(2);" }, { sourceMap: { filename: "o.js" }, compress: false })).map));
for (const bad of ["let x = ;", "a b", "`${"])
	try {
		await minify(bad);
	} catch (e) {
		console.log(e.name, e.message, e.line, e.col, e.pos);
	}
