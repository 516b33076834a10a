// ArrayBuffer, SharedArrayBuffer, typed arrays, DataView, Atomics.
const kinds = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float16Array, Float32Array, Float64Array];
print(kinds.map(k => k.BYTES_PER_ELEMENT).join(), kinds.every(k => k.name === new k(1)[Symbol.toStringTag] && Object.getPrototypeOf(k).name === 'TypedArray'));   // expect: 1,1,1,2,2,4,4,2,4,8 true
for (const k of kinds) print(new k([-1.5, 300, 70000.7, -0, 2.5, NaN, 4294967297, 'x', true]).join(' '));
// expect: -1 44 112 0 2 0 1 0 1
// expect: 255 44 112 0 2 0 1 0 1
// expect: 0 255 255 0 2 0 255 0 1
// expect: -1 300 4464 0 2 0 1 0 1
// expect: 65535 300 4464 0 2 0 1 0 1
// expect: -1 300 70000 0 2 0 1 0 1
// expect: 4294967295 300 70000 0 2 0 1 0 1
// expect: -1.5 300 Infinity 0 2.5 NaN Infinity NaN 1
// expect: -1.5 300 70000.703125 0 2.5 NaN 4294967296 NaN 1
// expect: -1.5 300 70000.7 0 2.5 NaN 4294967297 NaN 1
print(new Uint8ClampedArray([0.5, 1.5, 2.5, 254.5, 254.51, -Infinity, Infinity]).join());   // expect: 0,2,2,254,255,0,255
print(new Float16Array([65504, 65519.99, 65520, 2 ** -24, 2 ** -25, 2 ** -25 * 1.0001, 1 + 2 ** -11, 1 + 3 * 2 ** -11, 0.1]).join());   // expect: 65504,65504,Infinity,5.960464477539063e-8,0,5.960464477539063e-8,1,1.001953125,0.0999755859375
for (let h = 0; h < 65536; h++) {   // every half survives
	const u = new Uint16Array([h]), f = new Float16Array(u.buffer), g = new Float16Array([f[0]]), w = new Uint16Array(g.buffer)[0];
	if (w !== h && f[0] === f[0]) throw new Error('half ' + h);
}
// keys
const u = new Uint8Array([1, 2, 3]);
u['-0'] = u['1.5'] = u[-1] = u[3] = u.NaN = 9; u.name = 'n'; u['1e3'] = 'plain'; u['01'] = 1;
print(Object.keys(u).join(), '-0' in u, 1 in u, 3 in u, delete u[3], Reflect.deleteProperty(u, 0), Object.hasOwn(u, 'Infinity'));   // expect: 0,1,2,name,1e3,01 false true false true false false
print(Reflect.defineProperty(u, 0, { value: 8 }), Reflect.defineProperty(u, 0, { value: 8, enumerable: false }), Reflect.defineProperty(u, 5, { value: 8 }), u[0]);   // expect: true false false 8
print(Reflect.set(u, 0, 5, {}), Reflect.set(u, 9, 5, {}), Reflect.set({}, 0, 5, u), u[0], Reflect.set({ __proto__: u }, 7, 5));   // expect: true true true 5 true
try { Object.freeze(u); } catch (e) { print(e.name); }   // expect: TypeError
print(Object.isFrozen(new Uint8Array(0)), Object.isFrozen(Object.freeze(new Uint8Array(0))), JSON.stringify(new Int8Array([1, -1])));   // expect: false true {"0":1,"1":-1}
let order = ''; u[{ toString() { order += 'k'; return '0'; } }] = { valueOf() { order += 'v'; return 77; } }; print(order, u[0]);   // expect: kv 77
// methods
const f = new Float64Array([3, -0, 0, NaN, -Infinity, 1, -1]);
print(f.toSorted().join(), Object.is(f.toSorted()[2], -0), f.toSorted((x, y) => y - x).length, f.includes(NaN), f.indexOf(NaN), f.lastIndexOf(0), f.at(-1));   // expect: -Infinity,-1,0,0,1,3,NaN true 7 true -1 2 -1
for (const k of kinds) for (const n of [3, 40, 1000]) {
	const t = k.from({ length: n }, (_, i) => Math.sin(i) * 1000), want = [...t].sort((x, y) => x - y).join();
	if (t.toSorted().join() !== want || t.sort((x, y) => x - y).join() !== want) throw new Error(k.name + n);
}
const i = new Int16Array([1, 2, 3, 4, 5]);
print(i.map(x => x * 2).join(), i.filter(x => x & 1).join(), i.slice(1, -1).join(), i.subarray(2).join(), i.with(0, 9).join(), i.toReversed().join());   // expect: 2,4,6,8,10 1,3,5 2,3,4 3,4,5 9,2,3,4,5 5,4,3,2,1
print(i.copyWithin(1, 0, 3).join(), i.fill(7, -2).join(), i.reverse().join('-'), i.reduce((p, q) => p + q), i.findLast(x => x < 3), i.findLastIndex(x => x > 90));   // expect: 1,1,2,3,5 1,1,2,7,7 7-7-2-1-1 18 1 -1
const bytes = new Uint8Array(8); bytes.set([1, 2], 2); bytes.set(new Float32Array([258.9]), 5); new Uint8Array(bytes.buffer, 1, 4).set(bytes.subarray(2, 6));
print(bytes.join(), [...bytes.entries()].length, Math.max(...bytes), Array.from(bytes.keys()).join(''));   // expect: 0,1,2,0,2,2,0,0 8 2 01234567
for (const bad of [() => bytes.set([1], 8), () => new Uint16Array(bytes.buffer, 1), () => new Int32Array(new ArrayBuffer(6)), () => new Uint8Array(-1), () => bytes.with(8, 1), () => new ArrayBuffer(1e12)])
	try { bad(); print('accepted', bad); } catch (e) { if (!(e instanceof RangeError)) throw e; }
try { Uint8Array(1); } catch (e) { print(e.message); }   // expect: Constructor Uint8Array requires 'new'
print([Float16Array, Float32Array, Float64Array].map(k => new Uint8Array(new k(new Uint8Array(24).fill(255).buffer).sort().buffer).reverse().slice(0, 8).join('.')).join());   // expect: 126.0.126.0.126.0.126.0,127.192.0.0.127.192.0.0,127.248.0.0.0.0.0.0
// resizing and detaching
const rab = new ArrayBuffer(4, { maxByteLength: 32 }), all = new Uint8Array(rab), two = new Uint8Array(rab, 2, 2);
all.fill(6); rab.resize(3); print(all.length, two.length, two.byteOffset, two[0]);   // expect: 3 0 0 undefined
rab.resize(32); print(all.join(''), two.length, two.join(), rab.maxByteLength, rab.resizable);   // expect: 66600000000000000000000000000000 2 6,0 32 true
const moved = rab.transfer(5); print(rab.detached, all.length, moved.byteLength, new Uint8Array(moved).join(), moved.resizable, moved.transferToFixedLength().resizable);   // expect: true 0 5 6,6,6,0,0 true false
try { for (const x of all); } catch (e) { print(e.name); }   // expect: TypeError
const it = new Uint8Array([1, 2])[Symbol.iterator](); it.next(); print(it.next().value, it.next().done, it.next().done);   // expect: 2 true true
const grow = new SharedArrayBuffer(1, { maxByteLength: 3 }); grow.grow(3); print(grow.byteLength, grow.growable, String(grow), new Uint8Array(grow).length);   // expect: 3 true [object SharedArrayBuffer] 3
// DataView, Atomics
const dv = new DataView(new ArrayBuffer(16), 1);
dv.setFloat64(0, Math.PI); dv.setInt16(9, -2, true); dv.setFloat16(11, 1.5);
print(dv.getUint8(0), dv.getUint8(7), dv.getFloat64(0), dv.getUint16(9), dv.getInt16(9, true), dv.getFloat16(11), dv.getUint32(4), dv.byteLength);   // expect: 64 24 3.141592653589793 65279 -2 1.5 1413754136 15
try { dv.getInt32(12); } catch (e) { print(e.name); }   // expect: RangeError
const at = new Int32Array(new SharedArrayBuffer(8));
print(Atomics.add(at, 0, 5), Atomics.compareExchange(at, 0, 5, -1), Atomics.exchange(at, 1, 3.9), Atomics.or(at, 1, 4), Atomics.sub(at, 1, 1), Atomics.store(at, 1, -0), at.join(), Atomics.notify(at, 0), Atomics.isLockFree(4));   // expect: 0 5 0 3 7 0 -1,0 0 true
// BigInt
const bs = new BigInt64Array([1n, -1n, 2n ** 63n, 2n ** 64n + 5n]), bu = new BigUint64Array(bs);
print(bs.join(), bu.join(), bs.toSorted().join(), bu.toSorted().join(), bu.includes(2n ** 63n), bs.indexOf(2n ** 63n), bs.lastIndexOf(-1n), bu.indexOf(1));   // expect: 1,-1,-9223372036854775808,5 1,18446744073709551615,9223372036854775808,5 -9223372036854775808,-1,1,5 1,5,9223372036854775808,18446744073709551615 true -1 1 -1
print(Atomics.add(bs, 0, 2n ** 63n), bs[0], Atomics.compareExchange(bu, 1, -1n, 7n), bu[1], Atomics.store(bu, 1, -1n), bu.with(0, 9n)[0], bs.map(x => x * 2n)[3]);   // expect: 1 -9223372036854775807 18446744073709551615 7 -1 9 10
dv.setBigInt64(1, -2n); print(dv.getBigUint64(1), dv.getBigInt64(1), dv.getBigUint64(1, true));   // expect: 18446744073709551614 -2 18374686479671623679
for (const bad of [() => { bs[0] = 1; }, () => { u[0] = 1n; }, () => bs.set([1]), () => bs.set(u), () => new Int8Array(bs), () => bs.fill(0), () => new BigInt64Array([1])])
	try { bad(); print('accepted', bad); } catch (e) { if (!(e instanceof TypeError)) throw e; }
// printing
console.log(new BigInt64Array(2), new ArrayBuffer(2), new Float32Array([1.5, -0]), new DataView(new ArrayBuffer(1)));
// expect: BigInt64Array(2) [ 0n, 0n ] ArrayBuffer { [Uint8Contents]: <00 00>, byteLength: 2 } Float32Array(2) [ 1.5, -0 ] DataView {
// expect:   byteLength: 1,
// expect:   byteOffset: 0,
// expect:   buffer: ArrayBuffer { [Uint8Contents]: <00>, byteLength: 1 }
// expect: }
