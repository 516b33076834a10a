// A larger handler: parses a query and a JSON body, filters, sorts, groups and
// renders a list as JSON and as HTML.
function parseQuery(url) {
	var out = {}, at = url.indexOf('?');
	if (at < 0)
		return out;
	url.slice(at + 1).split('&').forEach(function (pair) {
		var eq = pair.indexOf('=');
		out[decodeURIComponent(pair.slice(0, eq))] = decodeURIComponent(pair.slice(eq + 1));
	});
	return out;
}
function escapeHtml(s) {
	return s.split('&').join('&amp;').split('<').join('&lt;').split('>').join('&gt;').split('"').join('&quot;');
}
function handler(request) {
	const query = parseQuery(request.url);
	const body = JSON.parse(request.body);
	const limit = Number(query.limit);
	const items = body.items
		.filter(item => item.price > 10 && item.tags.includes(query.tag))
		.map(item => Object.assign({}, item, { total: item.price * item.count }))
		.sort((a, b) => b.total - a.total)
		.slice(0, limit);
	const groups = new Map();
	for (const item of items) {
		const list = groups.get(item.kind);
		if (list)
			list.push(item.name);
		else
			groups.set(item.kind, [item.name]);
	}
	const rows = items.map(({ name, total }) => `<li>${escapeHtml(name)}: ${total}</li>`).join('');
	return {
		status: 200,
		headers: { 'content-type': 'application/json', 'x-count': String(items.length) },
		body: JSON.stringify({ ok: true, kinds: Array.from(groups.keys()), html: rows, items })
	};
}
var stock = [];
for (var k = 0; k < 20; k++)
	stock.push({ name: 'item <' + k + '>', kind: k % 3 ? 'tool' : 'part', price: (k * 7) % 31, count: k % 5 + 1,
		tags: k % 2 ? ['new', 'red'] : ['old', 'new'] });
var request = { url: '/stock?tag=new&limit=10&q=a%20b', body: JSON.stringify({ items: stock }) };
function run(n) {
	var sum = 0;
	for (var i = 0; i < n; i++)
		sum = (sum + handler(request).body.length + i) % 1000003;
	return sum;
}
