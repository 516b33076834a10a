// Dates in UTC: parts, ISO text, parsing, arithmetic.
const start = Date.UTC(2024, 1, 28, 12, 30, 15);
function pad(v) { return v < 10 ? '0' + v : '' + v; }
function run(n) {
	let sum = 0;
	for (let i = 0; i < n; i++) {
		const d = new Date(start + (i & 1023) * 3600000);
		const text = d.getUTCFullYear() + '-' + pad(d.getUTCMonth() + 1) + '-' + pad(d.getUTCDate()) + ' ' + pad(d.getUTCHours());
		const iso = d.toISOString();
		sum = (sum + text.charCodeAt(9) + iso.charCodeAt(12) + (Date.parse(iso) === d.getTime() ? 1 : 0) + d.getUTCDay()) % 1000003;
	}
	return sum;
}
