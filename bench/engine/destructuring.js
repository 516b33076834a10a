// Patterns: objects and arrays, nested, with defaults, rest, in parameters, swaps.
function area({ w, h = 2, at: { x = 0, y = 0 } = {} }) { return w * h + x - y; }
function first([a, b = 7, ...rest]) { return a + b + rest.length; }
const boxes = [{ w: 3, h: 4, at: { x: 1, y: 2 } }, { w: 5 }, { w: 6, h: 1, at: { x: 9 } }];
const lists = [[1, 2, 3, 4], [5], [6, undefined, 8]];
function run(n) {
	let sum = 0, a = 1, b = 2;
	for (let i = 0; i < n; i++) {
		sum += area(boxes[i % 3]) + first(lists[i % 3]);
		[a, b] = [b, a + 1 & 255];
		const { w, ...others } = boxes[i % 3];
		const [, second = 1] = lists[i % 3];
		sum = (sum + a + w + second + (others.h === undefined ? 1 : 0)) % 1000003;
	}
	return sum;
}
