import * as s from "superstruct";

const User = s.object({ id: s.defaulted(s.integer(), () => 7), email: s.refine(s.string(), "email", (v) => v.includes("@")), tags: s.optional(s.array(s.enums(["a", "b"]))), meta: s.record(s.string(), s.union([s.number(), s.nullable(s.boolean())])), at: s.coerce(s.date(), s.string(), (x) => new Date(x)), pos: s.tuple([s.min(s.number(), 0), s.size(s.string(), 1, 3)]) });
const good = { email: "a@b", meta: { x: 1, y: null }, at: "2020-01-01T00:00:00Z", pos: [1, "xy"] };
for (const v of [good, { ...good, email: "no" }, { ...good, tags: ["a", "c"] }, { ...good, meta: { q: "s" } }, { ...good, pos: [-1, "long!"] }, { ...good, extra: 1 }, null]) {
	const [err, out] = s.validate(v, User, { coerce: true, mask: false });
	console.log(err ? `${err.name} ${err.message} ${JSON.stringify(err.path)} ${err.failures().map((f) => f.message).join("; ")}` : JSON.stringify(out));
}
console.log(s.is([1, 2], s.array(s.number())), s.is(new Map([["a", 1]]), s.map(s.string(), s.number())), s.is(new Set([1]), s.set(s.string())), JSON.stringify(s.mask({ ...good, id: 1, x: 1 , at: new Date(0)}, User)), s.is(5, s.intersection([s.number(), s.max(s.number(), 4)])));
try {
	s.assert({ a: { b: 1 } }, s.type({ a: s.type({ b: s.literal(2) }) }));
} catch (e) {
	console.log(e instanceof s.StructError, e.message, e.key, e.branch.length);
}
