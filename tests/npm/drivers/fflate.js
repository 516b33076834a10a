import { gzipSync, gunzipSync, zlibSync, unzlibSync, deflateSync, inflateSync, zipSync, unzipSync, strToU8, strFromU8, Deflate, Inflate, compressSync, decompressSync } from "fflate";

const hash = (u) => u.reduce((h, b) => (Math.imul(h, 16777619) ^ b) >>> 0, 2166136261);
let seed = 12345;
const random = () => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) / 2 ** 32;
const text = strToU8(Array.from({ length: 6000 }, (_, i) => ["the", "quick", "brøwn", "fox", String(i % 97)][Math.floor(random() * 5)]).join(" "));
const noise = Uint8Array.from({ length: 30000 }, () => Math.floor(random() * 256));
const inputs = { empty: new Uint8Array(0), text, noise, zeros: new Uint8Array(100000) };
for (const [name, data] of Object.entries(inputs))
	for (const level of [0, 1, 6, 9]) {
		const d = deflateSync(data, { level }), g = gzipSync(data, { level, mtime: 0, filename: "f" }), z = zlibSync(data, { level });
		console.log(name, level, d.length, hash(d), hash(g), hash(z));
		console.log(hash(inflateSync(d)) === hash(data), hash(gunzipSync(g)) === hash(data), hash(unzlibSync(z)) === hash(data));
	}
const zip = zipSync({ "a.txt": text, dir: { "b.bin": [noise, { level: 0 }] } }, { mtime: new Date(2020, 1, 2) });
console.log(zip.length, hash(zip), Object.entries(unzipSync(zip)).map(([k, v]) => `${k}:${hash(v)}`).join());
const parts = [];
const stream = new Deflate({ level: 6 }, (chunk, final) => parts.push(chunk.length, hash(chunk), final));
for (let i = 0; i < text.length; i += 5000)
	stream.push(text.subarray(i, i + 5000), i + 5000 >= text.length);
console.log(parts.join());
console.log(strFromU8(decompressSync(compressSync(strToU8("héllo"), { mtime: 0 }))), strFromU8(new Uint8Array([255, 65]), true));
const inf = new Inflate((c, f) => console.log("inflated", c.length, f));
inf.push(deflateSync(text), true);
try {
	inflateSync(new Uint8Array([7, 255, 255]));
} catch (e) {
	console.log(e.name, e.message, e.code);
}
