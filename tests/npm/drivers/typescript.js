/* Transpiles and checks nothing but syntax: what a loader does. */
import ts from "typescript";

const source = `import { a, type B } from "./m";
export enum Colour { Red, Green = "g".length, Blue = 1 << 3 }
namespace Util.Deep { export const x = 1; export function f<T>(this: Window, v: T): v is T { return x > 0; } }
@dec({ a: 1 }) export abstract class Base<T extends object = {}> implements I<T> {
	static #count = 0; private readonly items: T[] = []; declare y: number; accessor z = 1;
	constructor(public name: string, protected opts?: Partial<T>) { Base.#count++; }
	@log async *each(@inject cb: (t: T) => Promise<void>): AsyncGenerator<T, void, unknown> { for await (const i of this.items) { await cb?.(i); yield i!; } }
	get size(): number { return this.items?.length ?? 0; } abstract go(): void;
}
const enum K { A = 1 } let k = K.A; type M<T> = { [P in keyof T]?: T[P] extends infer U ? U : never };
const o = { ...a, b: 2 } as const satisfies object; let [p, { q = 1, ...rest }] = o as any; label: for (const x of [1]) { continue label }
export default function <T,>(x: T): asserts x is NonNullable<T> { using r = x as any; return (<any>x)\`t\${x}\`; }
export = k; var el = 1 ** 2, big = 10n, re = /(?<n>x)/dgu;`;
const jsx = "export const App = (p: P) => <div {...p} a='1'>{p.x ? <b.c/> : <></>} text &amp; </div>;";
const T = ts.ScriptTarget, M = ts.ModuleKind;
for (const [target, module] of [[T.ES2015, M.AMD], [T.ES2017, M.ESNext], [T.ES2022, M.CommonJS], [T.ESNext, M.System]]) {
	const r = ts.transpileModule(source, { compilerOptions: { target, module, experimentalDecorators: target < T.ES2017, emitDecoratorMetadata: true, sourceMap: true, downlevelIteration: true, importHelpers: false }, reportDiagnostics: true, fileName: "x.ts" });
	console.log(r.outputText);
	console.log(r.sourceMapText);
	for (const d of r.diagnostics)
		console.log(d.code, d.start, ts.flattenDiagnosticMessageText(d.messageText, "\n"));
}
for (const j of [ts.JsxEmit.React, ts.JsxEmit.ReactJSX, ts.JsxEmit.Preserve])
	console.log(ts.transpileModule(jsx, { compilerOptions: { target: T.ES2020, jsx: j }, fileName: "x.tsx" }).outputText);
const file = ts.createSourceFile("y.ts", source, T.Latest, true);
const kinds = new Map();
(function walk(n) { const k = ts.SyntaxKind[n.kind]; kinds.set(k, (kinds.get(k) ?? 0) + 1); ts.forEachChild(n, walk); })(file);
console.log(JSON.stringify([...kinds].sort()));
console.log(ts.createPrinter({ removeComments: true }).printFile(file));
/* Type checking a program of one file, with a library of its own. */
const files = { "/lib.d.ts": "interface Array<T> { length: number; [n: number]: T; map<U>(f: (v: T) => U): U[] } interface Boolean {} interface CallableFunction {} interface Function {} interface IArguments {} interface NewableFunction {} interface Number { toFixed(n?: number): string } interface Object {} interface RegExp {} interface String { length: number }", "/main.ts": "const n: number = 'x'; function f<T extends { a: number }>(v: T) { return v.a.toFixed(); } f({ b: 1 }); const s: string[] = [1, 2].map((x) => x.toFixed()); s.lenght; type D<T> = T extends string ? 1 : 2; const d: D<'a'> = 2; let u: string | undefined; u.length; switch (1 as 1 | 2) { case 3: }" };
const host = { fileExists: (f) => f in files, readFile: (f) => files[f], getSourceFile: (f, v) => f in files ? ts.createSourceFile(f, files[f], v) : undefined, getDefaultLibFileName: () => "/lib.d.ts", writeFile: (f, t) => console.log(f, t), getCurrentDirectory: () => "/", getCanonicalFileName: (f) => f, useCaseSensitiveFileNames: () => true, getNewLine: () => "\n", directoryExists: () => true, getDirectories: () => [] };
const program = ts.createProgram(["/main.ts"], { strict: true, target: T.ES2020, lib: undefined, types: [] }, host);
console.log(ts.formatDiagnostics(ts.getPreEmitDiagnostics(program), host));
program.emit();
