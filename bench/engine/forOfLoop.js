// for-of over an array, a string, a Map's entries and a destructured pair.
var list = [];
for (var k = 0; k < 32; k++)
	list.push(k * 3);
var pairs = list.map((x, i) => [i, x]);
var map = new Map(pairs.slice(0, 8));
function run(n) {
	var sum = 0;
	for (var i = 0; i < n; i++) {
		for (const x of list)
			sum += x;
		for (const c of 'steady')
			sum += c.length;
		for (const [key, value] of map)
			sum += key ^ value;
		for (const [i1, x1] of pairs)
			sum += i1 & x1;
		sum = (sum + i) % 1000003;
	}
	return sum;
}
