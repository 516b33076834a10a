// A tokenizer with one sticky pattern, and a list of matches.
const token = /\s*(?:(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|("(?:[^"\\]|\\.)*")|([-+*\/()=<>;]))/y;
const source = 'let total = price * (1 + 0.25) - discount; print("sum: \\"x\\"", total); if2 = a <b> c;';
function run(n) {
	let sum = 0;
	for (let i = 0; i < n; i++) {
		token.lastIndex = 0;
		for (let m; (m = token.exec(source)) !== null;) {
			sum += m[1] ? 1 : m[2] ? 2 : m[3] ? 3 : 4;
			if (token.lastIndex >= source.length)
				break;
		}
		const words = source.match(/[a-z]+/g);
		sum = (sum + words.length + words[i % words.length].length) % 1000003;
	}
	return sum;
}
