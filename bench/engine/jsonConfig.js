// JSON.parse of a configuration, indented and with escapes, and a lookup in it.
const text = JSON.stringify({
	name: 'service "a"', version: '1.2.3', port: 8080, tls: { cert: '/etc/x\\y.pem', versions: ['1.2', '1.3'], strict: true },
	limits: { rate: 12.5, burst: 100, sizes: [1, 10, 100, 1000], ratio: 0.125, none: null },
	routes: [{ path: '/a', to: 'http://10.0.0.1', weight: 1 }, { path: '/b/:id', to: 'http://10.0.0.2', weight: 3, cache: false },
		{ path: '/caf\u00e9\n', to: 'x', weight: 2 }], features: { one: true, two: false, three: { deep: { er: [[], {}] } } }
}, null, 2);
function run(n) {
	let sum = 0;
	for (let i = 0; i < n; i++) {
		const c = JSON.parse(text);
		sum = (sum + c.port + c.routes[i % 3].weight + c.limits.sizes.length + c.tls.cert.length) % 1000003;
	}
	return sum;
}
