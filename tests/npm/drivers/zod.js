import { z } from "zod";

const Address = z.object({ street: z.string().min(1), zip: z.string().regex(/^\d{5}$/) });
const User = z.object({ id: z.number().int().positive(), email: z.string().email(), name: z.string().trim().toLowerCase().optional(), role: z.enum(["admin", "user"]).default("user"), tags: z.array(z.string()).max(2), address: Address.partial().nullable(), when: z.coerce.date(), kind: z.discriminatedUnion("t", [z.object({ t: z.literal("a"), x: z.number() }), z.object({ t: z.literal("b"), y: z.bigint() })]), extra: z.record(z.string(), z.union([z.number(), z.boolean()])).catch({}) }).strict();
const good = { id: 1, email: "a@b.co", name: "  ANN ", tags: ["x"], address: { zip: "12345" }, when: "2020-01-01T00:00:00Z", kind: { t: "b", y: 5n }, extra: { q: 1 } };
const show = (v) => JSON.stringify(v, (k, x) => (typeof x === "bigint" ? `${x}n` : x));
for (const d of [good, { ...good, id: -1.5 }, { ...good, email: "no", tags: ["a", "b", "c"] }, { ...good, address: { zip: "x" } }, { ...good, kind: { t: "c" } }, { ...good, extra: { q: "s" } }, { ...good, unknown: 1 }, { ...good, when: "never" }, null, []]) {
	const r = User.safeParse(d);
	console.log(r.success, show(r.success ? r.data : r.error.issues));
	if (!r.success)
		console.log(show(z.flattenError(r.error)), z.prettifyError(r.error));
}
const Tree = z.lazy(() => z.object({ v: z.number(), kids: z.array(Tree) }));
console.log(show(Tree.parse({ v: 1, kids: [{ v: 2, kids: [] }] })), show(z.tuple([z.string(), z.number()]).rest(z.boolean()).safeParse(["a", 1, "x"])), show(z.string().transform((s) => s.length).pipe(z.number().min(3)).safeParse("ab")), show(z.preprocess((x) => Number(x), z.number()).parse("5")));
console.log(show(await z.string().refine(async (s) => s.length > 3, { message: "short", path: ["p"] }).safeParseAsync("abc")), show(z.object({ a: z.string(), b: z.string() }).superRefine((v, c) => { if (v.a !== v.b) c.addIssue({ code: "custom", message: "differ", path: ["b"] }); }).safeParse({ a: "1", b: "2" })));
for (const [name, s] of Object.entries({ uuid: z.uuid(), url: z.string().startsWith("http"), ip: z.ipv4(), dt: z.iso.datetime(), b64: z.base64(), emoji: z.emoji(), cuid: z.cuid2(), dur: z.iso.duration(), jwt: z.jwt() }))
	console.log(name, ["550e8400-e29b-41d4-a716-446655440000", "http://x", "1.2.3.4", "2020-01-01T00:00:00Z", "aGk=", "👍", "tz4a98xxat96iws9zmbrgj3a", "P1D", "x"].filter((v) => s.safeParse(v).success).join());
console.log(show(z.toJSONSchema(z.object({ a: z.string().min(2).describe("d"), b: z.array(z.number()).optional(), c: z.enum(["x"]) }))), show(User.keyof().options), show(User.pick({ id: true }).extend({ z: z.nan() }).safeParse({ id: 1, z: 1 })), z.map(z.string(), z.set(z.number())).parse(new Map([["a", new Set([1])]])).size, show(z.templateLiteral(["v", z.number(), ".", z.enum(["a", "b"])]).safeParse("v1.c")));
try {
	z.number({ error: (i) => `custom ${i.code}` }).parse("x");
} catch (e) {
	console.log(e.name, e instanceof z.ZodError, e.message);
}
