import htm from "htm";

const html = htm.bind((type, props, ...children) => ({ type: typeof type === "function" ? type.name : type, props, children }));
function Comp() {}
const rest = { c: 3, d: [4] };
const view = (n) => html`<div class="a ${n}b" ...${rest} on=${() => 1}><!-- no --><${Comp} key=${n} flag>${[1, 2].map((i) => html`<li id=${i}>${i}</li>`)}<//>text ${n} <br/><p>${null}</p></div>`;
console.log(JSON.stringify(view(1)));
console.log(JSON.stringify(view(2)));
console.log(JSON.stringify(html`<a/><b x=1 y='2'>  spaced
	out </b>${"top"}`), view(1).children.length);
