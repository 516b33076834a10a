import { parse, inject } from "regexparam";

for (const r of ["/", "/books/:genre/:title?", "/movies/:title.mp4", "/files/*", "/*?", "/:a/:b?/*", "/a/:x.(png|jpg)", /^\/(?<year>\d{4})$/]) {
	const { keys, pattern } = parse(r);
	console.log(pattern.source, pattern.flags, JSON.stringify(keys));
	for (const u of ["/", "/books/x", "/books/x/y", "/movies/n.mp4", "/files/a/b", "/2024", "/q/w/e"])
		console.log(u, JSON.stringify(pattern.exec(u)));
}
console.log(parse("/users/:id", true).pattern.test("/users/lukeed/repos"), inject("/posts/:slug/:id?", { slug: "a b", id: 3 }), inject("/a/*", { "*": "x/y" }), inject("/:m?", {}));
