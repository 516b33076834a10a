// Copies of objects: spread with overrides, Object.assign, rest, computed keys.
const defaults = { method: 'GET', timeout: 1000, retries: 3, headers: { accept: '*/*' } };
const state = { user: null, items: [1, 2], filter: 'all', page: 1 };
function reduce(s, action) {
	switch (action) {
	case 0: return { ...s, page: s.page + 1 & 63 };
	case 1: return { ...s, items: [...s.items.slice(-3), s.page] };
	default: return Object.assign({}, s, { filter: 'open', [`last${s.page & 3}`]: true });
	}
}
function run(n) {
	let s = state, sum = 0;
	for (let i = 0; i < n; i++) {
		s = (i & 15) === 15 ? state : reduce(s, i % 3);
		const o = { ...defaults, timeout: i & 255, headers: { ...defaults.headers, host: 'x' } };
		sum = (sum + s.page + s.items.length + o.timeout + o.headers.host.length) % 1000003;
	}
	return sum;
}
