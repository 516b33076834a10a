// Literals of three and four properties, a nested one, and a constructor call.
function Point(x, y) {
	this.x = x;
	this.y = y;
}
function run(n) {
	var sum = 0;
	for (var i = 0; i < n; i++) {
		var user = { id: i, name: 'ada', active: true };
		var box = { left: i, top: 2, size: { w: 3, h: i & 15 }, tag: 'b' };
		var p = new Point(user.id, box.top);
		sum = (sum + p.x + box.size.h + (user.active ? 1 : 0)) % 1000003;
	}
	return sum;
}
