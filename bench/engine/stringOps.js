// Methods on short ASCII strings: search, slice, case, split, trim, char codes.
var text = 'the quick brown fox jumps over the lazy dog';
function run(n) {
	var sum = 0;
	for (var i = 0; i < n; i++) {
		var at = text.indexOf('fox', i & 7);
		var part = text.slice(at, at + 9);
		if (part.startsWith('fox') && part.includes('jum'))
			sum += part.toUpperCase().charCodeAt(i % 9);
		sum += text.charAt(i % 43) === 'o' ? 3 : 1;
		sum += text.lastIndexOf('the');
		sum += text.substring(4, 9).trim().length;
		sum = sum % 1000003;
	}
	return sum;
}
