// Many short-lived objects, arrays and closures, with a ring of survivors.
var ring = new Array(256);
function run(n) {
	var sum = 0;
	for (var i = 0; i < 256; i++)
		ring[i] = null;
	for (i = 0; i < n; i++) {
		var node = { id: i, data: [i, i + 1, i + 2], next: null, get: null };
		node.next = { label: 'n' + (i & 31), back: node };
		node.get = () => node.id;
		var old = ring[i & 255];
		if (old)
			sum = (sum + old.data[1] + old.next.label.length + old.next.back.data.length) % 1000003;
		ring[i & 255] = node;
	}
	return sum;
}
