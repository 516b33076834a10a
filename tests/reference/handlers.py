"""handlers.py: what the handler API's documentation shows of requests, responses and
routing. Each block is a program and what it answers: see blocks.py."""
from blocks import block

block("H1", "the smallest handler: a function of that name returns a Response", "smallest.js", """
function handler(request) {
	return Response.text("fine");
}
""", ("GET /", 200, "fine", "content-type: text/plain"))

block("H2", "the handler may be exported, and takes what it does not use", "exported.ts", """
export function handler(request: Request, capabilities: object, third?: unknown): Response {
	return Response.json([typeof request, typeof capabilities, typeof third]);
}
""", ("GET /", 200, ["object", "undefined", "undefined"], "content-type: application/json"))

block("H3", "the request: method, url, headers and body", "request.js", """
function handler(request) {
	return Response.json({ method: request.method, url: request.url, agent: request.headers["user-agent"],
	                       kind: request.headers.get("Content-Type"), body: request.body });
}
""", ("GET /a/b", 200, {"method": "GET", "url": "/a/b", "kind": None, "body": None}),
      ("POST /a\nUser-Agent: me\nContent-Type: text/x\n\nsome text", 200,
       {"method": "POST", "url": "/a", "agent": "me", "kind": "text/x", "body": "some text"}),
      ("DELETE /?x=1", 200, {"method": "DELETE", "url": "/?x=1", "kind": None, "body": None}))

block("H4", "no body is null, never undefined", "nobody.js", """
function handler(request) {
	return Response.text(request.body === null ? "null" : typeof request.body + request.body.length);
}
""", ("GET /", 200, "null"), ("POST /\n\néé", 200, "string2"))

block("H5", "url has the query, path has not; query has texts, all of them", "query.js", """
function handler(request) {
	const q = request.query;
	return Response.json([request.url, request.path, q.n, q.flag, q.a, q.getAll("a")]);
}
""", ("GET /p?n=007&flag&a=1&a=%C3%A9+2", 200,
      ["/p?n=007&flag&a=1&a=%C3%A9+2", "/p", "007", "", "1", ["1", "é 2"]]))

block("H6", "Response.json(data, init)", "json.js", """
function handler(request) {
	switch (request.path) {
	case "/object": return Response.json({ message: "hi", count: 42 });
	case "/array": return Response.json([1, 2, 3]);
	case "/status": return Response.json({ error: "none" }, { status: 404 });
	case "/keys": return Response.json({ 'a"b': "c\\nd" });
	}
	return Response.json({ made: true }, { status: 201, headers: { "X-Request-Id": "12345" } });
}
""", ("GET /object", 200, '{"message":"hi","count":42}', "content-type: application/json"),
      ("GET /array", 200, "[1,2,3]", "content-type: application/json"),
      ("GET /status", 404, '{"error":"none"}', "content-type: application/json"),
      ("GET /keys", 200, r'{"a\"b":"c\nd"}'),
      ("GET /made", 201, '{"made":true}', "content-type: application/json", "x-request-id: 12345"))

block("H7", "Response.text(text, init): status and headers, both", "text.js", """
function handler(request) {
	if (request.url === "/none") return Response.text("", { status: 204 });
	if (request.url === "/plain") return Response.text("some words");
	return Response.text("fine", { status: 202, headers: { "Content-Type": "text/x-mine", "X-Custom-Header": "value" } });
}
""", ("GET /none", 204, ""), ("GET /plain", 200, "some words", "content-type: text/plain"),
      ("GET /", 202, "fine", "content-type: text/x-mine", "x-custom-header: value"))

block("H8", "Response.html(html, init)", "html.js", """
function handler(request) {
	return Response.html("<h1>Title</h1>", request.url === "/" ? undefined : { status: 418, headers: { "X-A": "b" } });
}
""", ("GET /", 200, "<h1>Title</h1>", "content-type: text/html"),
      ("GET /else", 418, "<h1>Title</h1>", "content-type: text/html", "x-a: b"))

block("H9", "Response.redirect(url, status): 302 unless said", "redirect.js", """
function handler(request) {
	return request.url === "/old" ? Response.redirect("/new", 301) : Response.redirect("/elsewhere?x=1");
}
""", ("GET /", 302, "", "location: /elsewhere?x=1"), ("GET /old", 301, "", "location: /new"))

block("H10", "headers of a response: several cookies stay several", "cookies.js", """
function handler() {
	const r = Response.text("x");
	r.headers.append("Set-Cookie", "a=1");
	r.headers.append("Set-Cookie", "b=2");
	r.headers.append("Vary", "A");
	r.headers.append("Vary", "B");
	return r;
}
""", ("GET /", 200, "x", "set-cookie: a=1", "set-cookie: b=2", "vary: A", "vary: B"))

ROUTES = """
function page() { return <html><body><h1>Hello</h1></body></html>; }

function handler(request) {
	if (request.url === "/")
		return Response.html(renderToString(page()));
	if (request.url === "/api/echo")
		return Response.json({ method: request.method, url: request.url, body: request.body });
	if (request.method === "POST" && request.url === "/api/data")
		return Response.json({ received: JSON.parse(request.body), ok: true });
	return Response.text("Not Found", { status: 404 });
}
"""
block("H11", "routes by request.url, and 404 for the rest", "routes.jsx", ROUTES,
      ("GET /", 200, "<html><body><h1>Hello</h1></body></html>", "content-type: text/html"),
      ("GET /api/echo", 200, '{"method":"GET","url":"/api/echo","body":null}', "content-type: application/json"),
      ("PUT /api/echo\n\nzig", 200, '{"method":"PUT","url":"/api/echo","body":"zig"}'),
      ("POST /api/data\n\n{\"n\": [1]}", 200, '{"received":{"n":[1]},"ok":true}'),
      ("GET /api/data", 404, "Not Found", "content-type: text/plain"),
      ("GET /?x", 404, "Not Found"))

block("H12", "routes by method", "methods.js", """
function list() { return Response.json([{ id: 1, name: "Ada" }]); }

function create(request) {
	const data = JSON.parse(request.body);
	return Response.json({ id: 2, name: data.name }, { status: 201 });
}

function handler(request) {
	if (request.url !== "/api/users")
		return Response.text("Not Found", { status: 404 });
	if (request.method === "GET")
		return list();
	return request.method === "POST" ? create(request) : Response.text("Method Not Allowed", { status: 405 });
}
""", ("GET /api/users", 200, [{"id": 1, "name": "Ada"}]),
      ("POST /api/users\n\n{\"name\":\"Bo\"}", 201, {"id": 2, "name": "Bo"}),
      ("PATCH /api/users", 405, "Method Not Allowed"), ("GET /api", 404, "Not Found"))

block("H13", "parts of the path", "parts.js", """
function handler(request) {
	const path = request.url, users = "/api/users/";
	if (path.indexOf(users) === 0)
		return Response.json({ id: path.substring(users.length) });
	if (path.indexOf("/api/posts/") === 0 && path.indexOf("/comments") > 0)
		return Response.json({ post: path.split("/")[3], comments: [] });
	if (path.indexOf("/api/") === 0)
		return Response.json({ below: path.substring(4) });
	return Response.text("Not Found", { status: 404 });
}
""", ("GET /api/users/7", 200, {"id": "7"}), ("GET /api/posts/3/comments", 200, {"post": "3", "comments": []}),
      ("GET /api/x/y", 200, {"below": "/x/y"}), ("GET /users/7", 404, "Not Found"))

block("H14", "a prefix that asks for a header", "prefix.js", """
function handler(request) {
	if (request.url.indexOf("/admin/") !== 0)
		return Response.text("welcome");
	return request.headers["authorization"] && request.headers.get("Authorization") === request.headers.authorization
		? Response.json({ admin: true }) : Response.text("Unauthorized", { status: 401 });
}
""", ("GET /admin/x", 401, "Unauthorized"), ("GET /admin/x\nAuthorization: Bearer z", 200, {"admin": True}),
      ("GET /", 200, "welcome"))

block("H15", "a router made of closures", "router.js", """
function createRouter() {
	const routes = [];
	const on = (method) => function (path, run) { routes.push({ method: method, path: path, run: run }); };
	return {
		get: on("GET"), post: on("POST"), put: on("PUT"), delete: on("DELETE"),
		handle: function (request) {
			for (let i = 0; i < routes.length; i++)
				if (routes[i].method === request.method && routes[i].path === request.url)
					return routes[i].run(request);
			return Response.text("Not Found", { status: 404 });
		},
	};
}

const router = createRouter();
router.get("/", function () { return Response.html("<h1>Home</h1>"); });
router.post("/users", function (req) { return Response.json(JSON.parse(req.body), { status: 201 }); });
router.delete("/users", function () { return Response.text("", { status: 204 }); });

function handler(request) { return router.handle(request); }
""", ("GET /", 200, "<h1>Home</h1>"), ("POST /users\n\n{\"a\":1}", 201, {"a": 1}),
      ("DELETE /users", 204, ""), ("PUT /users", 404, "Not Found"))

block("H16", "a body that must be JSON", "parse.js", """
function bad(why) { return Response.json({ error: why }, { status: 400 }); }

function handler(request) {
	if (request.method !== "POST")
		return Response.text("Method Not Allowed", { status: 405 });
	if ((request.headers["content-type"] || "").indexOf("application/json") === -1)
		return bad("Content-Type must be application/json");
	if (!request.body)
		return bad("no body");
	try {
		const data = JSON.parse(request.body);
		return ["name", "email"].every((f) => data[f] !== undefined) ? Response.json({ received: data, ok: true }) : bad("field");
	} catch (e) {
		return bad("Invalid JSON: " + e.name);
	}
}
""", ("GET /", 405, "Method Not Allowed"), ("POST /\nContent-Type: text/plain\n\n{}", 400, {"error": "Content-Type must be application/json"}),
      ("POST /\nContent-Type: application/json", 400, {"error": "no body"}),
      ("POST /\nContent-Type: application/json\n\n{\"name\":", 400, {"error": "Invalid JSON: SyntaxError"}),
      ("POST /\nContent-Type: application/json\n\n{}", 400, {"error": "field"}),
      ("POST /\nContent-Type: application/json\n\n{\"name\":\"a\",\"email\":\"b\"}", 200,
       {"received": {"name": "a", "email": "b"}, "ok": True}))

block("H17", "nested objects and lists as JSON", "nested.js", """
function handler() {
	const user = { id: 1, active: true };
	return Response.json({ user: user, metadata: { timestamp: Date.now() > 1e12, version: "1.0" }, items: [{ id: 1 }, { id: 2 }], total: 2 });
}
""", ("GET /", 200, '{"user":{"id":1,"active":true},"metadata":{"timestamp":true,"version":"1.0"},'
      '"items":[{"id":1},{"id":2}],"total":2}'))

block("H18", "an error that is caught becomes an answer, one that is not 500", "caught.js", """
function work(request) {
	if (request.url === "/risky") return Response.json(JSON.parse(request.body));
	if (request.url === "/thrown") throw new Error("not told");
	return Response.text("fine");
}

function handler(request) {
	if (request.url === "/thrown") return work(request);
	try {
		return work(request);
	} catch (e) {
		console.error("Error:", e.message);
		return Response.json({ error: "Internal Server Error", message: e.name }, { status: 500 });
	}
}
""", ("GET /", 200, "fine"), ("POST /risky\n\n{", 500, {"error": "Internal Server Error", "message": "SyntaxError"}),
      ("POST /risky\n\n[0]", 200, "[0]"), ("GET /thrown", 500, "Internal Server Error"))

block("H19", "an interface for users: read, make, change and delete", "crud.js", """
const users = [{ id: 1, name: "Ada" }, { id: 2, name: "Bo" }];
let nextId = 3;

function find(id) {
	for (let i = 0; i < users.length; i++)
		if (users[i].id === id) return i;
	return -1;
}

function handler(request) {
	const path = request.url, method = request.method, prefix = "/api/users";
	if (path === prefix && method === "GET")
		return Response.json(users);
	if (path === prefix && method === "POST") {
		const data = JSON.parse(request.body);
		if (!data.name) return Response.json({ error: "name is required" }, { status: 400 });
		users.push({ id: nextId++, name: data.name });
		return Response.json(users[users.length - 1], { status: 201 });
	}
	if (path.indexOf(prefix + "/") === 0) {
		const at = find(parseInt(path.substring(prefix.length + 1), 10));
		if (at === -1) return Response.json({ error: "User not found" }, { status: 404 });
		if (method === "GET") return Response.json(users[at]);
		if (method === "PUT") { users[at].name = JSON.parse(request.body).name; return Response.json(users[at]); }
		if (method === "DELETE") { users.splice(at, 1); return Response.text("", { status: 204 }); }
	}
	return Response.json({ error: "Not Found" }, { status: 404 });
}
""", ("GET /api/users", 200, [{"id": 1, "name": "Ada"}, {"id": 2, "name": "Bo"}]),
      ("GET /api/users/2", 200, {"id": 2, "name": "Bo"}), ("GET /api/users/9", 404, {"error": "User not found"}),
      ("POST /api/users\n\n{}", 400, {"error": "name is required"}),
      ("POST /api/users\n\n{\"name\":\"Cy\"}", 201, {"id": 3, "name": "Cy"}),
      ("PUT /api/users/1\n\n{\"name\":\"Al\"}", 200, {"id": 1, "name": "Al"}), ("DELETE /api/users/1", 204, ""),
      # Nothing of it outlives its request.
      ("GET /api/users", 200, [{"id": 1, "name": "Ada"}, {"id": 2, "name": "Bo"}]), ("GET /", 404, {"error": "Not Found"}))

block("H20", "health, metrics, readiness", "health.js", """
const started = Date.now();
let count = 0;

function handler(request) {
	count++;
	if (request.url === "/health") return Response.json({ status: "healthy", late: Date.now() - started < 0 });
	if (request.url === "/metrics") return Response.json({ seconds: Math.floor((Date.now() - started) / 1e6), requests: count });
	if (request.url === "/ready") return Response.json({ ready: true });
	return Response.json({ message: "Hello", number: count });
}
""", ("GET /health", 200, {"status": "healthy", "late": False}), ("GET /metrics", 200, {"seconds": 0, "requests": 1}),
      ("GET /ready", 200, {"ready": True}), ("GET /", 200, {"message": "Hello", "number": 1}))

block("H21", "what else may be returned: text is text, an object JSON", "plain.js", """
function handler(request) {
	switch (request.url) {
	case "/text": return "some text";
	case "/object": return { status: "mine" };
	case "/array": return [1];
	case "/later": return Promise.resolve(Response.text("later"));
	}
	return 5;
}
""", ("GET /text", 200, "some text", "content-type: text/plain"),
      ("GET /object", 200, '{"status":"mine"}', "content-type: application/json"),
      ("GET /array", 200, "[1]", "content-type: application/json"), ("GET /later", 200, "later"), ("GET /", 500, "Internal Server Error"))

block("H22", "the language: all of what the subset has", "language.js", """
function handler() {
	const out = [];
	let i = 0;
	while (i < 2) i++;
	for (const x of [1, 2]) out.push(x ** 2);
	for (const k in { a: 1 }) out.push(k);
	out.push([Math.imul(3, 4), Math.clz32(1), Math.fround(5.5), Math.trunc(-2.7), Math.log2(8)].join());
	out.push("a-b-b".replaceAll("b", "c"), " x".trimStart(), "x ".trimEnd(), "A".codePointAt(0), "\\u{1f600}".length);
	out.push(new Uint8Array([1, 258])[1], typeof globalThis, (1, eval)("40 + 2"), Array.isArray([]), JSON.stringify({ a: [1] }));
	return Response.json(out);
}
""", ("GET /", 200, [1, 4, "a", "12,31,5.5,-2,3", "a-c-c", "x", "x", 65, 2, 2, "object", 42, True, '{"a":[1]}']))

block("H23", "the language: more than the subset has", "modern.mjs", """
class Point { #x = 1; get x() { return this.#x; } }
export const handler = async ({ url, ...rest }) => {
	const { a = 5, ...others } = { b: 2, c: 3 }, late = await Promise.resolve(`a template ${url}`);
	return Response.json([new Point().x, a, { ...others }, late, [1, , 3].length, new Number(1) + 1, [..."ab"]]);
};
""", ("GET /t", 200, [1, 5, {"b": 2, "c": 3}, "a template /t", 3, 2, ["a", "b"]]))

block("H24", "the other shapes of a handler: a default export with fetch, whose request is the standard's", "fetch.ts", """
export default {
	greeting: "hello",
	async fetch(request: Request, env: object, ctx: object) {
		const { pathname, searchParams } = new URL(request.url);
		return Response.json([this.greeting, pathname, searchParams.get("q"), typeof env, typeof ctx,
		                      request.body instanceof ReadableStream, await request.text()]);
	},
};
""", ("POST /a?q=1\n\nxyz", 200, ["hello", "/a", "1", "object", "object", True, "xyz"]),
      ("GET /", 200, ["hello", "/", None, "object", "object", False, ""]))

block("H25", "the other shapes of a handler: a default export that is a function", "default.mjs", """
export default async function (request) { return Response.text(request.method + " " + await request.text()); }
""", ("POST /\n\nxyz", 200, "POST xyz"))

block("H26", "a status that is none, a header that is none", "range.js", """
function handler(request) {
	if (request.url === "/thrown") return Response.text("x", { status: 99 });
	try {
		return Response.text("x", request.url === "/status" ? { status: 600 } : { headers: { "X-A": "b\\r\\nX-C: d" } });
	} catch (e) {
		return Response.text(e.name);
	}
}
""", ("GET /status", 200, "RangeError"), ("GET /header", 200, "TypeError"), ("GET /thrown", 500, "Internal Server Error"))

block("H27", "methods of a request and of headers", "methods_of.js", """
async function handler(request) {
	const copy = request.clone(), data = await request.json(), headers = new Headers(request.headers);
	headers.append("X-Seen", "1");
	headers.append("x-seen", "2");
	headers.delete("X-Gone");
	return Response.json([data.a, await copy.text(), request.bodyUsed, headers.get("X-SEEN"), headers.has("x-gone"),
	                      await request.text().catch((e) => e.name)], { headers });
}
""", ("POST /\nX-Gone: 1\n\n{\"a\":[1]}", 200, [[1], '{"a":[1]}', True, "1, 2", False, "TypeError"], "x-seen: 1", "x-seen: 2"))
