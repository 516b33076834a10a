// Constructor, statics, copying and searching methods, holes.
print(Array(3).length, new Array(3).hasOwnProperty(0), Array(1, 2).join(), [].concat.length, Array.length);   // expect: 3 false 1,2 1 1
try { new Array(-1); } catch (e) { print(e.name, e.message); }   // expect: RangeError Invalid array length
try { Array(1.5); } catch (e) { print(e.name); }   // expect: RangeError
print(Array.of(7).length, Array.of(1, 2, 3).join("-"));   // expect: 1 1-2-3
print(Array.isArray([]), Array.isArray({ length: 0 }), Array.isArray(Array.prototype));   // expect: true false true
print(Array.from("héé").join("|"), Array.from({ length: 3 }, (v, i) => i * i).join());   // expect: h|é|é 0,1,4
print(Array.from([1, , 3]).hasOwnProperty(1), Array.from(new Set([1, 1, 2])).join());   // expect: true 1,2
print(Array.from([1, 2, 3], function (x) { return this.k * x; }, { k: 2 }).join());   // expect: 2,4,6
class Sub extends Array { get sum() { return this.reduce((a, b) => a + b, 0); } }
print(Sub.from([1, 2, 3]).sum, Sub.of(4, 5).sum, new Sub(3).length, new Sub(1, 2).map(x => x * 2) instanceof Sub);   // expect: 6 9 3 true
print(Sub.from([1, 2]).concat([3]).sum, Sub.from([1, 2, 3]).slice(1).constructor === Sub, Sub.from([3, 1]).toSorted() instanceof Sub);
// expect: 6 true false
print([1, 2, 3].at(-1), [1].at(5), [1, 2].at("1"), [1, 2, 3].with(1, 9).join());   // expect: 3 undefined 2 1,9,3
try { [1].with(3, 0); } catch (e) { print(e.name); }   // expect: RangeError
print([3, 1, 2].toReversed().join(), [1, 2, 3, 4].toSpliced(1, 2, "a", "b", "c").join(), [1, , 3].toReversed().includes(undefined));
// expect: 2,1,3 1,a,b,c,4 true
print([1, [2, [3, [4]]]].flat().length, [1, [2, [3, [4]]]].flat(Infinity).join(), [1, 2].flatMap(x => [x, [x]]).length);
// expect: 3 1,2,3,4 4
print([1, 2].concat(3, [4, [5]], { length: 1, 0: "x", [Symbol.isConcatSpreadable]: true }).length);   // expect: 6
print([, 1].concat([, 2]).hasOwnProperty(2), [1, 2, 3].concat([]).length);   // expect: false 3
print([1, 2, 3, 4].slice(-2).join(), [1, 2, 3].slice(1, -1).join(), [1, , 3].slice(0, 2).hasOwnProperty(1));   // expect: 3,4 2 false
print([1, NaN, 0].indexOf(NaN), [1, NaN].includes(NaN), [0].includes(-0), [-0].indexOf(0), [, 1].includes(undefined), [, 1].indexOf(undefined));
// expect: -1 true true 0 true -1
print([1, 2, 1].lastIndexOf(1), [1, 2, 1].lastIndexOf(1, -2), [1].lastIndexOf(1, -5), ["a", "b"].indexOf("b"), [1, 2, 3].indexOf(3, -1));
// expect: 2 0 -1 1 2
print([1.5, 2.5].indexOf(2.5), [null, undefined].indexOf(undefined), [true].includes(1), ["x" + "yz"].includes("xy" + "z"));
// expect: 1 1 false true
print([1, , null, undefined, 2].join("-"), [[1, [2]], 3].join(";"), String([]), String([null]), [1, 2].toString());   // expect: 1----2 1,2;3   1,2
const cyc = [1]; cyc.push(cyc, 2); print(cyc.join(), String(cyc));   // expect: 1,,2 1,,2
print([1.5, true, { toString() { return "obj"; } }, "s"].join("+"), [1, 2].join(undefined), [1, 2].join(""), [-5, 0, 2147483647, -2147483648].join());
// expect: 1.5+true+obj+s 1,2 12 -5,0,2147483647,-2147483648
print(Array.prototype.join.call({ length: 3, 0: "a", 2: "c" }, "."), Array.prototype.toString.call({}), Array.prototype.join.call("abc"));
// expect: a..c [object Object] a,b,c
print([1, "b", { toLocaleString() { return "loc"; } }, null].toLocaleString());   // expect: 1,b,loc,
print([...[7, 8].entries()].join("|"), [...[, 1].keys()].join(), [...[, 1].values()].length, [][Symbol.iterator] === [].values);
// expect: 0,7|1,8 0,1 2 true
print(Object.prototype.toString.call([][Symbol.iterator]()), Array.prototype.length, Object.keys(Array.prototype[Symbol.unscopables]).length);
// expect: [object Array Iterator] 0 16
const it = [1, 2][Symbol.iterator](); it.next(); const grow = [1]; let seen = 0;
for (const x of grow) { if (grow.length < 5) grow.push(x + 1); seen += x; }
print(seen, it.next().value, it.next().done, it.next().done);   // expect: 15 2 true true
print(Array.from({ length: 2, 0: "p", 1: "q" }).join(), Array.from.call(Object, [1, 2]).length, Array.of.call(null, 1).length);
// expect: p,q 2 1
try { Array.from([], 3); } catch (e) { print(e.name); }   // expect: TypeError
let closed = 0;
try {
	Array.from({ [Symbol.iterator]() { return { next() { return { value: 1, done: false }; }, return() { closed++; return {}; } }; } },
		() => { throw new Error("map"); });
} catch (e) { print(e.message, closed); }   // expect: map 1
