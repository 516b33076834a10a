import { Liquid } from "liquidjs";

const engine = new Liquid({ templates: { row: "<{{ item.name | escape }}>", base: "[{% block main %}default{% endblock %}]" } });
engine.registerFilter("shout", (s, n) => String(s).toUpperCase() + "!".repeat(n ?? 1));
const ctx = { items: [{ name: "a<", price: 3.456, tags: ["x", "y"] }, { name: "b", price: 10 }, { name: "c", price: 1 }], title: "Tom & Jerry's  day", n: 7, date: new Date(Date.UTC(2024, 1, 29, 12)), none: null };
const sources = [
	"{% for item in items reversed limit:2 %}{{ forloop.index }}/{{ forloop.length }} {% render 'row', item: item %} {{ item.price | round: 1 | plus: 1 }}{% unless forloop.last %}, {% endunless %}{% else %}none{% endfor %}",
	"{{ title | downcase | replace: \"tom\", \"Ann\" | split: \" \" | join: \"-\" | truncate: 12 }} {{ title | shout: 3 }} {{ title | url_encode }} {{ title | strip_html | capitalize }} {{ title | size }}",
	"{% assign sorted = items | sort: 'price' | map: 'name' | join %}{{ sorted }} {% capture x %}{{ n | modulo: 4 }}{% endcapture %}{{ x }} {% case n %}{% when 1, 7 %}seven{% else %}?{% endcase %} {% if n > 5 and title contains 'Tom' or none %}yes{% elsif n == empty %}e{% endif %}",
	"{{ date | date: '%Y-%m-%d %j %a %b', 'UTC' }} {{ 'x' | append: 'y' | prepend: 'z' }} {{ items | where: 'name', 'b' | json }} {{ items | group_by: 'price' | json }} {{ items | sum: 'price' }} {{ 5 | divided_by: 2 }} {{ 5.0 | divided_by: 2 }}",
	"{%- raw -%} {{ raw }} {%- endraw -%} {% comment %}c{% endcomment %} {% cycle 'a', 'b' %}{% cycle 'a', 'b' %} {% increment k %}{% increment k %} {% tablerow i in (1..4) cols:2 %}{{ i }}{% endtablerow %}",
	"{% layout 'base' %}{% block main %}mine{% endblock %}", "{{ missing.deep | default: 'dflt' }}", "{% for i in (1..3) %}{% if i == 2 %}{% continue %}{% endif %}{{ i }}{% endfor %}", "{% if %}", "{{ 'x' | nofilter }}", "{% for x in %}",
];
for (const s of sources)
	try {
		console.log(await engine.parseAndRender(s, ctx));
	} catch (e) {
		console.log(e.name, e.message);
	}
console.log(engine.parseAndRenderSync(sources[0], { items: [] }));
