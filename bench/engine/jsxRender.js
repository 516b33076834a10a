// A tree of elements, made as compiled JSX makes it, rendered to a string.
function h(type, props, ...children) { return { type, props: props || {}, children }; }
const voids = new Set(['br', 'img', 'input']);
function escapeText(s) { return /[&<>"]/.test(s) ? s.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;') : s; }
function render(node) {
	if (node === null || node === undefined || node === false)
		return '';
	if (Array.isArray(node))
		return node.map(render).join('');
	if (typeof node !== 'object')
		return escapeText(String(node));
	if (typeof node.type === 'function')
		return render(node.type(Object.assign({}, node.props, { children: node.children })));
	let out = '<' + node.type;
	for (const name in node.props) {
		const value = node.props[name];
		if (value === true)
			out += ' ' + name;
		else if (value !== false)
			out += ` ${name === 'className' ? 'class' : name}="${escapeText(String(value))}"`;
	}
	if (voids.has(node.type))
		return out + '>';
	return out + '>' + render(node.children) + '</' + node.type + '>';
}
function Item({ id, name, done }) {
	return h('li', { className: done ? 'done' : 'open', id: 'i' + id }, h('input', { type: 'checkbox', checked: done }), ' ', name);
}
function Page({ items, title }) {
	return h('main', null, h('h1', { title }, title), h('ul', { className: 'list' }, items.map((it) => h(Item, it))), h('p', null, items.length, ' items & more'));
}
const items = [];
for (let k = 0; k < 8; k++)
	items.push({ id: k, name: 'task <' + k + '>', done: k % 3 === 0 });
function run(n) {
	let sum = 0;
	for (let i = 0; i < n; i++)
		sum = (sum + render(h(Page, { items, title: 'List ' + (i & 7) })).length) % 1000003;
	return sum;
}
