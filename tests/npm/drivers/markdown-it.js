import MarkdownIt from "markdown-it";

const text = `# Head *em* \`code\`
Para with **bold**, __more__, ~~gone~~, [link](http://x.y "t"), ![img](a.png) and <b>html</b> &amp; &copy;.
Auto http://example.com/?a=1&b=2 "quotes" -- dash... (c)

1. one
2. two
   - nested
   - list

     loose
3) other

> quote
> > deeper

\`\`\`js {1}
let x = "<y>";
\`\`\`

    indented

| a | b |
|:--|--:|
| 1 | \`x|y\` |

[ref]: <http://z> 'title'
[ref] and [Ref][] and \\*escaped\\*  
hard break

***
Setext
------
<div>
block *html*
</div>
`;
for (const o of ["commonmark", "zero", { html: true, linkify: true, typographer: true, breaks: true, highlight: (s, l) => `<${l}>${s.toUpperCase()}` }])
	console.log(new MarkdownIt(o).render(text));
console.log(JSON.stringify(new MarkdownIt().parse("a *b* [c](d)", {})));
const md = new MarkdownIt().use((m) => { m.renderer.rules.strong_open = () => "<B>"; m.inline.ruler.before("emphasis", "at", (s, silent) => { if (s.src[s.pos] !== "@") return false; if (!silent) s.push("text", "", 0).content = "(at)"; s.pos++; return true; }); });
console.log(md.renderInline("**x** a@b"));
