// zigttp:validate and zigttp:decode.
import { schemaCompile, schemaDrop, validateJson, validateObject, coerceJson } from "zigttp:validate";
import { decodeJson, decodeForm, decodeQuery, decodeFormMultipart } from "zigttp:decode";
let serial = 0;
function ok(schema, ...values) {
	const name = "s" + serial++;
	schemaCompile(name, schema);
	return values.map((v) => validateObject(name, v).ok ? 1 : 0).join("");
}
function errors(schema, v) {
	schemaCompile("e", schema);
	return JSON.stringify(validateObject("e", v).errors);
}
function refuses(schema) {
	try { return schemaCompile("r", schema); } catch (e) { return String(e); }
}
print(ok({ type: "string" }, "", 1, null, [], {}), ok({ type: ["integer", "null"] }, 1, 1.5, null, 1.0, "1"), ok({ type: "object" }, {}, [], null), ok(true, 1), ok(false, 1), ok({}, 1));  // expect: 10000 10110 100 1 0 1
print(ok({ enum: [1, "a", [1, { b: 2 }], null] }, 1, "a", [1, { b: 2 }], null, [1], 2), ok({ const: { a: [1] } }, { a: [1] }, { a: [2] }, { a: [1], b: 1 }));  // expect: 111100 100
print(ok({ minimum: 2, maximum: 5 }, 1, 2, 5, 6, "x"), ok({ exclusiveMinimum: 2, exclusiveMaximum: 5 }, 2, 3, 5), ok({ multipleOf: 0.1 }, 0.3, 0.35, 2));  // expect: 01101 010 101
print(ok({ minLength: 2, maxLength: 3 }, "a", "ab", "😀😀😀", "abcd"), ok({ pattern: "^\\p{L}+$" }, "é", "1"), ok({ pattern: "b" }, "abc", "x", 5));  // expect: 0110 10 101
print(ok({ items: { type: "number" }, minItems: 1, maxItems: 2 }, [], [1], [1, 2], [1, 2, 3], ["a"]), ok({ prefixItems: [{ type: "string" }, { type: "number" }], items: false }, ["a"], ["a", 1], ["a", 1, 2], [1]));  // expect: 01100 1100
print(ok({ uniqueItems: true }, [1, 2], [1, 1], [{ a: 1 }, { a: 1 }], ["1", 1]), ok({ contains: { const: 1 } }, [1], [2], []), ok({ contains: { const: 1 }, minContains: 2, maxContains: 3 }, [1], [1, 1], [1, 1, 1, 1]), ok({ contains: { const: 1 }, minContains: 0 }, []));  // expect: 1001 100 010 1
print(ok({ required: ["a", "toString"] }, { a: 1 }, { a: 1, toString: 2 }), ok({ properties: { a: { type: "string" } } }, { a: "" }, { a: 1 }, { b: 1 }, []), ok({ minProperties: 1, maxProperties: 2 }, {}, { a: 1 }, { a: 1, b: 2, c: 3 }));  // expect: 01 1011 010
print(ok({ properties: { a: true }, patternProperties: { "^x-": { type: "number" } }, additionalProperties: false }, { a: 1, "x-b": 1 }, { "x-b": "s" }, { c: 1 }), ok({ additionalProperties: { type: "number" } }, { z: 1 }, { z: "1" }), ok({ propertyNames: { maxLength: 1 } }, { a: 1 }, { ab: 1 }));  // expect: 100 10 10
print(ok({ dependentRequired: { a: ["b"] } }, { a: 1 }, { a: 1, b: 1 }, {}), ok({ dependentSchemas: { a: { required: ["c"] } } }, { a: 1 }, { a: 1, c: 1 }));  // expect: 011 01
print(ok({ allOf: [{ minimum: 1 }, { maximum: 3 }] }, 0, 2, 4), ok({ anyOf: [{ type: "string" }, { minimum: 3 }] }, "a", 3, 2), ok({ oneOf: [{ multipleOf: 2 }, { multipleOf: 3 }] }, 2, 3, 6, 7), ok({ not: { type: "null" } }, 1, null));  // expect: 010 110 1100 10
print(ok({ if: { properties: { k: { const: "a" } } }, then: { required: ["x"] }, else: { required: ["y"] } }, { k: "a", x: 1 }, { k: "a" }, { k: "b", y: 1 }, { k: "b", x: 1 }));  // expect: 1010
print(ok({ $defs: { tree: { type: "object", properties: { kids: { type: "array", items: { $ref: "#/$defs/tree" } } }, additionalProperties: false } }, $ref: "#/$defs/tree" }, { kids: [{ kids: [] }] }, { kids: [{ x: 1 }] }), ok({ properties: { next: { $ref: "#" }, "a/b": {} }, additionalProperties: false }, { next: { next: {} } }, { next: { q: 1 } }));  // expect: 10 10
print(ok({ format: "email" }, "a@b.co", "a@b", "a b@c.de", "@x.y"), ok({ format: "uuid" }, "123e4567-e89b-12d3-a456-426614174000", "123"), ok({ format: "date" }, "2024-02-29", "2023-02-29"), ok({ format: "iso-datetime" }, "2024-01-01T00:00:00Z", "2024-01-01", "2024-01-01T00:00:00"), ok({ format: "uri" }, "https://a.b/c?d", "/x", "a b"), ok({ format: "ipv4" }, "1.2.3.4", "1.2.3"), ok({ format: "ipv6" }, "::1", "g::"), ok({ format: "hostname" }, "a-b.c", "-a", "a..b"), ok({ format: "time" }, "10:00:00Z", "10:00"));  // expect: 1000 10 10 100 100 10 10 100 10
print(errors({ type: "object", properties: { age: { type: "integer", minimum: 18 }, "a/b": { type: "string" } }, required: ["name"], additionalProperties: false }, { age: 3, "a/b": 1, extra: 1 }));  // expect: [{"path":"/age","keyword":"minimum","message":"must be at least 18"},{"path":"/a~1b","keyword":"type","message":"must be string"},{"path":"/name","keyword":"required","message":"is missing"},{"path":"/extra","keyword":"additionalProperties","message":"is not a known property"}]
print(errors({ items: { type: "string" } }, [1, "a", null]));  // expect: [{"path":"/0","keyword":"type","message":"must be string"},{"path":"/2","keyword":"type","message":"must be string"}]
print(errors({ anyOf: [{ type: "string" }, { type: "null" }] }, 1), errors({ type: ["string", "null"], minLength: 3 }, 1));  // expect: [{"path":"","keyword":"anyOf","message":"fits none of the 2 alternatives"}] [{"path":"","keyword":"type","message":"must be null or string"}]
print(refuses({ minLen: 1 }));  // expect: TypeError: schema at '/': the keyword 'minLen' is not supported
print(refuses({ properties: { a: { unevaluatedProperties: false } } }));  // expect: TypeError: schema at '/properties/a': the keyword 'unevaluatedProperties' is not supported
print(refuses({ pattern: "(" }));  // expect: TypeError: schema at '/pattern': SyntaxError: Invalid regular expression: /(/u: Unterminated group
print(refuses({ properties: { x: { type: "strng" } } }));  // expect: TypeError: schema at '/properties/x/type': must be null, boolean, integer, number, string, array or object, or a list of them
print(refuses({ $ref: "#/$defs/none" }), refuses({ format: "colour" }).slice(0, 60), refuses({ minimum: "1" }), refuses("{"), refuses('{"type":"null"}'));  // expect: TypeError: schema at '/$ref': there is nothing at this pointer TypeError: schema at '/format': unknown format; there are da TypeError: schema at '/minimum': must be a number SyntaxError: Unexpected end of JSON input true
schemaCompile("user", { type: "object", properties: { id: { type: "integer" }, admin: { type: "boolean", default: false }, tags: { type: "array", items: { type: "string" } }, note: { type: ["string", "null"] } }, required: ["id"] });
print(JSON.stringify(validateJson("user", '{"id":1}')), JSON.stringify(validateJson("user", '{"id":"1"}')));  // expect: {"ok":true,"value":{"id":1}} {"ok":false,"errors":[{"path":"/id","keyword":"type","message":"must be integer"}]}
print(JSON.stringify(coerceJson("user", '{"id":"12","admin":"true","tags":"x","note":5}')), JSON.stringify(coerceJson("user", '{"id":" 1"}')));  // expect: {"ok":true,"value":{"id":12,"admin":true,"tags":["x"],"note":"5"}} {"ok":false,"errors":[{"path":"/id","keyword":"type","message":"must be integer"}]}
print(JSON.stringify(coerceJson("user", '{"id":1')));  // expect: {"ok":false,"errors":[{"path":"","keyword":"json","message":"is not JSON: SyntaxError: Unexpected end of JSON input"}]}
print(JSON.stringify(decodeJson("user", '{"id":7}')), JSON.stringify(decodeForm("user", "id=7&tags=a&tags=b+c&note=%C3%A9")), JSON.stringify(decodeForm("user", "id=1&id=2")));  // expect: {"ok":true,"value":{"id":7}} {"ok":true,"value":{"id":7,"tags":["a","b c"],"note":"é","admin":false}} {"ok":false,"errors":[{"path":"/id","keyword":"type","message":"must be integer"}]}
print(JSON.stringify(decodeQuery("user", "?id=3&tags=z")), JSON.stringify(decodeQuery("user", { id: "4" })), JSON.stringify(decodeQuery("user", { getAll: (n) => n === "id" ? ["5"] : [], id: "5" }).ok));  // expect: {"ok":true,"value":{"id":3,"tags":["z"],"admin":false}} {"ok":true,"value":{"id":4,"admin":false}} true
const body = '--B\r\nContent-Disposition: form-data; name="id"\r\n\r\n9\r\n--B\r\nContent-Disposition: form-data; name="f"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nhello\r\n--B--\r\n';
const form = decodeFormMultipart("user", body, "multipart/form-data; boundary=B");
print(JSON.stringify(form.value), form.value.f.bytes.length);  // expect: {"id":9,"f":{"filename":"a.txt","type":"text/plain","bytes":{"0":104,"1":101,"2":108,"3":108,"4":111}},"admin":false} 5
print(JSON.stringify(decodeFormMultipart("user", body, "text/plain")), JSON.stringify(decodeFormMultipart("user", "junk", "multipart/form-data; boundary=B")));  // expect: {"ok":false,"errors":[{"path":"","keyword":"multipart","message":"the content type is not multipart/form-data with a boundary"}]} {"ok":false,"errors":[{"path":"","keyword":"multipart","message":"the body is not well-formed multipart/form-data"}]}
schemaCompile("choice", { anyOf: [{ type: "integer" }, { type: "boolean" }] });
print(JSON.stringify([coerceJson("choice", '"5"'), coerceJson("choice", '"true"'), coerceJson("choice", '"x"').ok]));  // expect: [{"ok":true,"value":5},{"ok":true,"value":true},false]
print(schemaDrop("user"), schemaDrop("user"));  // expect: true false
try {
	validateJson("user", "{}");
} catch (e) {
	print(String(e));  // expect: TypeError: validateJson: there is no schema 'user'
}
const deep = JSON.parse("[".repeat(400) + "]".repeat(400));
schemaCompile("deep", { items: { $ref: "#" } });
print(validateObject("deep", deep).ok, validateObject("deep", deep).errors[0].message);  // expect: false is nested too deeply
