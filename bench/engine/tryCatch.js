// Errors thrown and caught two calls up, finally, and a try that throws nothing.
class NotFound extends Error {
	constructor(what) { super('no ' + what); this.what = what; }
}
function find(i) {
	if ((i & 3) === 0)
		throw new NotFound(i & 15);
	if ((i & 3) === 1)
		throw new TypeError('odd');
	return i & 7;
}
function load(i) { return find(i) + 1; }
let closed = 0;
function run(n) {
	let sum = 0;
	closed = 0;
	for (let i = 0; i < n; i++) {
		try {
			sum += load(i);
		} catch (e) {
			sum += e instanceof NotFound ? e.what : e.message.length;
		} finally {
			closed++;
		}
		try { sum += i & 1; } catch (e) { sum = 0; }
		sum %= 1000003;
	}
	return sum + (closed & 7);
}
