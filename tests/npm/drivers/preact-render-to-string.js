import { h, Fragment, Component, createContext, options } from "preact";
import { useState, useMemo, useContext, useEffect, useReducer, useId, useRef } from "preact/hooks";
import renderToString, { renderToStringAsync } from "preact-render-to-string";
import renderPretty from "preact-render-to-string/jsx";
import { Suspense, lazy, memo, forwardRef } from "preact/compat";

const Theme = createContext("light");
class Clock extends Component {
	constructor(p) { super(p); this.state = { n: p.start }; }
	static getDerivedStateFromProps(p, s) { return { twice: s.n * 2 }; }
	componentWillMount() { this.setState({ n: this.state.n + 1 }); }
	render({ children }, { n, twice }) { return h("time", { dateTime: n, class: "c" }, n, "/", twice, children); }
}
const Row = memo(({ item, i }) => h("li", { key: i, class: i % 2 ? "odd" : null, style: { marginTop: i, color: "red", "--x": 1 } }, item.name, " ", item.tags.map((t) => h("b", null, t))));
function List({ items }) {
	const [n] = useState(() => items.length), theme = useContext(Theme), total = useMemo(() => items.reduce((a, b) => a + b.tags.length, 0), [items]), id = useId(), ref = useRef(null);
	const [r] = useReducer((s) => s, "red");
	useEffect(() => { throw new Error("effects do not run here"); });
	return h(Fragment, null, h("ul", { id, ref, "data-n": n, "aria-hidden": false, hidden: true, onClick: () => 1, title: "a \"q\" <&>" }, items.map((item, i) => h(Row, { item, i }))), `${theme}:${total}:${r}`);
}
const Fwd = forwardRef((p, ref) => h("input", { ...p, ref, type: "checkbox", checked: true, disabled: false, value: 0 }));
const app = (n) => h("main", { className: "m", dangerouslySetInnerHTML: undefined }, h(Theme.Provider, { value: "dark" }, h(List, { items: Array.from({ length: n }, (_, i) => ({ name: `item <${i}>`, tags: ["x", i, null, false, "é"] })) })), h(Clock, { start: 5 }, h("br"), h(Fwd)), h("div", { dangerouslySetInnerHTML: { __html: "<raw/>" } }), h("svg", { viewBox: "0 0 1 1", xlinkHref: "#a", strokeWidth: 2 }, h("path")), h("select", { value: "b" }, h("option", { value: "a" }), h("option", { value: "b" })), null, undefined, true, 0, "");
console.log(renderToString(app(3)));
console.log(renderToString(app(200)).length);
console.log(renderPretty(app(1), {}, { pretty: true }));
const Lazy = lazy(() => Promise.resolve({ default: ({ x }) => h("i", null, "lazy ", x) }));
console.log(await renderToStringAsync(h(Suspense, { fallback: "wait" }, h(Lazy, { x: 3 }))));
try {
	renderToString(h(() => { throw new TypeError("in component"); }));
} catch (e) {
	console.log(e.name, e.message);
}
console.log(typeof options, renderToString("a<b"), renderToString(null), renderToString([1, h("p")]));
