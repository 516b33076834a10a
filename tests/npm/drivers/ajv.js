import Ajv, { str, _ } from "ajv";

const ajv = new Ajv({ allErrors: true, useDefaults: true, coerceTypes: true, strict: false });
const schema = {
	$id: "http://example/person", type: "object", required: ["name", "age"], additionalProperties: false,
	properties: {
		name: { type: "string", minLength: 2, pattern: "^[\\p{L} ]+$" },
		age: { type: "integer", minimum: 0, exclusiveMaximum: 150 },
		tags: { type: "array", items: { enum: ["a", "b", "c"] }, uniqueItems: true, default: ["a"] },
		address: { $ref: "#/definitions/address" },
		rate: { type: "number", multipleOf: 0.01 },
	},
	definitions: {
		address: { type: "object", properties: { zip: { type: "string" }, next: { $ref: "#/definitions/address" } },
			if: { required: ["zip"] }, then: { properties: { zip: { maxLength: 5 } } }, else: { required: ["city"] } },
	},
};
const validate = ajv.compile(schema);
const data = [
	{ name: "Ann", age: 3 }, { name: "A", age: -1 }, { name: "Bob", age: "41", tags: ["b", "b"] }, { age: 1.5 },
	{ name: "Zoë Q", age: 149, rate: 1.13, extra: true }, { name: "x1", age: 150, rate: 1.134 }, null, [], "x",
	{ name: "Cy", age: 1, address: { zip: "123456" } }, { name: "Cy", age: 1, address: { zip: "1", next: {} } },
];
for (const d of data) {
	console.log(validate(d), JSON.stringify(d), ajv.errorsText(validate.errors));
	console.log(JSON.stringify(validate.errors));
}
const union = ajv.compile({ oneOf: [{ type: "object", properties: { kind: { const: "a" } }, required: ["kind"] },
	{ type: "object", properties: { kind: { const: "b" }, n: { type: "number" } }, required: ["kind", "n"] }],
	not: { required: ["no"] }, minProperties: 1 });
for (const d of [{ kind: "a" }, { kind: "b" }, { kind: "b", n: 1 }, { kind: "a", no: 1 }, {}])
	console.log(union(d), JSON.stringify(union.errors));
ajv.addKeyword({ keyword: "even", type: "number", code(cxt) { cxt.fail(_`${cxt.data} % 2 !== 0`); }, error: { message: str`must be even` } });
const even = ajv.compile({ type: "array", items: { even: true }, contains: { const: 4 } });
for (const d of [[2, 4], [1, 4], [2], ["x", 4]])
	console.log(even(d), ajv.errorsText(even.errors, { dataVar: "d", separator: "; " }));
try {
	new Ajv().compile({ type: "nonsense" });
} catch (e) {
	console.log(e.name, e.message);
}
