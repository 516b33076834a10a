// Typed arrays: bytes mixed by a table, a moving average of doubles, a copy.
const bytes = new Uint8Array(256), table = new Uint32Array(256), f = new Float64Array(64);
function run(n) {
	for (let k = 0; k < 256; k++) {
		bytes[k] = k * 7;
		table[k] = (k * 2654435761) >>> 0;
	}
	for (let k = 0; k < 64; k++)
		f[k] = k * 0.5;
	let crc = 0, sum = 0;
	for (let i = 0; i < n; i++) {
		crc = (crc >>> 8) ^ table[(crc ^ bytes[i & 255]) & 255];
		bytes[i & 255] = crc;
		const k = i & 63;
		f[k] = (f[k] + f[(k + 1) & 63] + f[(k + 63) & 63]) / 3;
		if ((i & 1023) === 0)
			sum = (sum + bytes.slice(8, 40).length + bytes.subarray(4).length) % 1000003;
	}
	return sum + (crc >>> 0) % 1000 + Math.round(f[7]);
}
