import { micromark } from "micromark";

const text = "# A *b* `c`\n\npara [l](u \"t\") ![i](s) <http://a.b>\nsoft\\\nhard  \nbreak &amp; &copy; \\*\n\n* a\n* b\n\n  c\n    1. d\n2) e\n\n> q\n>> r\nlazy\n\n```js x\ncode <&>\n```\n\n\tindented\n\n[r]: /u 'T'\n[r][] [R] [x][r]\n\n---\nSetext\n===\n<div>\n*raw*\n</div>\n\n**a*b**c* __x_y__ ***z***\n";
console.log(micromark(text));
console.log(micromark(text, { allowDangerousHtml: true, allowDangerousProtocol: true }));
console.log(micromark("[a](javascript:x) \u0000 \t&#0; &#x1F4A9; &nosuch;"));
