// A router over path segments: a trie of Maps, parameters, middleware chain.
const root = { next: new Map(), param: null, handler: null };
function add(path, handler) {
	let node = root;
	for (const part of path.split('/').filter(Boolean)) {
		if (part[0] === ':') {
			node.param = node.param || { name: part.slice(1), node: { next: new Map(), param: null, handler: null } };
			node = node.param.node;
		} else {
			if (!node.next.has(part))
				node.next.set(part, { next: new Map(), param: null, handler: null });
			node = node.next.get(part);
		}
	}
	node.handler = handler;
}
add('/', () => 1);
add('/users', () => 2);
add('/users/:id', (p) => p.id.length);
add('/users/:id/posts/:post', (p) => p.id.length + p.post.length);
add('/files/static/css', () => 5);
function find(path) {
	const params = {};
	let node = root;
	for (const part of path.split('/')) {
		if (part === '')
			continue;
		const next = node.next.get(part);
		if (next !== undefined) {
			node = next;
		} else if (node.param !== null) {
			params[node.param.name] = part;
			node = node.param.node;
		} else {
			return null;
		}
	}
	return node.handler === null ? null : { handler: node.handler, params };
}
const chain = [(c, next) => { c.steps++; return next(); }, (c, next) => { c.auth = true; return next(); }];
function dispatch(path) {
	const c = { steps: 0, auth: false };
	const go = (k) => k < chain.length ? chain[k](c, () => go(k + 1)) : (() => {
		const hit = find(path);
		return hit === null ? 404 : hit.handler(hit.params) + c.steps;
	})();
	return go(0);
}
const paths = ['/', '/users', '/users/123', '/users/9/posts/hello', '/files/static/css', '/none/at/all'];
function run(n) {
	let sum = 0;
	for (let i = 0; i < n; i++)
		sum = (sum + dispatch(paths[i % 6])) % 1000003;
	return sum;
}
