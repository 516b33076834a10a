// A string built from pieces and numbers, then read once.
function run(n) {
	var sum = 0;
	for (var i = 0; i < n; i++) {
		var s = 'id=' + i;
		s += ';name=' + 'n' + (i & 63);
		s += `;flag=${(i & 1) === 0}`;
		for (var j = 0; j < 4; j++)
			s += ',' + j;
		sum = (sum + s.length + s.charCodeAt(s.length - 1)) % 1000003;
	}
	return sum;
}
