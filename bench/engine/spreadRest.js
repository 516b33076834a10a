// Spread in calls and arrays, rest parameters, apply, default parameters.
function total(...list) {
	let sum = 0;
	for (let i = 0; i < list.length; i++)
		sum += list[i];
	return sum;
}
function three(a, b = 2, c = a + b) { return a + b + c; }
const some = [1, 2, 3], more = [4, 5, 6, 7];
function run(n) {
	let sum = 0;
	for (let i = 0; i < n; i++) {
		sum += total(...some) + total(i & 7, ...more, 1) + three(...some) + three(i & 3);
		const all = [...some, i & 1, ...more];
		sum = (sum + all.length + Math.max(...all) + total.apply(null, some) + three.call(null, 1, 1)) % 1000003;
	}
	return sum;
}
