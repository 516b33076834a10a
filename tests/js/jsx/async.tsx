// flags: --module
// Components that wait: renderToString gives a promise when something is pending, else a string.
const later = <T,>(v: T) => new Promise<T>((f) => queueMicrotask(() => f(v)));
const Slow = async ({ id, children }: { id: number; children?: any }) => { const n = await later(id * 2); return <li id={n}>{children}</li>; };
const Plain = async () => <b>now</b>;
print(typeof renderToString(<p>text</p>), typeof renderToString(<p><Plain /></p>));   // expect: string string
const page = renderToString(<ul>{[1, 2, 3].map((id) => <Slow id={id}>x{later('<')}</Slow>)}<Slow id={5} /></ul>);
print(page instanceof Promise, await page);   // expect: true <ul><li id="2">x&lt;</li><li id="4">x&lt;</li><li id="6">x&lt;</li><li id="10"></li></ul>
print(await renderToString(later(<i>{later([1, later(2)])}</i>)));   // expect: <i>12</i>
const order: string[] = [];
const Step = async ({ name }: { name: string }) => { order.push('begin ' + name); await later(0); order.push('end ' + name); return name; };
print(await renderToString(<><Step name="a" />, <Step name="b" /></>), order.join());   // expect: a, b begin a,begin b,end a,end b
const Bad = async () => { await later(0); throw new Error('inside'); };
try { await renderToString(<p><Bad /></p>); } catch (e) { print((e as Error).message); }   // expect: inside
try { await renderToString(<p>{Promise.reject(new Error('refused'))}</p>); } catch (e) { print((e as Error).message); }   // expect: refused
try { await renderToString(<p>{later({})}</p>); } catch (e) { print((e as Error).message); }   // expect: an object cannot be rendered
const Thrower = () => { throw new Error('at once'); };
try { renderToString(<p><Slow id={1} /><Thrower /></p>); } catch (e) { print((e as Error).message); }   // expect: at once
