// Functions as values: bind, call, apply, a table of handlers, partial application.
function greet(greeting, name) { return greeting.length + name.length + this.base; }
const ctx = { base: 3 }, hello = greet.bind(ctx, 'hello');
const table = { add: (a, b) => a + b, sub: (a, b) => a - b, mul: (a, b) => a * b & 255 };
const ops = ['add', 'sub', 'mul'];
function partial(f, ...first) { return (...rest) => f(...first, ...rest); }
const inc = partial(table.add, 1);
function run(n) {
	let sum = 0;
	for (let i = 0; i < n; i++) {
		sum += hello('ada') + greet.call(ctx, 'hi', 'bob') + greet.apply(ctx, ['hey', 'eve']);
		sum = (sum + table[ops[i % 3]](i & 15, 3) + inc(i & 7) + 13) % 1000003;
	}
	return sum;
}
