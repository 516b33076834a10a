import picomatch from "picomatch/posix";

const paths = ["a.js", "a/b.js", "a/b/c.ts", ".hidden", "a/.b/c.js", "foo-bar.md", "x1.txt", "a+b", "[z]", "A.JS", "é.js", "a/b/c/d/e.json"];
for (const g of ["*.js", "**/*.js", "**/*.{js,ts}", "!(*.js)", "a/**", "**/!(c).*", "?.js", "x[0-9].txt", "+(foo|bar)-*.md", "@(a|b)*", "*(a|b)/**", "[[:alpha:]].js", "{a..c}.js", "**/.*/**", "a\\+b", "\\[z\\]", "!**/*.ts", "a/**/e.json", "x{1..3}.txt"])
	console.log(g, paths.filter(picomatch(g)).join(), "|", paths.filter(picomatch(g, { dot: true, nocase: true })).join(), "|", picomatch.makeRe(g).source);
console.log(JSON.stringify(picomatch.scan("!./foo/*.{js,ts}", { tokens: true, parts: true })), picomatch.isMatch("abc", ["x*", "a*"]), picomatch(["*", "!b*"])("bc"));
for (const bad of ["", 5, null, "(".repeat(40000)])
	try {
		picomatch(bad, { maxLength: 30000 });
		console.log("ok");
	} catch (e) {
		console.log(e.name, e.message);
	}
