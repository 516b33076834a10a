import { ReadableStream, WritableStream, TransformStream, CountQueuingStrategy, ByteLengthQueuingStrategy } from "web-streams-polyfill";

const log = [];
let n = 0;
const source = new ReadableStream({ start() { log.push("start"); }, pull(c) { log.push(`pull${c.desiredSize}`); c.enqueue(++n); if (n === 5) c.close(); }, cancel(r) { log.push(`cancel ${r}`); } }, new CountQueuingStrategy({ highWaterMark: 2 }));
const upper = new TransformStream({ transform(x, c) { c.enqueue(x * 10); if (x % 2) c.enqueue(`odd${x}`); }, flush(c) { c.enqueue("end"); } });
const sink = [];
await source.pipeThrough(upper).pipeTo(new WritableStream({ async write(x) { await null; sink.push(x); }, close() { sink.push("closed"); } }));
console.log(sink.join(), log.join());
const [a, b] = new ReadableStream({ start(c) { c.enqueue("x"); c.enqueue("y"); c.close(); } }).tee();
const read = async (s) => { const out = []; for await (const v of s) out.push(v); return out; };
console.log((await Promise.all([read(a), read(b)])).join("|"));
const bytes = new ReadableStream({ type: "bytes", pull(c) { const r = c.byobRequest; if (r) { new Uint8Array(r.view.buffer, r.view.byteOffset, r.view.byteLength).fill(++n); r.respond(Math.min(3, r.view.byteLength)); } else { c.enqueue(new Uint8Array([n])); } } });
const reader = bytes.getReader({ mode: "byob" });
for (let i = 0; i < 3; i++) {
	const { value, done } = await reader.read(new Uint8Array(4));
	console.log(value.constructor.name, [...value].join(), done);
}
await reader.cancel("enough");
const failing = new ReadableStream({ pull(c) { c.error(new RangeError("bad")); } });
await failing.pipeTo(new WritableStream({ abort(r) { console.log("abort", r.message); } })).catch((e) => console.log("rejected", e.name));
const w = new WritableStream({ write() { throw new TypeError("w"); } }, new ByteLengthQueuingStrategy({ highWaterMark: 1 })).getWriter();
console.log(w.desiredSize, await w.write(new Uint8Array(1)).catch((e) => e.message), await w.closed.catch((e) => `closed ${e.message}`));
console.log((await read(ReadableStream.from(["p", Promise.resolve("q")]))).join(), source.locked);
