import * as v from "valibot";

const S = v.object({ email: v.pipe(v.string(), v.trim(), v.email("bad email")), age: v.optional(v.pipe(v.number(), v.integer(), v.minValue(18))), role: v.picklist(["admin", "user"]), tags: v.pipe(v.array(v.string()), v.maxLength(2), v.transform((t) => new Set(t))), nested: v.variant("kind", [v.object({ kind: v.literal("a"), x: v.number() }), v.object({ kind: v.literal("b"), y: v.nullable(v.string(), "dflt") })]), url: v.nullish(v.pipe(v.string(), v.regex(/^https?:/))) });
const good = { email: "  a@b.co ", role: "user", tags: ["x", "y"], nested: { kind: "b", y: null } };
for (const d of [good, { ...good, email: "x" }, { ...good, age: 3.5 }, { ...good, tags: [1, "a", "b"] }, { ...good, nested: { kind: "c" } }, { ...good, url: "ftp:" }, 5]) {
	const r = v.safeParse(S, d);
	console.log(r.success, r.success ? JSON.stringify({ ...r.output, tags: [...r.output.tags] }) : JSON.stringify(v.flatten(r.issues)), r.issues?.map((i) => `${i.type}:${i.message}:${i.path?.map((p) => p.key).join(".")}`).join("; "));
}
console.log(JSON.stringify(await v.parseAsync(v.pipeAsync(v.string(), v.checkAsync(async (s) => s.length > 1), v.toUpperCase()), "abc")), v.is(v.union([v.bigint(), v.date()]), 5n), JSON.stringify(v.getDefaults(S)), v.is(v.strictObject({ a: v.any() }), { a: 1, b: 2 }), JSON.stringify(v.parse(v.record(v.string(), v.pipe(v.unknown(), v.transform(Number))), { a: "5" })));
for (const s of ["1.2.3.4", "::1", "2024-02-30", "550e8400-e29b-41d4-a716-446655440000", "4111111111111111", "👍", "01ARZ3NDEKTSV4RRFFQ69G5FAV"])
	console.log(s, ["ipv4", "ip", "isoDate", "uuid", "creditCard", "emoji", "ulid"].filter((k) => v.is(v.pipe(v.string(), v[k]()), s)).join());
try {
	v.parse(S, {});
} catch (e) {
	console.log(e.name, e.message, e.issues.length);
}
