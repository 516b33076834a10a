import { marked, Marked, lexer, Renderer } from "marked";

const text = `# Title {#id}

Some *emphasis*, **strong**, \`code\`, ~~del~~, [link](http://a.b/c?d=1&e "title"), ![i](x.png), <https://auto.link>, www.example.com.

- [ ] task
- [x] done
  1. inner
  2. list

  para
* other

> quote with
lazy continuation
> - list

| h1 | h2 | h3 |
|----|:--:|---:|
| a  | \\|  | c |

~~~ruby
def x; "<&>" end
~~~

<section>
raw *html*
</section>

Line one\\
line two  
line three

[ref]: /url "T"
[ref], [text][ref], [none]

Setext
===
- - nested
+ plus
***
&copy; &#35; \\# "smart" snake_case_word 5 * 3 * 2
`;
console.log(marked.parse(text));
console.log(marked.parse(text, { breaks: true, gfm: false }));
console.log(JSON.stringify(lexer(text)));
const m = new Marked({ renderer: { heading({ tokens, depth }) { return `<h${depth} class=x>${this.parser.parseInline(tokens)}</h${depth}>\n`; } }, walkTokens(t) { if (t.type === "link") t.href = "#"; } },
	{ extensions: [{ name: "at", level: "inline", start: (s) => s.indexOf("@"), tokenizer(s) { const r = /^@(\w+)/.exec(s); return r && { type: "at", raw: r[0], name: r[1] }; }, renderer: (t) => `<at>${t.name}</at>` }] });
console.log(m.parse("## hey @bob [l](http://x)"));
console.log(await new Marked({ async: true, async walkTokens(t) { await null; if (t.type === "text") t.text += "!"; } }).parse("a *b* c"));
console.log(marked.parseInline("**x** _y_"), typeof Renderer);
