import { Type, FormatRegistry } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { TypeCompiler } from "@sinclair/typebox/compiler";

FormatRegistry.Set("short", (v) => v.length < 4);
const T = Type.Object({ id: Type.Integer({ minimum: 1 }), s: Type.String({ format: "short", pattern: "^[a-z]*$" }), list: Type.Optional(Type.Array(Type.Union([Type.Literal("a"), Type.Number(), Type.Null()]), { uniqueItems: true })), rec: Type.Recursive((This) => Type.Object({ next: Type.Optional(This) })), tup: Type.Tuple([Type.Boolean(), Type.RegExp(/x+/)]), d: Type.Record(Type.TemplateLiteral("k${0|1}"), Type.Date()) }, { additionalProperties: false });
const C = TypeCompiler.Compile(T);
const good = { id: 1, s: "abc", list: ["a", 1, null], rec: { next: { next: {} } }, tup: [true, "xx"], d: { k1: new Date(0) } };
for (const v of [good, { ...good, id: 0 }, { ...good, s: "toolong" }, { ...good, list: [1, 1] }, { ...good, rec: { next: 1 } }, { ...good, tup: [1, "y"] }, { ...good, extra: 1 }, null]) {
	console.log(C.Check(v), Value.Check(T, v));
	for (const e of C.Errors(v))
		console.log(e.path, e.message);
}
console.log(C.Code().replace(/\d{5,}/g, "N").length > 100, JSON.stringify(Value.Create(Type.Object({ a: Type.Number({ default: 3 }), b: Type.Array(Type.String()) }))), JSON.stringify(Value.Convert(Type.Object({ n: Type.Number(), b: Type.Boolean() }), { n: "3.5", b: "true" })), JSON.stringify(Value.Diff({ a: 1, b: [1] }, { a: 2, b: [1, 2] })), String(Value.Hash(good)), JSON.stringify(Value.Clean(T, { ...good, zz: 1 })), JSON.stringify(Type.Composite([Type.Object({ a: Type.String() }), Type.Object({ b: Type.Number() })])));
const D = Type.Transform(Type.String()).Decode((v) => new Date(v)).Encode((v) => v.toISOString());
console.log(Value.Decode(D, "2020-01-01").getTime(), Value.Encode(D, new Date(0)));
