// BigInt: a 64-bit hash, a modular power, comparison and conversion.
const mask = (1n << 64n) - 1n, prime = 1099511628211n;
function power(base, exponent, modulus) {
	let result = 1n;
	base %= modulus;
	while (exponent > 0n) {
		if (exponent & 1n)
			result = result * base % modulus;
		base = base * base % modulus;
		exponent >>= 1n;
	}
	return result;
}
function run(n) {
	let h = 14695981039346656037n, sum = 0;
	for (let i = 0; i < n; i++) {
		h = (h ^ BigInt(i & 255)) * prime & mask;
		if ((i & 15) === 0)
			sum = (sum + Number(power(3n, 65537n, 1000003n)) + h.toString().length) % 1000003;
	}
	return sum + Number(h % 1000n);
}
