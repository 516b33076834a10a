// A router of regular expressions: exec with captures and named groups, test.
const routes = [
	/^\/$/, /^\/users\/(\d+)$/, /^\/users\/(\d+)\/posts\/([a-z0-9-]+)$/i,
	/^\/files\/(.+)\.(png|jpe?g|gif)$/, /^\/(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)(?:\/|$)/, /^\/search\/?$/
];
const paths = ['/', '/users/42', '/users/7/posts/hello-world', '/files/a/b/c.jpeg', '/2024-05-17/', '/search/', '/missing/page'];
function run(n) {
	let sum = 0;
	for (let i = 0; i < n; i++) {
		const path = paths[i % 7];
		for (let r = 0; r < routes.length; r++) {
			const m = routes[r].exec(path);
			if (m !== null) {
				sum += r * 10 + (m[1] ? m[1].length : 0) + (m.groups ? +m.groups.day : 0);
				break;
			}
		}
		if (/[?&]page=(\d+)/.test(path))
			sum++;
		sum %= 1000003;
	}
	return sum;
}
