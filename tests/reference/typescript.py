"""typescript.py: what the documentation shows of TypeScript and of comptime: programs, and
for each operation that it lists a row: see blocks.py."""
from blocks import block, refused, value

# ---- types ---------------------------------------------------------------------------

block("T1", "a handler with types needs no build step", "typed.ts", """
interface Request {
	method: string;
	path: string;
	headers: Record<string, string>;
	body: string | null;
}

function handler(request: Request): Response {
	const data: { message: string } = { message: "Hello TypeScript!" };
	return Response.json(data);
}
""", ("GET /", 200, '{"message":"Hello TypeScript!"}', "content-type: application/json"))

block("T2", "interfaces, arrays of them, routes", "users.ts", """
interface User { id: number; name: string; readonly tags?: string[]; }
type Found = User | undefined;

function handler(request: Request): Response {
	const users: User[] = [{ id: 1, name: "Ada" }, { id: 2, name: "Bo" }];
	if (request.url === "/api/users")
		return Response.json(users);
	const found: Found = users.find((u: User): boolean => `/${u.id}` === request.url);
	return found ? Response.json(found) : Response.json({ error: "Not found" }, { status: 404 });
}
""", ("GET /api/users", 200, [{"id": 1, "name": "Ada"}, {"id": 2, "name": "Bo"}]),
      ("GET /2", 200, {"id": 2, "name": "Bo"}), ("GET /3", 404, {"error": "Not found"}))

block("T3", "generics, import type, as, any and satisfies", "erased.ts", """
import type { Nothing } from "./nowhere";
type Pair<A, B = string> = [A, B];
function first<T extends object, U>(pair: Pair<T, U>): T { return pair[0]; }

export function handler(request: any): Response {
	const pair = [{ a: 1 }, "x"] as Pair<{ a: number }>, none = null as Nothing | null;
	return Response.json([first<{ a: number }, string>(pair), (request as Request).url, { b: 2 } satisfies object, none!]);
}
""", ("GET /z", 200, [{"a": 1}, "/z", {"b": 2}, None]))

block("T4", "enums, namespaces and parameter properties work", "lowered.ts", """
enum Colour { Red, Green = 5, Blue, Named = "n" }
namespace Shapes { export const sides = 4; }
class Point { constructor(public x: number, private readonly y = 2) {} sum(): number { return this.x + this.y; } }

function handler(): Response {
	return Response.json([Colour.Blue, Colour[5], Colour.Named, Shapes.sides, new Point(1).sum()]);
}
""", ("GET /", 200, [6, "Green", "n", 4, 3]))

block("T5", "positions in the log are the source's", "position.ts", """
interface Long {
	a: string;
}
function handler(request: { url: string }): Response { const x: Long | null = null; return (x as any).a; }
""", ("GET /", 500, "Internal Server Error"), log=r"TypeError: .*'a'\)\n    at handler \(\S*position\.ts:4:103\)")

# ---- comptime in programs ------------------------------------------------------------

block("T6", "a hash for an ETag", "etag.ts", """
const etag = comptime(hash("content-v1"));

function handler(request: Request): Response {
	return Response.text("Content", { headers: { "ETag": etag } });
}
""", ("GET /", 200, "Content", "etag: d8c04d60"))

block("T7", "comptime in an element, and in its attributes", "element.tsx", """
const el = <div class={comptime("container-" + hash("v1"))}>{comptime(1 + 2)}<i>{comptime(Math.PI.toFixed(2))}</i></div>;

function handler() { return Response.html(renderToString(el)); }
""", ("GET /", 200, '<div class="container-944a4668">3<i>3.14</i></div>'))

block("T8", "what is known of the build", "build.ts", """
function handler() {
	return Response.json([comptime(Env.AWS_REGION), comptime(Env.NOT_SET) === undefined, comptime(__GIT_COMMIT__),
	                      /^\\d+\\.\\d+\\.\\d+/.test(comptime(__VERSION__)), comptime(__BUILD_TIME__)]);
}
""", ("GET /", 200, ["us-east-1", True, "0123abc", True, "2001-09-09T01:46:40Z"]),
      env={"AWS_REGION": "us-east-1", "GIT_COMMIT": "0123abc", "SOURCE_DATE_EPOCH": "1000000000"})

# ---- comptime: expression, and the literal that takes its place -----------------------

for number, (what, source, literal, *printed) in enumerate([
    # The examples.
    ("arithmetic", "1 + 2 * 3", "7"), ("bits", "1 << 10", "1024"),
    ("a string", '"hello".toUpperCase()', '"HELLO"'), ("parts", '"a,b,c".split(",")', '["a", "b", "c"]'),
    ("a constant", "Math.PI", "3.141592653589793"), ("a maximum", "Math.max(1, 5, 3)", "5"),
    ("a root", "Math.sqrt(2)", "1.4142135623730951"), ("an object", "{ timeout: 30 }", "{ timeout: 30 }"),
    ("an array", "[1, 2, 3]", "[1, 2, 3]"), ("JSON", """JSON.parse('{"a":1}')""", "{ a: 1 }"),
    ("configuration", """JSON.parse('{"debug":false,"maxItems":100}')""", "{ debug: false, maxItems: 100 }"),
    ("a hash", 'hash("content-v1")', '"d8c04d60"'),
    ("a chain", '"  Hello World  ".trim().toUpperCase()', '"HELLO WORLD"'),
    ("another chain", '"My Post".toLowerCase().replace(" ", "-")', '"my-post"'),
    # Literals.
    ("number", "42", "42"), ("number", "3.14", "3.14"), ("number", "-1", "-1", "(-1)"), ("number", "0xFF", "255"),
    ("string", "'world'", '"world"'), ("string with escapes", r'"q\"n\n"', r'"q\"n\n"'), ("boolean", "true", "true"), ("boolean", "false", "false"),
    ("null", "null", "null"), ("undefined", "undefined", "undefined", "void 0"), ("NaN", "NaN", "NaN", "(0 / 0)"),
    ("Infinity", "Infinity", "Infinity", "(1 / 0)"), ("object", '{ a: 1, b: "x", c: [null] }', '{ a: 1, b: "x", c: [null] }'),
    # Operators.
    ("+", "1 + 2", "3"), ("+ of strings", '"a" + 1', '"a1"'), ("-", "1 - 3", "-2", "(-2)"), ("*", "6 * 7", "42"), ("/", "7 / 2", "3.5"),
    ("/ by zero", "1 / 0", "Infinity", "(1 / 0)"), ("%", "7 % 4", "3"), ("**", "2 ** 10", "1024"),
    ("|", "12 | 3", "15"), ("&", "12 & 6", "4"), ("^", "12 ^ 6", "10"), ("<<", "1 << 5", "32"), (">>", "-16 >> 2", "-4", "(-4)"),
    (">>>", "-1 >>> 28", "15"), ("==", '1 == "1"', "true"), ("!=", '1 != "1"', "false"), ("===", '1 === "1"', "false"),
    ("!==", '1 !== "1"', "true"), ("<", "1 < 2", "true"), ("<=", "2 <= 1", "false"), (">", "1 > 2", "false"), (">=", "2 >= 2", "true"),
    ("&&", "0 && 1", "0"), ("||", '0 || "y"', '"y"'), ("??", "null ?? 5", "5"), ("!", "!1", "false"), ("~", "~5", "-6", "(-6)"),
    ("unary -", "-(1 + 1)", "-2", "(-2)"), ("unary +", '+"3"', "3"), ("? :", '1 > 2 ? "a" : "b"', '"b"'),
    # Math.
    ("Math.PI", "Math.PI", "3.141592653589793"), ("Math.E", "Math.E", "2.718281828459045"), ("Math.LN2", "Math.LN2", "0.6931471805599453"),
    ("Math.LN10", "Math.LN10", "2.302585092994046"), ("Math.LOG2E", "Math.LOG2E", "1.4426950408889634"),
    ("Math.LOG10E", "Math.LOG10E", "0.4342944819032518"), ("Math.SQRT2", "Math.SQRT2", "1.4142135623730951"),
    ("Math.SQRT1_2", "Math.SQRT1_2", "0.7071067811865476"),
    ("abs", "Math.abs(-3)", "3"), ("floor", "Math.floor(2.7)", "2"), ("ceil", "Math.ceil(2.1)", "3"), ("round", "Math.round(2.5)", "3"),
    ("trunc", "Math.trunc(2.7)", "2"), ("sign", "Math.sign(-9)", "-1", "(-1)"), ("sqrt", "Math.sqrt(81)", "9"), ("cbrt", "Math.cbrt(27)", "3"),
    ("sin", "Math.sin(0)", "0"), ("cos", "Math.cos(0)", "1"), ("tan", "Math.tan(0)", "0"), ("asin", "Math.asin(0)", "0"),
    ("acos", "Math.acos(1)", "0"), ("atan", "Math.atan(0)", "0"), ("atan2", "Math.atan2(0, 1)", "0"), ("sinh", "Math.sinh(0)", "0"),
    ("cosh", "Math.cosh(0)", "1"), ("tanh", "Math.tanh(0)", "0"), ("asinh", "Math.asinh(0)", "0"), ("acosh", "Math.acosh(1)", "0"),
    ("atanh", "Math.atanh(0)", "0"), ("log", "Math.log(1)", "0"), ("log2", "Math.log2(8)", "3"), ("log10", "Math.log10(1000)", "3"),
    ("log1p", "Math.log1p(0)", "0"), ("exp", "Math.exp(0)", "1"), ("expm1", "Math.expm1(0)", "0"), ("pow", "Math.pow(2, 8)", "256"),
    ("min", "Math.min(3, 1, 2)", "1"), ("max", "Math.max(3, 1, 2)", "3"), ("hypot", "Math.hypot(3, 4)", "5"), ("imul", "Math.imul(3, 4)", "12"),
    ("clz32", "Math.clz32(1)", "31"), ("fround", "Math.fround(5.5)", "5.5"),
    # Strings.
    ("length", '"abc".length', "3"), ("toUpperCase", '"abc".toUpperCase()', '"ABC"'), ("toLowerCase", '"ABC".toLowerCase()', '"abc"'),
    ("trim", '" a ".trim()', '"a"'), ("trimStart", '" a ".trimStart()', '"a "'), ("trimEnd", '" a ".trimEnd()', '" a"'),
    ("trimLeft", '" a ".trimLeft()', '"a "'), ("trimRight", '" a ".trimRight()', '" a"'), ("slice", '"hello".slice(1, 3)', '"el"'),
    ("slice to the end", '"hello".slice(-2)', '"lo"'), ("substring", '"hello".substring(3, 1)', '"el"'), ("split", '"a-b".split("-")', '["a", "b"]'),
    ("replace", '"aXaX".replace("X", "-")', '"a-aX"'), ("replaceAll", '"aXaX".replaceAll("X", "-")', '"a-a-"'),
    ("includes", '"hello".includes("ell")', "true"), ("startsWith", '"hello".startsWith("he")', "true"), ("endsWith", '"hello".endsWith("he")', "false"),
    ("indexOf", '"hello".indexOf("l")', "2"), ("charAt", '"hello".charAt(1)', '"e"'), ("padStart", '"5".padStart(3, "0")', '"005"'),
    ("padEnd", '"5".padEnd(3)', '"5  "'), ("repeat", '"ab".repeat(3)', '"ababab"'), ("length of an array", "[1, 2].length", "2"),
    # Limits that are none here.
    ("longer than 8 KiB", "[" + "1," * 5000 + "].length", "5000"), ("nested 100 deep", "(" * 100 + "1" + ")" * 100, "1"),
    # Functions.
    ("parseInt", 'parseInt("42px")', "42"), ("parseInt with a radix", 'parseInt("ff", 16)', "255"), ("parseFloat", 'parseFloat("3.5x")', "3.5"),
    ("JSON.parse", """JSON.parse('[1, {"b": null}]')""", "[1, { b: null }]"), ("hash: FNV-1a", 'hash("")', '"811c9dc5"'), ("hash: FNV-1a", 'hash("a")', '"e40c292c"'),
]):
    value(f"V{number + 1}", what, source, literal, *printed)

# ---- comptime: what it refuses, where and why ------------------------------------------

refused("E1", "a variable", "foo + 1", "comptime does not know 'foo'", "foo")
refused("E2", "the clock", "Date.now()", "comptime cannot use Date: it reads the clock", "Date")
refused("E3", "randomness", "Math.random()", "comptime cannot use Math.random: a constant is the same each time", "Math.random")
refused("E4", "a closure", "() => 1", "comptime cannot hold a function", "() => 1")
refused("E5", "an assignment", "x = 1", "comptime cannot assign", "x = 1")
refused("E6", "an update", "x++", "comptime cannot assign", "x++")
refused("E7", "a class", "class {}", "comptime cannot hold a class", "class {}")
refused("E8", "this", "this", "comptime cannot use the program around it", "this")
refused("E9", "eval", 'eval("1")', "comptime does not know 'eval'", "eval")
refused("E10", "arguments", "arguments", "comptime does not know 'arguments'", "arguments")
refused("E11", "delete", "delete Math.PI", "comptime cannot delete", "delete Math.PI")
refused("E12", "a function that is not there", "Math.nothing(1)", "Math.nothing is not a function")
refused("E13", "a text that is never closed", '"abc', "SyntaxError: this string is never closed", '"abc);')
refused("E14", "a parenthesis that is never closed", "(1", "SyntaxError: unexpected ';'", ";")
refused("E15", "JSON that is none", 'JSON.parse("{")', "SyntaxError")
refused("E16", "a value without end", '"x".repeat(4e8)', "comptime")
refused("E17", "a value that is no literal", "new Map()", "comptime")
