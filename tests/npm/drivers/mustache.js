import Mustache from "mustache";

const view = { title: "Joe & <Co>", calc() { return 2 + 4; }, list: [{ n: "a", last: false }, { n: "b", last: true }], empty: [], html: "<i>", deep: { er: { x: 1 } }, zero: 0, wrap() { return (text, render) => `<b>${render(text)}</b>`; }, "a.b": "dotted", items: [[1, 2], [3]] };
const partials = { p: "  [{{n}}]\n", rec: "{{n}}{{#kids}}({{>rec}}){{/kids}}" };
for (const t of ["{{title}} {{{html}}} {{&html}} {{calc}} {{missing}}", "{{#list}}{{n}}{{^last}}, {{/last}}{{/list}}{{^empty}}none{{/empty}}", "{{#list}}\n {{>p}}\n{{/list}}", "{{=<% %>=}}<% title %> {{no}} <%={{ }}=%>{{zero}}", "{{#wrap}}hi {{title}}{{/wrap}}", "{{deep.er.x}} {{#deep}}{{er.x}}{{#er}}{{x}}{{title}}{{/er}}{{/deep}}", "{{! comment }}\n  {{#zero}}never{{/zero}}\nend\n", "{{#items}}<{{#.}}{{.}}{{/.}}>{{/items}}"])
	console.log(JSON.stringify(Mustache.render(t, view, partials)));
console.log(Mustache.render("{{>rec}}", { n: 1, kids: [{ n: 2, kids: [] }, { n: 3, kids: [{ n: 4, kids: [] }] }] }, partials));
console.log(JSON.stringify(Mustache.parse("a {{b}} {{#c}}d{{/c}}")), Mustache.render("[[x]]", { x: "<" }, {}, { tags: ["[[", "]]"], escape: (s) => `!${s}` }));
for (const bad of ["{{#a}}", "{{a", "{{/a}}", "{{#a}}{{/b}}"])
	try {
		Mustache.render(bad, {});
	} catch (e) {
		console.log(e.name, e.message);
	}
