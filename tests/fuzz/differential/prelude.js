/* What generated programs print with: one line a case, the same in every engine. */
var LOG = [], INTRINSICS = new Map();
for (const n of Reflect.ownKeys(globalThis))
	if (typeof globalThis[n] === "function" && globalThis[n].prototype) INTRINSICS.set(globalThis[n].prototype, n);
/* Node 20 has no iterator helpers. */
if (globalThis.Iterator) for (const n of Object.getOwnPropertyNames(Iterator.prototype)) delete Iterator.prototype[n];
INTRINSICS.set(Object.getPrototypeOf(Uint8Array.prototype), "TypedArray");
/* V8's own: sloppy functions have these, and typed arrays may be sealed. Newer than Node 20: fromAsync. */
delete Array.fromAsync;
/* …and what revivers are told of the source text. */
delete JSON.rawJSON;
delete JSON.isRawJSON;
var PARSE = JSON.parse;
JSON.parse = ({ parse(text, reviver) {
	return typeof reviver === "function" ? PARSE(text, function (k, v) { return reviver.call(this, k, v); }) : PARSE(text, reviver);
} }).parse;
var OWN = Reflect.ownKeys, seal = Object.seal, stop = Object.preventExtensions, OWN_STOP = Reflect.preventExtensions;
Object.seal = function (o) { return ArrayBuffer.isView(o) ? o : seal(o); };
Object.preventExtensions = function (o) { return ArrayBuffer.isView(o) ? o : stop(o); };
Reflect.preventExtensions = function (o) { return ArrayBuffer.isView(o) || OWN_STOP(o); };
Reflect.ownKeys = function (o) { var k = OWN(o); return typeof o === "function" ? k.filter(function (x) { return x !== "arguments" && x !== "caller"; }) : k; };
INTRINSICS.set(Math, "Math").set(JSON, "JSON").set(Reflect, "Reflect").set(globalThis, "global");
/* How often sorting compares, and so converts, is each engine's own business. */
var QUIET = false;
function Q(f) { QUIET = true; try { return f(); } finally { QUIET = false; } }
function L(x) { if (LOG.length < 40 && !QUIET) LOG.push(S(x, 2)); return x; }
function S(v, depth) {
	if (depth === undefined) depth = 4;
	try {
		switch (typeof v) {
		case "string": return v.length > 400 ? JSON.stringify(v.slice(0, 400)) + v.length : JSON.stringify(v);
		case "number": return Object.is(v, -0) ? "-0" : String(v);
		case "bigint": return v + "n";
		case "symbol": return "sym:" + String(v.description);
		case "function": return v === globalThis.Iterator ? "fn:Object/1" : "fn:" + String(v.name) + "/" + String(v.length);
		case "object": break;
		default: return String(v);
		}
		if (v === null) return "null";
		if (INTRINSICS.has(v)) return "intr:" + String(INTRINSICS.get(v));
		if (v instanceof Error) return "err:" + v.name;
		if (depth <= 0) return "...";
		var tag = Object.prototype.toString.call(v), out = [], keys;
		if (v instanceof Date) return "date:" + v.getTime();
		if (v instanceof RegExp) return "re:" + v + "@" + v.lastIndex;
		if (v instanceof Map) { Map.prototype.forEach.call(v, function (x, k) { out.push(S(k, depth - 1) + "=>" + S(x, depth - 1)); }); }
		else if (v instanceof Set) { Set.prototype.forEach.call(v, function (x) { out.push(S(x, depth - 1)); }); }
		else if (v instanceof ArrayBuffer) return "ab:" + v.byteLength + ":" + Array.prototype.join.call(new Uint8Array(v).subarray(0, 64));
		else if (v instanceof String || v instanceof Number || v instanceof Boolean) out.push("prim:" + String(v.valueOf()));
		keys = Reflect.ownKeys(v);
		if (Array.isArray(v)) out.push("len" + v.length);
		for (var i = 0; i < keys.length && i < 60; i++) {
			var k = keys[i], d = Reflect.getOwnPropertyDescriptor(v, k);
			if (d === undefined || (Array.isArray(v) && k === "length")) continue;
			out.push((typeof k === "symbol" ? String(k) : k) + (d.enumerable ? "" : "~") + (d.configurable ? "" : "!") + (d.writable === false ? "#" : "") + ":" +
				("value" in d ? S(d.value, depth - 1) : "acc" + (d.get ? "g" : "") + (d.set ? "s" : "")));
		}
		return tag + "{" + out.join(",") + "}";
	} catch (e) {
		return "unprintable:" + (e instanceof Error ? e.name : typeof e);
	}
}
function T(n, f) {
	var r;
	LOG = [];
	try { r = "= " + S(f()); } catch (e) { r = "! " + (e instanceof Error ? e.name : S(e)); }
	console.log(n + " " + r + (LOG.length ? " | " + LOG.join("; ") : ""));
}
function N(v, n) { return { valueOf() { L("v" + n); return v; }, toString() { L("s" + n); return String(v); } }; }
function P(v) { return { [Symbol.toPrimitive](h) { L(h); return v; } }; }
function X(o) { return new Proxy(o, { get(t, k, r) { L(["get", k]); return Reflect.get(t, k, r); }, set(t, k, v, r) { L(["set", k]); return Reflect.set(t, k, v, r); }, has(t, k) { L(["has", k]); return Reflect.has(t, k); }, deleteProperty(t, k) { L(["del", k]); return Reflect.deleteProperty(t, k); }, ownKeys(t) { L("keys"); return Reflect.ownKeys(t); }, getOwnPropertyDescriptor(t, k) { L(["gopd", k]); return Reflect.getOwnPropertyDescriptor(t, k); }, defineProperty(t, k, d) { L(["def", k]); return Reflect.defineProperty(t, k, d); } }); }
class Sub extends Array { static get [Symbol.species]() { L("species"); return Sub; } }
class Odd extends Array { static get [Symbol.species]() { return function (n) { return L({ n, length: 0 }); }; } }
function H(n) { var a = [1, , 3, , "x"]; a.length = 5 + (n & 3); return a; }
function It(n, bad) { return { i: 0, [Symbol.iterator]() { L("iter"); return this; }, next() { if (bad === this.i) throw new RangeError("it"); return { done: this.i >= n, value: this.i++ }; }, return(v) { L("ret"); return {}; } }; }
