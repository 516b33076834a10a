// A small handler: looks at method and path, answers with headers and JSON.
function Response(body, status, headers) {
	this.body = body;
	this.status = status;
	this.headers = headers;
}
function handler(request) {
	if (request.method !== 'GET')
		return new Response('', 405, { allow: 'GET' });
	if (request.url === '/')
		return new Response('hello', 200, { 'content-type': 'text/plain' });
	if (request.url.startsWith('/users/')) {
		var id = parseInt(request.url.slice(7), 10);
		return new Response(JSON.stringify({ id: id, name: 'user ' + id, ok: true }), 200,
			{ 'content-type': 'application/json' });
	}
	return new Response('no such page', 404, { 'content-type': 'text/plain' });
}
var requests = [
	{ method: 'GET', url: '/' },
	{ method: 'GET', url: '/users/42' },
	{ method: 'POST', url: '/users/1' },
	{ method: 'GET', url: '/missing' }
];
function run(n) {
	var sum = 0;
	for (var i = 0; i < n; i++) {
		var r = handler(requests[i & 3]);
		sum = (sum + r.status + r.body.length) % 1000003;
	}
	return sum;
}
