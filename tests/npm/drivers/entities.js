import * as e from "entities";

const text = "<p class=\"a&b\">Ünïcödé & 💩 ≠ ± ﬀ ® \u00a0 \u{1d504}'</p>";
for (const f of ["encodeHTML", "encodeNonAsciiHTML", "encodeXML", "escape", "escapeAttribute", "escapeText", "escapeUTF8"])
	console.log(f, e[f](text));
for (const s of ["&amp;&lt;&notit;&not;&copy&copy;x &#x1F4A9; &#128; &#xD800; &#0; &unknown; &NotEqualTilde; &AMP", "a&b=1&para=2", "&#99999999;&#x;&#;"])
	console.log(e.decodeHTML(s), "|", e.decodeHTMLStrict(s), "|", e.decodeXML(s), "|", e.decodeHTMLAttribute(s));
console.log(e.decodeHTML(e.encodeHTML(text)) === text);
