// flags: --module
// Every kind of expression that comptime(..) evaluates.
const show = (...v: unknown[]): void => print(v.map((x) => Object.is(x, -0) ? "-0" : typeof x === "string" ? x : JSON.stringify(x) ?? String(x)).join(" "));

// literals
show(comptime(1), comptime("a"), comptime(true), comptime(null), comptime([1, "b"]), comptime({ a: 1, "b-c": [2] })); // expect: 1 a true null [1,"b"] {"a":1,"b-c":[2]}
print(comptime(undefined), comptime(NaN), comptime(Infinity), comptime(-Infinity), comptime(-0) === 0, 1 / comptime(-0), comptime(12n ** 20n), comptime(-5n)); // expect: undefined NaN Infinity -Infinity true -Infinity 3833759992447475122176 -5
// arithmetic
show(comptime(1 + 2), comptime(7 - 10), comptime(6 * 7), comptime(7 / 2), comptime(-7 % 4), comptime(2 ** 10), comptime(1 / 0), comptime((1 + 2) * 3)); // expect: 3 -3 42 3.5 -3 1024 null 9
print(comptime(1 / 0), comptime(-1 / 0), comptime(0 / 0));   // expect: Infinity -Infinity NaN
// bits
show(comptime(12 | 3), comptime(12 & 6), comptime(12 ^ 6), comptime(1 << 5), comptime(-16 >> 2), comptime(-1 >>> 28), comptime(~5)); // expect: 15 4 10 32 -4 15 -6
// comparison
show(comptime(1 == 1), comptime(1 != 1), comptime(1 === 1), comptime(1 !== 2), comptime(1 < 2), comptime(1 <= 0), comptime(2 > 1), comptime(1 >= 2)); // expect: true false true true true false true false
// logic
show(comptime(true && "x"), comptime(0 || "y"), comptime(null ?? "z"), comptime(!1), comptime(+"3"), comptime(-"3"), comptime(1 > 2 ? "a" : "b")); // expect: x y z false 3 -3 b
// the same found without a realm and with one
show(comptime(Math.round(-0.2)), comptime([Math.round(-0.2)][0]), comptime(Math.round(0.49999999999999994)), comptime([Math.round(0.49999999999999994)][0])); // expect: -0 -0 0 0
show(comptime(Math.round(-2.5) / 4), comptime([Math.round(-2.5) / 4][0]), comptime(Math.sqrt(-1) + 1 === 0), comptime(Math.abs(-(2 ** 31)) >> 0)); // expect: -0.5 -0.5 false -2147483648
show(comptime(Math.floor("2.5")), comptime(Math.trunc(-0.5)), comptime(Math.ceil(-0.5) * 0 - 0), comptime(Math?.round(1.5)), comptime(Math.round(1.5, 7))); // expect: 2 -0 -0 2 2
// Math
show(comptime(Math.PI), comptime(Math.E), comptime(Math.LN2), comptime(Math.LN10)); // expect: 3.141592653589793 2.718281828459045 0.6931471805599453 2.302585092994046
show(comptime(Math.LOG2E), comptime(Math.LOG10E), comptime(Math.SQRT2), comptime(Math.SQRT1_2)); // expect: 1.4426950408889634 0.4342944819032518 1.4142135623730951 0.7071067811865476
show(comptime(Math.abs(-3)), comptime(Math.floor(2.7)), comptime(Math.ceil(2.1)), comptime(Math.round(2.5)), comptime(Math.trunc(-2.7)), comptime(Math.sign(-9))); // expect: 3 2 3 3 -2 -1
show(comptime(Math.sqrt(81)), comptime(Math.cbrt(27)), comptime(Math.sin(0)), comptime(Math.cos(0)), comptime(Math.tan(0)), comptime(Math.asin(0)), comptime(Math.acos(1)), comptime(Math.atan(0)), comptime(Math.atan2(0, 1))); // expect: 9 3 0 1 0 0 0 0 0
show(comptime(Math.sinh(0)), comptime(Math.cosh(0)), comptime(Math.tanh(0)), comptime(Math.asinh(0)), comptime(Math.acosh(1)), comptime(Math.atanh(0))); // expect: 0 1 0 0 0 0
show(comptime(Math.log(1)), comptime(Math.log2(8)), comptime(Math.log10(1000)), comptime(Math.log1p(0)), comptime(Math.exp(0)), comptime(Math.expm1(0))); // expect: 0 3 3 0 1 0
show(comptime(Math.pow(2, 8)), comptime(Math.min(3, 1, 2)), comptime(Math.max(3, 1, 2)), comptime(Math.hypot(3, 4)), comptime(Math.imul(3, 4)), comptime(Math.clz32(1)), comptime(Math.fround(5.5))); // expect: 256 1 3 5 12 31 5.5
// strings
show(comptime("abc".length), comptime("abc".toUpperCase()), comptime("ABC".toLowerCase()), comptime("  a ".trim()), comptime(" a ".trimStart()) + "|", comptime(" a ".trimEnd())); // expect: 3 ABC abc a a |  a
show(comptime(" a".trimLeft()), comptime("a ".trimRight()), comptime("hello".slice(1, 3)), comptime("hello".substring(1, 3)), comptime("a,b".split(",")), comptime("aXaX".replace("X", "-")), comptime("aXaX".replaceAll("X", "-"))); // expect: a a el el ["a","b"] a-aX a-a-
show(comptime("hello".includes("ell")), comptime("hello".startsWith("he")), comptime("hello".endsWith("he")), comptime("hello".indexOf("l")), comptime("hello".charAt(1)), comptime("5".padStart(3, "0")), comptime("5".padEnd(3, "0")), comptime("ab".repeat(3))); // expect: true true false 2 e 005 500 ababab
show(comptime(`${1 + 1}${"x"}`), comptime("a" + 1), comptime("héllo 𝒳".length), comptime("\ud800".length), comptime("quote\"s\n")); // expect: 2x a1 8 1 quote"s
// expect:
// built-ins
show(comptime(parseInt("42px")), comptime(parseInt("ff", 16)), comptime(parseFloat("3.5e2x")), comptime(JSON.parse('{"a":[1,{"__proto__":2}]}'))); // expect: 42 255 350 {"a":[1,{"__proto__":2}]}
show(comptime(hash("")), comptime(hash("a")), comptime(hash("hello")), comptime(hash("é"))); // expect: 811c9dc5 e40c292c 4f9f2cab 1e9de8c1
print(typeof comptime(Env.PATH), comptime(Env.NO_SUCH_VARIABLE_IS_SET), comptime(Env.toString)); // expect: string undefined undefined
print(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(comptime(__BUILD_TIME__)), /^\d+\.\d+/.test(comptime(__VERSION__))); // expect: true true
// other constants, in any order, and types
const WIDTH = comptime(40 * 2), AREA = comptime(WIDTH * HEIGHT), HEIGHT = comptime<number>((25 as number) satisfies number);
print(WIDTH, HEIGHT, AREA, comptime(comptime(AREA) + 1));    // expect: 80 25 2000 2001
const TABLE = comptime(JSON.parse("[1,2,3]")), SUM = comptime(TABLE[0] + TABLE.at(-1));
print(SUM, comptime([...TABLE, ...TABLE].join()));            // expect: 4 1,2,3,1,2,3
{
	const WIDTH = comptime(1);
	print(comptime(WIDTH + 1));                            // expect: 2
}
print(comptime(String.raw`\n${1}`), comptime("x-y".replace(/-/g, "+")), comptime(Object.keys({ a: 1, b: 2 }))); // expect: \n1 x+y a,b
// each evaluation makes its own object
const make = (): number[] => comptime([1]);
make().push(2);
print(make().length, (() => comptime({ a: 1 }))().a);        // expect: 1 1
// what runs in one expression does not reach the next
print(comptime((Object.assign(JSON, { x: 3 }) as any).x), comptime((JSON as any).x)); // expect: 3 undefined
