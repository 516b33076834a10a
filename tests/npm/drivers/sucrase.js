import { transform } from "sucrase";

const ts = `import React, { type FC } from "react"; import type { X } from "./x"; export * from "y";
enum Colour { Red = 1, Green, Blue = "b".length } declare const D: number; abstract class A<T> extends B implements C { private x?: number = 1; constructor(public readonly y: string, z = 2) { super(); } static s: string; get v(): T { return this.x!; } method<U>(this: A<T>, a?: U): asserts a is U { return a as unknown as any; } }
type Fn = (a: number) => void; interface I { a: string } export default function f<T extends object>(x: T, ...r: T[]): x is T { return <any>x; } const g = async <T,>(a: T): Promise<T> => a; let o = a?.b ?? c!.d; namespace N { export type Q = 1 } let u = x satisfies Y; export { type Z, w as v };`;
const jsx = "const App = ({ a, ...rest }) => <div className=\"x\" {...rest} on={() => 1}>{/* c */}text &amp; {a ? <b key={1}>y</b> : null}<></><Foo.Bar x='é' y /></div>;\nclass P { #p = 1; static q = 2; m() { return this.#p; } }";
for (const [code, o] of [[ts, { transforms: ["typescript"] }], [ts, { transforms: ["typescript", "imports"] }], [jsx, { transforms: ["jsx"], production: true }], [jsx, { transforms: ["jsx", "imports"], jsxRuntime: "automatic", production: true }], [jsx, { transforms: ["jsx", "flow"], jsxPragma: "h", jsxFragmentPragma: "F", production: true }]])
	console.log(transform(code, o).code);
console.log(JSON.stringify(transform(ts, { transforms: ["typescript"], filePath: "a.ts", sourceMapOptions: { compiledFilename: "a.js" } }).sourceMap));
for (const bad of ["let x: = 1", "<a>", "class {"])
	try {
		transform(bad, { transforms: ["typescript", "jsx"] });
	} catch (e) {
		console.log(e.name, e.message);
	}
