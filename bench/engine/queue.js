// A breadth-first search: an array as queue, one as stack, visited cells.
const size = 16, walls = new Set();
for (let k = 0; k < 40; k++)
	walls.add((k * 37 + 11) % 256);
function search(from, to) {
	const queue = [from], dist = new Array(256).fill(-1);
	dist[from] = 0;
	while (queue.length > 0) {
		const at = queue.shift();
		if (at === to)
			return dist[at];
		const x = at % size, next = [];
		if (x > 0) next.push(at - 1);
		if (x < size - 1) next.push(at + 1);
		if (at >= size) next.push(at - size);
		if (at < 240) next.push(at + size);
		while (next.length) {
			const to2 = next.pop();
			if (dist[to2] < 0 && !walls.has(to2)) {
				dist[to2] = dist[at] + 1;
				queue.push(to2);
			}
		}
	}
	return -1;
}
function run(n) {
	let sum = 0;
	for (let i = 0; i < n; i++)
		sum = (sum + search(i & 7, 255 - (i & 15)) + 2) % 1000003;
	return sum;
}
