// Elements, fragments, attributes, children, components.
const r = (x: any) => console.log(renderToString(x));
const name = 'Ada', cls: string = 'a b';
r(<p>Hello, {name}!</p>);   // expect: <p>Hello, Ada!</p>
r(<><b>1</b>{2}{[3, [4, <i>5</i>]]}</>);   // expect: <b>1</b>234<i>5</i>
r(<div className={cls} id="x" data-n={1.5} hidden disabled={true} title={null} aria-label="a &amp; &quot;b&quot;"><br/><input type="text" disabled={false} /></div>);   // expect: <div class="a b" id="x" data-n="1.5" hidden disabled aria-label="a &amp; &quot;b&quot;"><br /><input type="text" /></div>
r(<label htmlFor="x">{null}{undefined}{true}{false}{0}{''}{0.5}</label>);   // expect: <label for="x">00.5</label>
r(<p title={'<">&\''}>{'<script>&"\''}</p>);   // expect: <p title="&lt;&quot;&gt;&amp;&#39;">&lt;script&gt;&amp;&quot;&#39;</p>
r(<div style={{ color: 'red', fontSize: 12, lineHeight: 2, '--x': 1, marginTop: 0 }} dangerouslySetInnerHTML={{ __html: '<b>raw</b>' }} />);   // expect: <div style="color:red;font-size:12px;line-height:2;--x:1;margin-top:0"><b>raw</b></div>
r(
	<ul>
		{[1, 2].map((n) => <li key={n}>{n}</li>)}
		text   spans
		lines &copy; &#65;&#x42; &unknown;
	</ul>
);   // expect: <ul><li>1</li><li>2</li>text   spans lines © AB &amp;unknown;</ul>
const Card = ({ title, children }: { title: string; children?: any }) => <section><h1>{title}</h1>{children}</section>;
const UI = { Card, Deep: { None: () => null } };
r(<Card title="t"><p>a</p><p>b</p></Card>);   // expect: <section><h1>t</h1><p>a</p><p>b</p></section>
r(<UI.Card {...{ title: 'spread' }} title="wins">one<UI.Deep.None /></UI.Card>);   // expect: <section><h1>wins</h1>one</section>
r(<svg:rect xlink:href="#a" /> as any);   // expect: <svg:rect xlink:href="#a"></svg:rect>
r(<my-element some-attr='x "y"'>{...[1, 2]}{/* nothing */}</my-element>);   // expect: <my-element some-attr="x &quot;y&quot;">12</my-element>
r(<Fragment><a onclick="x" onClick={() => 1}>a</a></Fragment>);   // expect: <a onclick="x">a</a>
const generic = <T,>(x: T) => x, generic3 = <T = string,>(x: T) => x, generic2 = <T extends object>(x: T) => <b>{String(x)}</b>;
r(generic2([1]));   // expect: <b>1</b>
r('a' + 'b<'.repeat(2));   // expect: ab&lt;b&lt;
for (const bad of [{ 'a b': 1 }, { 'x>': 1 }, { 'a="': 1 }]) try { r(<p {...bad} />); } catch (e) { console.log((e as Error).message); }
// expect: an attribute has a name that HTML does not allow
// expect: an attribute has a name that HTML does not allow
// expect: an attribute has a name that HTML does not allow
try { r(<p>{{ tag: 'script', props: null, children: [] }}</p>); } catch (e) { console.log((e as Error).message); }   // expect: an object cannot be rendered
const Fails = () => { throw new Error('inside'); };
try { r(<div><Fails /></div>); } catch (e) { console.log((e as Error).message); }   // expect: inside
{ const h = (...a: any[]) => JSON.stringify(a); console.log(<a b="c">d<i /></a>); }   // expect: ["a",{"b":"c"},"d","[\"i\",null]"]
const lt = 1 < 2, cmp = name < cls; console.log(lt, cmp);   // expect: true true
