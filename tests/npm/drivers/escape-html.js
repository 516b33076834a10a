import escape from "escape-html";

for (const v of ["", "plain", "<a href=\"x\">'&'</a>", 42, null, { toString() { return "<o>"; } }, ["<", ">"], "&".repeat(40)])
	console.log(escape(v));
