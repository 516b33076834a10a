import * as cookie from "cookie";

for (const s of ["a=1; b=2", "foo=%20x; bar=\"q\"", "a; b=; =c; a=again", "  x = y ; z=%zz", "__proto__=1; k=a=b"])
	console.log(JSON.stringify(cookie.parse(s)), JSON.stringify(Object.keys(cookie.parse(s))));
const expires = new Date(Date.UTC(2030, 1, 2, 3, 4, 5));
console.log(cookie.serialize("n", "v w;", { path: "/", domain: "example.com", maxAge: 3600, expires, httpOnly: true, secure: true, sameSite: "lax", priority: "high", partitioned: true }));
for (const [n, o] of [["bad name", {}], ["n", { path: "/;x" }], ["n", { maxAge: 1.5 }], ["n", { sameSite: "no" }], ["n", { expires: new Date(NaN) }]])
	try {
		console.log(cookie.serialize(n, "v", o));
	} catch (e) {
		console.log(e.name, e.message);
	}
console.log(JSON.stringify(cookie.parseSetCookie("a=b; Path=/; Max-Age=5; Secure; SameSite=Strict; Expires=Wed, 21 Oct 2015 07:28:00 GMT")));
