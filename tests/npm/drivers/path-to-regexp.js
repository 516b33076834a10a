import { match, compile, parse, pathToRegexp, stringify } from "path-to-regexp";

for (const p of ["/", "/user/:id", "/files/*path", "/a{/:b}/c", "/:\"with space\"", "/x{/:y{/:z}}", "/é/:ü"]) {
	const m = match(p), { regexp, keys } = pathToRegexp(p);
	console.log(p, regexp.source, JSON.stringify(keys), JSON.stringify(parse(p)), stringify(parse(p)));
	for (const u of ["/", "/user/42", "/USER/a%20b/", "/files/a/b%2Fc", "/a/c", "/a/1/c", "/x", "/x/1/2", "/é/%C3%BC"])
		console.log(u, JSON.stringify(m(u)));
}
console.log(compile("/a/:b{/*c}")({ b: "x y/é", c: ["1", "2"] }), compile("/:x")({ x: "@" }), match(["/a", "/:b"])("/q").params.b);
for (const bad of ["/:", "/*", "/{a", "/(x)", "/a?", "/:a:b"])
	try {
		pathToRegexp(bad);
		console.log("ok", bad);
	} catch (e) {
		console.log(e.name, e.message);
	}
try {
	compile("/:id")({});
} catch (e) {
	console.log(e.name, e.message);
}
