import equal from "fast-deep-equal";
import equal6 from "fast-deep-equal/es6";

const make = (n) => (n === 0 ? [1, "x", null, NaN, /a/g, new Date(5)] : { a: make(n - 1), b: [n, { c: make(n - 1) }], [`k${n}`]: undefined });
console.log(equal(make(8), make(8)), equal(make(8), make(7)));
const pairs = [[NaN, NaN], [0, -0], [[], {}], [{ a: undefined }, {}], [/a/g, /a/i], [new Date(1), new Date(1)], [() => 1, () => 1], [[1, [2]], [1, [2]]], [null, undefined], [{ valueOf: () => 1 }, { valueOf: () => 1 }]];
for (const [a, b] of pairs)
	console.log(equal(a, b), equal6(a, b));
console.log(equal6(new Map([[1, { a: 1 }]]), new Map([[1, { a: 1 }]])), equal6(new Set([1, 2]), new Set([2, 3])), equal6(new Uint8Array([1, 2]), new Uint8Array([1, 2])), equal6(new Float64Array([NaN]), new Float64Array([NaN])));
