import { Eta } from "eta/core";

const eta = new Eta({ autoEscape: true, useWith: false });
eta.loadTemplate("@row", "<li<% if (it.on) { %> class=on<% } %>><%= it.text %></li>\n");
eta.loadTemplate("@page", "<% layout('@shell', { title: it.title }) %>\n<ul>\n<% for (const r of it.rows) { %>\n  <%~ include('@row', r) -%>\n<% } %>\n</ul>");
eta.loadTemplate("@shell", "<title><%= it.title %></title><%~ it.body %>");
console.log(eta.render("@page", { title: "A & <B>", rows: [{ text: "x'\"<", on: true }, { text: 5 }, { text: null }] }));
console.log(eta.renderString("<%_ const f = (n) => n < 2 ? n : f(n - 1) + f(n - 2) _%> <%= f(15) %> `${it.a}` \\n <%= `t${it.a}` %> <% /* c */ %>!", { a: 7 }));
console.log(eta.compileToString("Hi <%= it.name %>\\"));
for (const bad of ["<%= it.", "<% } %>", "<%= it.a.b.c %>"])
	try {
		console.log(eta.renderString(bad, {}));
	} catch (e) {
		console.log(e.name);
	}
