// structuredClone, DOMException, atob and btoa.
const failure = (f) => { try { f(); return "no error"; } catch (e) { return `${e.name} ${e.code} ${e instanceof DOMException} ${e instanceof Error}`; } };
const from = { list: [1, , 3], when: new Date(5), map: new Map([[{ k: 1 }, new Set([2])]]), error: new RangeError("r", { cause: [1] }), re: /x/gi, bytes: new Uint8Array([1, 2, 3]).subarray(1), big: 5n, boxed: Object("s"), nan: NaN, zero: -0 };
from.self = from;
from.list.extra = 1;
from.re.lastIndex = 3;
Object.defineProperty(from, "hidden", { value: 1 });
from[Symbol("s")] = 1;
const to = structuredClone(from);
print(to !== from, to.self === to, to.list.length, 1 in to.list, to.list.extra);          // expect: true true 3 false 1
print(to.when.getTime(), to.when instanceof Date, [...to.map][0][0].k, [...to.map][0][1].has(2)); // expect: 5 true 1 true
print(to.error instanceof RangeError, to.error.message, to.error.cause[0], String(to.re), to.re.lastIndex); // expect: true r 1 /x/gi 0
print(to.bytes.join(), to.bytes.byteOffset, to.bytes.buffer.byteLength, to.bytes.buffer !== from.bytes.buffer); // expect: 2,3 1 3 true
print(to.big, typeof to.boxed, to.nan, Object.is(to.zero, -0), "hidden" in to, Object.getOwnPropertySymbols(to).length); // expect: 5 object NaN true false 0
class Point { constructor() { this.x = 1; } get y() { return 2; } }
print(JSON.stringify(structuredClone(new Point())), Object.getPrototypeOf(structuredClone(new Point())) === Object.prototype); // expect: {"x":1} true
print(failure(() => structuredClone(() => 1)));              // expect: DataCloneError 25 true true
print(failure(() => structuredClone({ a: [Symbol()] })));    // expect: DataCloneError 25 true true
print(failure(() => structuredClone(new WeakMap())));        // expect: DataCloneError 25 true true
print(failure(() => structuredClone(new Proxy({}, {}))));    // expect: DataCloneError 25 true true
print(failure(() => structuredClone(Promise.resolve())));    // expect: DataCloneError 25 true true
const buffer = new ArrayBuffer(4);
print(structuredClone([buffer], { transfer: [buffer] })[0].byteLength, buffer.byteLength); // expect: 4 0
print(failure(() => structuredClone(1, { transfer: [buffer] }))); // expect: DataCloneError 25 true true
let deep = [];
for (let i = 0; i < 1e5; i++)
	deep = [deep];
print(failure(() => structuredClone(deep)));                 // expect: RangeError undefined false true

print(new DOMException("m", "AbortError").code, String(new DOMException("m", "AbortError")), new DOMException().name, DOMException.TIMEOUT_ERR); // expect: 20 AbortError: m Error 23
print(btoa("h\u00e9y"), btoa(""), btoa("a"), atob(" aGk = "), atob("aGk"), atob("") === "");      // expect: aOl5  YQ== hi hi true
for (const bad of ["a", "aG=k", "a===", "*", "aGk=="])
	print(failure(() => atob(bad)));
// expect: InvalidCharacterError 5 true true
// expect: InvalidCharacterError 5 true true
// expect: InvalidCharacterError 5 true true
// expect: InvalidCharacterError 5 true true
// expect: InvalidCharacterError 5 true true
print(failure(() => btoa("\u0100")), self === globalThis);   // expect: InvalidCharacterError 5 true true true
