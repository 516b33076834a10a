// flags: --module
// Elements of constants are made once for a module; nothing else can be told of it.
function fixed() { return <header class="x" style={{ color: 'red' }}><h1>Title &amp; more</h1><input disabled />{'text'}{1}<>frag</></header>; }
const changing = (n: number) => <p>{n}<b>fixed</b></p>;
print(renderToString(fixed()), renderToString(fixed()));   // expect: <header class="x" style="color:red"><h1>Title &amp; more</h1><input disabled />text1frag</header> <header class="x" style="color:red"><h1>Title &amp; more</h1><input disabled />text1frag</header>
print(fixed() === fixed(), changing(1) === changing(1));   // expect: true false
print(renderToString(changing(1)), renderToString(changing(2)));   // expect: <p>1<b>fixed</b></p> <p>2<b>fixed</b></p>
class C { field = <i>a</i>; static s = <i>b</i>; m() { return <i>c</i>; } }
print(renderToString([new C().field, C.s, new C().m()]), new C().field === new C().field);   // expect: <i>a</i><i>b</i><i>c</i> true
hoisted();
function hoisted() { print(renderToString(<u>early</u>)); }   // expect: <u>early</u>
function Failing() { return <b>{missing()}</b>; }
function missing(): any { throw new Error('m'); }
try { renderToString(<Failing />); } catch (e) { print((e as Error).stack!.split('\n')[1].trim().replace(/\(.*\//, '(')); }   // expect: at missing (hoist.tsx:13:33)
