// push, index, map, filter, reduce, indexOf, slice and join on small arrays.
function run(n) {
	var sum = 0;
	for (var i = 0; i < n; i++) {
		var a = [];
		for (var j = 0; j < 16; j++)
			a.push(i + j);
		var even = a.map(x => x * 2).filter(x => x % 3 !== 0);
		sum += even.reduce((x, y) => x + y, 0);
		sum += a.indexOf(i + 9) + a.slice(2, 6).join('-').length;
		a[3] = a[4] + a[5];
		sum = (sum + a[3] + a.length) % 1000003;
	}
	return sum;
}
