// AbortSignal.timeout.
const wait = (ms) => new Promise((f) => setTimeout(f, ms));
const s = AbortSignal.timeout(10);
s.onabort = (e) => console.log('timeout', e.type, s.reason.name, s.reason.message, s.reason instanceof DOMException);
console.log(s.aborted);
await wait(30);
console.log(s.aborted);
const c = new AbortController(), any = AbortSignal.any([AbortSignal.timeout(5), c.signal]);
await wait(20);
console.log(any.aborted, any.reason.name, c.signal.aborted);
const t = new EventTarget();
t.addEventListener('x', () => console.log('heard'), { signal: AbortSignal.timeout(5) });
t.dispatchEvent(new Event('x'));
await wait(20);
t.dispatchEvent(new Event('x'));
for (const v of ['x', undefined, NaN, -1, 2 ** 60]) try { AbortSignal.timeout(v); console.log('none'); } catch (e) { console.log(e instanceof Error); }
AbortSignal.timeout(100000); // keeps nothing going
console.log('end');
