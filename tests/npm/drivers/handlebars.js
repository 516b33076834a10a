import Handlebars from "handlebars/dist/cjs/handlebars";

Handlebars.registerHelper("loud", (s) => String(s).toUpperCase());
Handlebars.registerHelper("list", function (items, options) { return "<ul>" + items.map((i) => `<li>${options.fn(i, { data: { n: i.n } })}</li>`).join("") + "</ul>" + options.inverse(this); });
Handlebars.registerPartial("person", "{{name}} ({{> @partial-block}}{{age}})");
const template = Handlebars.compile(`{{! comment }}<h1>{{title}}</h1>{{{raw}}}
{{#each people as |p i|}}{{i}}/{{@index}}:{{#> person p}}[{{../title}}]{{/person}}{{#if p.admin}}*{{else if p.age}}~{{else}}-{{/if}}{{#unless @last}}, {{/unless}}{{else}}none{{/each}}
{{#with nested.deep}}{{value}} {{../title}} {{@root.title}}{{/with}}
{{#list people}}{{loud name}}{{else}}inv{{/list}} {{lookup map "a-b"}} {{map.[a-b]}} {{#each map}}{{@key}}={{this}};{{/each}} {{missing.deep.path}} \\{{esc}} {{~"lit"~}} {{log "x"}}`);
const data = { title: "T & <t>", raw: "<b>", people: [{ name: "Ann", age: 3, admin: true }, { name: "B`=", age: 0 }, { name: "C", age: 7 }], nested: { deep: { value: "'v'" } }, map: { "a-b": 1, c: [1, 2] } };
console.log(template(data));
console.log(template({ ...data, people: [] }));
console.log(Handlebars.precompile("{{#if a}}{{b.c}}{{/if}}{{> p x=1}}"));
console.log(JSON.stringify(Handlebars.parse("a {{b 'd' c=1}} {{#e}}f{{^}}g{{/e}}")));
for (const bad of ["{{#if}}", "{{a", "{{#x}}{{/y}}", "{{nohelper 1}}"])
	try {
		console.log(Handlebars.compile(bad)({}));
	} catch (e) {
		console.log(e.name, e.message);
	}
console.log(Handlebars.compile("{{a.constructor}}{{a.x}}")({ a: Object.create({ x: 1 }) }), Handlebars.escapeExpression("<&>\"'`="), String(new Handlebars.SafeString("<s>")));
