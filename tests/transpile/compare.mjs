/* compare.mjs ZIGTTP ROOT OUT FILE...: each TypeScript file as `zigttp run --dump=js` prints it against what the
 * TypeScript compiler emits. Both texts are parsed by acorn; the trees must be equal but for what is only
 * spelling. typescript and acorn are found below ROOT/node_modules. Both texts are kept, as OUT/typescript/FILE.ts and
 * OUT/zigttp/FILE.ts, by their paths below ROOT. Prints what differs, then "N passed, M failed". */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";

const [zigttp, root, out, ...files] = process.argv.slice(2);
const require = createRequire(join(root, "package.json"));
const ts = require("typescript");
const acorn = require("acorn");
const OPTIONS = {
	target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext, isolatedModules: true, removeComments: true,
	useDefineForClassFields: true, jsx: ts.JsxEmit.React, jsxFactory: "h", jsxFragmentFactory: "Fragment",
};

const SPELLING = new Set(["start", "end", "raw", "shorthand", "directive"]);
const keyName = (k) => (k.type === "Identifier" ? k.name : k.type === "Literal" && !k.bigint ? String(k.value) : null);
const keepsNothing = (n) =>
	n.type === "EmptyStatement" ||
	(n.type === "ExportNamedDeclaration" && !n.declaration && !n.source && n.specifiers.length === 0);

/* -1 is an operator before a number, and a number; NaN is 0 / 0. */
function folded(n) {
	if (n.type === "BinaryExpression" && n.operator === "/" && n.left.value === 0 && n.right.value === 0)
		return { type: "Identifier", name: "NaN" };
	if (n.type === "BinaryExpression" && n.operator === "/" && n.left.value === 1 && n.right.value === 0)
		return { type: "Identifier", name: "Infinity" };
	const v = n.type === "UnaryExpression" && n.argument.type === "Literal" ? n.argument.value : undefined;
	return typeof v === "number" && n.operator === "-" ? { type: "Literal", value: -v } : n;
}

function normal(n) {
	/* ...{ a } is what a says */
	if (Array.isArray(n) && n.some((x) => x?.type === "SpreadElement" && x.argument.type === "ObjectExpression"))
		n = n.flatMap((x) => (x?.type === "SpreadElement" && x.argument.type === "ObjectExpression" ? x.argument.properties : [x]));
	if (Array.isArray(n))
		return n.filter((x) => !(x && keepsNothing(x))).map(normal);
	if (n === null || typeof n !== "object" || n instanceof RegExp)
		return typeof n === "bigint" ? `${n}n` : n;
	n = folded(n);
	if (n.type === "PrivateIdentifier")
		return { type: n.type, name: n.name.replace(/^accessor_+(\w+)$/, "$1_accessor_storage").replace(/_accessor_storage$/, " storage") };
	if (n.type === "Literal" && n.regex)
		return { type: "Literal", regex: n.regex };
	const out = {};
	for (const k of Object.keys(n)) {
		if (SPELLING.has(k))
			continue;
		if (k === "key" && !n.computed && n.key.type !== "PrivateIdentifier") {
			out.key = keyName(n.key) ?? normal(n.key);
			continue;
		}
		if (k === "value" && n.type === "TemplateElement") {
			out.value = { cooked: n.value.cooked };
			continue;
		}
		out[k] = normal(n[k]);
	}
	return out;
}

function difference(a, b, path) {
	if (Object.is(a, b))
		return null;
	if (typeof a !== "object" || typeof b !== "object" || a === null || b === null)
		return `${path}: typescript ${JSON.stringify(a)?.slice(0, 200)}, zigttp ${JSON.stringify(b)?.slice(0, 200)}`;
	if (Array.isArray(a) && a.length !== b.length)
		return `${path}: typescript has ${a.length}, zigttp ${b.length}: ${JSON.stringify(a.find((x, i) => JSON.stringify(x) !== JSON.stringify(b[i])))?.slice(0, 300)}`;
	if (a.type !== b.type)
		return `${path}: typescript ${JSON.stringify(a).slice(0, 200)}, zigttp ${JSON.stringify(b).slice(0, 200)}`;
	for (const k of new Set([...Object.keys(a), ...Object.keys(b)])) {
		const d = difference(a[k], b[k], `${path}/${k}`);
		if (d)
			return d;
	}
	return null;
}

function keep(who, file, text) {
	const rel = relative(root, file);
	/* In .ts files esbuild does not mind that exports which were only types are gone. */
	const to = join(out, who, rel.startsWith("..") ? basename(file) : rel).replace(/\.[mc]?tsx?$/, ".ts");
	mkdirSync(dirname(to), { recursive: true });
	writeFileSync(to, text);
}

const parse = (text) => acorn.parse(text, { ecmaVersion: "latest", sourceType: "module", allowReturnOutsideFunction: true });

let passed = 0;
let failed = 0;
for (const file of files) {
	const source = readFileSync(file, "utf8");
	let why = null;
	try {
		const ours = execFileSync(zigttp, ["run", "--module", "--dump=js", file], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], maxBuffer: 1 << 28 });
		/* Accessor fields stay in ESNext; they are lowered here, as for the year before. */
		const target = /\baccessor [#\w]/.test(source) ? ts.ScriptTarget.ES2022 : OPTIONS.target;
		const theirs = ts.transpileModule(source, { compilerOptions: { ...OPTIONS, target }, fileName: file }).outputText;
		keep("zigttp", file, ours);
		keep("typescript", file, theirs);
		why = difference(normal(parse(theirs).body), normal(parse(ours).body), "");
		if (!why && ours.trimEnd().split("\n").length > source.split("\n").length)
			why = "the printed program has more lines than the source";
	} catch (e) {
		why = String(e.stderr || e.message).trim();
	}
	if (why) {
		failed++;
		console.log(`FAIL ${file}: ${why}`);
	} else {
		passed++;
	}
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
