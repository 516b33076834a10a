// JSON.parse and JSON.stringify of a document of about one kilobyte.
var doc = { version: 3, ok: true, none: null, list: [] };
for (var k = 0; k < 10; k++)
	doc.list.push({ id: k, name: 'user-' + k, mail: 'user' + k + '@example.org', score: k * 1.5, tags: ['a', 'b\n', 'c"d'] });
var text = JSON.stringify(doc);
function run(n) {
	var sum = 0;
	for (var i = 0; i < n; i++) {
		var d = JSON.parse(text);
		d.list[i % 10].id = i & 7;
		sum = (sum + JSON.stringify(d).length + d.list.length) % 1000003;
	}
	return sum;
}
