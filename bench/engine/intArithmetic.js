// Integer arithmetic and bit operations on locals.
function run(n) {
	var a = 1, b = 7, c = 0;
	for (var i = 0; i < n; i++) {
		a = (a * 5 + 3) & 0xffff;
		b = (b ^ (a << 3)) >>> 1;
		c = (c + (b % 17) - (a >> 2)) | 0;
		if (c < 0)
			c += 1000003;
		c = c % 1000003;
	}
	return a + b + c;
}
