// Atomics.waitAsync: the one agent wakes its own promises, or time does.
const a = new Int32Array(new SharedArrayBuffer(16)), b = new BigInt64Array(new SharedArrayBuffer(16));
const first = Atomics.waitAsync(a, 0, 0), second = Atomics.waitAsync(a, 0, 0, 20);
print(first.async, first.value instanceof Promise);                       // expect: true true
print(JSON.stringify([Atomics.waitAsync(a, 1, 5), Atomics.waitAsync(b, 1, 0n, 0), Atomics.waitAsync(b, 0, 1n, NaN)].map((r) => r.value)));  // expect: ["not-equal","timed-out","not-equal"]
for (const [name, r] of [["first", first], ["second", second], ["third", Atomics.waitAsync(b, 1, 0n)]]) r.value.then((v) => print(name, v));
print(Atomics.notify(a, 0, 1), Atomics.notify(a, 1), Atomics.notify(b, 1), Atomics.notify(b, 1));  // expect: 1 0 1 0
try { Atomics.waitAsync(new Int32Array(1), 0, 0); } catch (e) { print(e.name); }  // expect: TypeError
setTimeout(() => print(Atomics.notify(a, 0)), 60);
// expect: first ok
// expect: third ok
// expect: second timed-out
// expect: 0
