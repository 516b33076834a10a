// Each row of the feature table of JSX: direct parsing, h, elements, attributes, components, escaping.
const r = (x: any): void => print(renderToString(x));
r(h('p', { id: 'a' }, 'x', 1, h('b', null)));   // expect: <p id="a">x1<b></b></p>
r(<div><p>a</p>{1 + 1}</div>);   // expect: <div><p>a</p>2</div>
const Comp = (props: any) => <i>{Object.keys(props).join()}:{props.children}</i>;
r(<Comp a="1" {...{ b: 2 }}>child</Comp>);   // expect: <i>a,b,children:child</i>
r(<><b /><>nested</></>);   // expect: <b></b>nested
r(h(Fragment, null, 'a', 'b'));   // expect: ab
for (const tag of 'area base br col embed hr img input link meta param source track wbr'.split(' ')) print(renderToString(h(tag, null)) === `<${tag} />`);
// expect: true
// expect: true
// expect: true
// expect: true
// expect: true
// expect: true
// expect: true
// expect: true
// expect: true
// expect: true
// expect: true
// expect: true
// expect: true
// expect: true
r(<input disabled />);   // expect: <input disabled />
r(<input disabled={false} checked={true} value={null} />);   // expect: <input checked />
r(<p title={`& < > " '`}>{`& < > " '`}</p>);   // expect: <p title="&amp; &lt; &gt; &quot; &#39;">&amp; &lt; &gt; &quot; &#39;</p>
r(<p once="kept" onclick="kept">x</p>);   // expect: <p once="kept" onclick="kept">x</p>
r(<p className="c" /> );   // expect: <p class="c"></p>
r(<p>{null}{undefined}{true}{false}</p>);   // expect: <p></p>
r(<p data-x={0.5} data-y={-1e21} data-z={NaN}>{0.1}{1 / 3}{10n}</p>);   // expect: <p data-x="0.5" data-y="-1e+21" data-z="NaN">0.10.333333333333333310</p>
r(<p title={'a' + 'b'.repeat(40) + String(1)}>{'x' + 'y'.repeat(40)}</p>);   // expect: <p title="abbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb1">xyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy</p>
r([<b>1</b>, [[<b>2</b>]], 'three']);   // expect: <b>1</b><b>2</b>three
for (const bad of ['', 'a b', 'x>y', 'a="b', "a'b", 'a/b', '<', 'a\tb', 'a\0b']) try { r(h('p', { [bad]: 1 })); } catch (e) { print((e as Error).name); }
// expect: TypeError
// expect: TypeError
// expect: TypeError
// expect: TypeError
// expect: TypeError
// expect: TypeError
// expect: TypeError
// expect: TypeError
// expect: TypeError
try { r(h('p><script', null)); } catch (e) { print((e as Error).message); }   // expect: an element has a name that HTML does not allow
try { r(h(1 as any, null)); } catch (e) { print((e as Error).message); }   // expect: the tag of an element is neither a string nor a function
try { r(<p>{() => 1}</p>); } catch (e) { print((e as Error).message); }   // expect: a function cannot be rendered
try { r(<p>{Symbol('x') as any}</p>); } catch (e) { print((e as Error).message); }   // expect: a symbol cannot be rendered
r(<script>{'if (a < b && c) x("</script>")'}{1}</script>);   // expect: <script>if (a < b && c) x("<\/script>")1</script>
r(<style>{['a > b { content: "', '</style>" }']}</style>);   // expect: <style>a > b { content: "<\/style>" }</style>
try { r(<script><b /></script>); } catch (e) { print((e as Error).message); }   // expect: only text can be rendered in a script or style element
