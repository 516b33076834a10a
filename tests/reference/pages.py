"""pages.py: what the documentation of JSX shows: its table, its runtime's functions, and its
components. See blocks.py."""
from blocks import block, row

# ---- the table: an element, and what it becomes ------------------------------------

CARD = "function Card(props) { return <b>{props.title}{props.children}</b>; }"
row("J1", "elements", "<div>text</div>", "<div>text</div>")
row("J2", "attributes", '<div class="foo"></div>', '<div class="foo"></div>')
row("J3", "expressions", "<div>{1 + 1}</div>", "<div>2</div>")
row("J4", "components", '<Card title="x"/>', "<b>x</b>")
row("J5", "components: their children", '<Card title="x">a<i/></Card>', "<b>xa<i></i></b>")
row("J6", "fragments", "<>a</>", "a")
row("J7", "fragments: several children", "<><li>1</li><li>2</li></>", "<li>1</li><li>2</li>")
row("J8", "self-closing", "<br/>", "<br />")
row("J9", "boolean attributes", "<input disabled/>", "<input disabled />")
row("J10", "boolean attributes: by an expression", "<button disabled={1 > 2} hidden={true}>s</button>", "<button hidden>s</button>")
row("J11", "escaping: text", "<p>{'<b> & \"q\" \\'s\\''}</p>", "<p>&lt;b&gt; &amp; &quot;q&quot; &#39;s&#39;</p>")
row("J12", "escaping: values of attributes", "<p title={'\"><script>'}/>", '<p title="&quot;&gt;&lt;script&gt;"></p>')
row("J13", "escaping: names of attributes are refused", "<p {...{ 'x><script': 1 }}/>", {"thrown": "TypeError"})
row("J14", "script and style keep their text", "<style>{'a > b { c: \"d\" }'}</style>", '<style>a > b { c: "d" }</style>')
row("J15", "attributes that begin with on stay", "<p onclick='f()' once='o'/>", '<p onclick="f()" once="o"></p>')
row("J16", "className and htmlFor", "<label className='c' htmlFor='i'/>", '<label class="c" for="i"></label>')
row("J17", "children that show nothing", "<p>{null}{undefined}{true}{false}</p>", "<p></p>")
row("J18", "numbers that are no integers", "<p data-x={1.5}>{0.25}</p>", '<p data-x="1.5">0.25</p>')
row("J19", "texts that were put together", "<p title={'a'.repeat(20) + 'b'}>{'c' + 'd'}</p>", '<p title="aaaaaaaaaaaaaaaaaaaab">cd</p>')
row("J20", "a component that throws", "<p>{(() => { throw new RangeError('x'); })()}</p>", {"thrown": "RangeError"})
row("J21", "style as text", "<div style='color: red; font-size: 16px;'>t</div>", '<div style="color: red; font-size: 16px;">t</div>')
row("J22", "an attribute by condition", "<div class={true ? 'active' : 'inactive'}>s</div>", '<div class="active">s</div>')
row("J23", "a child by condition", "<p>{false ? <a/> : <b>free</b>}{'mail' && <i>mail</i>}{0 > 1 ? <u/> : null}</p>", "<p><b>free</b><i>mail</i></p>")
row("J24", "a child for each", "<ul>{[{ id: 1, n: 'a' }, { id: 2, n: 'b' }].map(function (x) { return <li key={x.id}>{x.n}</li>; })}</ul>",
    "<ul><li>a</li><li>b</li></ul>")
row("J25", "an attribute that is read from props", "(function (props) { return <a href={props.url} class={props.className}>{props.text}</a>; })({ url: '/u', className: 'k', text: 't' })",
    '<a href="/u" class="k">t</a>')
row("J26", "spread, destructuring, templates", "(({ title, children }) => <div className={`c-${title}`}>{...children}</div>)({ title: 't', children: ['x', 'y'] })",
    '<div class="c-t">xy</div>')

# ---- the runtime --------------------------------------------------------------------

block("J27", "h(tag, props, ...children), renderToString(node), Fragment", "runtime.js", """
function handler() {
	const node = h("div", { class: "foo" }, "Hello ", h(Fragment, null, h("b", null, "there"), 1));
	return Response.html(renderToString(node));
}
""", ("GET /", 200, '<div class="foo">Hello <b>there</b>1</div>', "content-type: text/html"))

block("J28", "an element is what h gives", "same.jsx", """
function handler() {
	return Response.json(renderToString(<div class="foo">Hello</div>) === renderToString(h("div", { class: "foo" }, "Hello")));
}
""", ("GET /", 200, "true"))

block("J29", "a page of one element", "simple.jsx", """
function handler(request) {
	const page = <div class="hello">Hello JSX!</div>;
	return Response.html(renderToString(page));
}
""", ("GET /", 200, '<div class="hello">Hello JSX!</div>', "content-type: text/html"))

block("J30", "a component with a title and children", "card.jsx", """
function Card(props) {
	return (
		<div class="card">
			<h2>{props.title}</h2>
			<div>{props.children}</div>
		</div>
	);
}

function handler() {
	return Response.html(renderToString(<Card title="Welcome">from JSX</Card>));
}
""", ("GET /", 200, '<div class="card"><h2>Welcome</h2><div>from JSX</div></div>'))

block("J31", "one object of props, with what is not given", "props.jsx", """
function User(props) {
	return <p>{props.name} ({props.role || "user"})</p>;
}

function handler() {
	return Response.html(renderToString(<><User name="Ada" role="admin" /><User name="Bo" /></>));
}
""", ("GET /", 200, "<p>Ada (admin)</p><p>Bo (user)</p>"))

LAYOUT = """
function Layout(props) {
	return (
		<html>
			<head>
				<title>{props.title}</title>
				<style>{`
					.card > p { margin: 0 }
				`}</style>
			</head>
			<body>
				<h1>{props.title}</h1>
				{props.children}
			</body>
		</html>
	);
}
"""


def laid_out(title, inside):
    return (f"<html><head><title>{title}</title><style>\n\t\t\t\t\t.card > p {{ margin: 0 }}\n\t\t\t\t</style></head>"
            f"<body><h1>{title}</h1>{inside}</body></html>")


block("J32", "a layout around a page that shows the request", "layout.jsx", LAYOUT + """
function handler(request) {
	return Response.html(renderToString(<Layout title="My App"><p>Method: {request.method}</p><p>more</p></Layout>));
}
""", ("GET /", 200, laid_out("My App", "<p>Method: GET</p><p>more</p>"), "content-type: text/html"),
      ("POST /\n\nx", 200, laid_out("My App", "<p>Method: POST</p><p>more</p>")))

block("J33", "several pages with a layout and cards", "site.jsx", LAYOUT + """
function Card(props) { return <div class="card"><h2>{props.title}</h2><p>{props.description}</p></div>; }

function handler(request) {
	if (request.url === "/")
		return Response.html(renderToString(<Layout title="Home"><Card title="1" description="first" /><Card title="2" description="second" /></Layout>));
	if (request.url === "/about")
		return Response.html(renderToString(<Layout title="About"><p>Path: {request.url}</p></Layout>));
	return Response.html(renderToString(<Layout title="Not Found"><a href="/">back</a></Layout>), { status: 404 });
}
""", ("GET /", 200, laid_out("Home", '<div class="card"><h2>1</h2><p>first</p></div><div class="card"><h2>2</h2><p>second</p></div>')),
      ("GET /about", 200, laid_out("About", "<p>Path: /about</p>")),
      ("GET /none", 404, laid_out("Not Found", '<a href="/">back</a>'), "content-type: text/html"))

block("J34", "a form of HTMX, and the answer that it swaps in", "htmx.jsx", """
function Form() {
	return (
		<form hx-post="/todos" hx-target="#list" hx-swap="beforeend">
			<input type="text" name="text" required />
			<button type="submit">Add</button>
		</form>
	);
}

function handler(request) {
	if (request.url === "/" && request.method === "GET")
		return Response.html(renderToString(<Form />));
	if (request.url === "/todos" && request.method === "POST")
		return Response.html(renderToString(<div class="todo-item">{new URLSearchParams(request.body).get("text")}</div>));
	return Response.text("Not Found", { status: 404 });
}
""", ("GET /", 200, '<form hx-post="/todos" hx-target="#list" hx-swap="beforeend"><input type="text" name="text" required />'
      '<button type="submit">Add</button></form>'),
      ("POST /todos\n\ntext=buy+%3Cmilk%3E", 200, '<div class="todo-item">buy &lt;milk&gt;</div>', "content-type: text/html"),
      ("GET /todos", 404, "Not Found"))

block("J35", "a contact form: pages by method, and what was sent", "contact.jsx", """
function Page(props) {
	return <html lang="en"><head><meta charset="UTF-8" /><title>{props.title} | Mine</title></head><body>{props.children}</body></html>;
}

function handler(request) {
	if (request.url === "/contact" && request.method === "GET")
		return Response.html(renderToString(<Page title="Contact"><form method="POST"><label>Name:<br /><input name="name" required /></label>
			<textarea name="message" rows="5" required></textarea></form></Page>));
	if (request.url === "/contact" && request.method === "POST") {
		console.log("sent:", request.body);
		return Response.html(renderToString(<Page title="Thanks"><p class="success">done</p></Page>));
	}
	return Response.html(renderToString(<Page title="None" />), { status: 404 });
}
""", ("GET /contact", 200, '<html lang="en"><head><meta charset="UTF-8" /><title>Contact | Mine</title></head><body><form method="POST">'
      '<label>Name:<br /><input name="name" required /></label><textarea name="message" rows="5" required></textarea></form></body></html>'),
      ("POST /contact\n\nname=a", 200, '<html lang="en"><head><meta charset="UTF-8" /><title>Thanks | Mine</title></head>'
       '<body><p class="success">done</p></body></html>'),
      ("GET /", 404, '<html lang="en"><head><meta charset="UTF-8" /><title>None | Mine</title></head><body></body></html>'))

block("J36", "states of a component", "states.jsx", """
function Content(props) {
	if (props.loading) return <div class="loading">Loading...</div>;
	if (props.error) return <div class="error">{props.error}</div>;
	return props.data ? <div class="content">{props.data}</div> : null;
}

function handler() {
	return Response.html(renderToString(<><Content loading /><Content error="no" /><Content data="d" /><Content /></>));
}
""", ("GET /", 200, '<div class="loading">Loading...</div><div class="error">no</div><div class="content">d</div>'))

block("J37", "components with types", "typed.tsx", """
interface PageProps { title: string; children: any; }
interface UserProps { id: number; name: string; email?: string; }

function Layout(props: PageProps) {
	return <html><head><title>{props.title}</title></head><body>{props.children}</body></html>;
}

function User(props: UserProps) {
	return <div class="user" id={props.id}><h3>{props.name}</h3><p>{props.email as string}</p></div>;
}

function handler(request: Request): Response {
	const page = <Layout title="Users"><User id={1} name="Ada" email="ada@example.com" /><p>Path: {request.url}</p></Layout>;
	return Response.html(renderToString(page));
}
""", ("GET /u", 200, '<html><head><title>Users</title></head><body><div class="user" id="1"><h3>Ada</h3><p>ada@example.com</p></div>'
      '<p>Path: /u</p></body></html>', "content-type: text/html"))

block("J38", "a component that waits, and one that throws: 500, never a page with a hole", "later.jsx", """
async function Later(props) { await null; return <i>{props.text}</i>; }
function Broken() { throw new Error("inside"); }

async function handler(request) {
	return Response.html(await renderToString(<p>a{request.url === "/" ? <Later text="b" /> : <Broken />}c</p>));
}
""", ("GET /", 200, "<p>a<i>b</i>c</p>"), ("GET /broken", 500, "Internal Server Error"))
