// Events and abort signals: order, options, errors.
const out = (...a) => console.log(a.map(String).join(' '));
const t = new EventTarget();
t.addEventListener('x', e => { out('1', e.type, e.target === t, e.currentTarget === t, e.eventPhase); });
t.addEventListener('x', { handleEvent(e) { out('2', this !== t, e.defaultPrevented); e.preventDefault(); } }, { once: true });
t.addEventListener('x', e => { e.preventDefault(); out('3 passive', e.type); }, { passive: true });
t.addEventListener('x', function (e) { out('4', this === t); e.stopImmediatePropagation(); });
t.addEventListener('x', () => out('5'));
out(t.dispatchEvent(new Event('x', { cancelable: true })));
const t2 = new EventTarget(); const f = e => out('f', e.detail);
t2.addEventListener('y', f); t2.addEventListener('y', f); t2.addEventListener('y', f, true);
t2.dispatchEvent(new CustomEvent('y', { detail: 42 }));
t2.removeEventListener('y', f); t2.dispatchEvent(new CustomEvent('y', { detail: 43 }));
const ac = new AbortController();
t2.addEventListener('z', () => out('z'), { signal: ac.signal });
t2.dispatchEvent(new Event('z')); 
ac.signal.addEventListener('abort', e => out('aborted', e.type, ac.signal.reason.name, ac.signal.reason.message, e.isTrusted));
ac.signal.onabort = () => out('onabort');
ac.abort(); ac.abort('again'); t2.dispatchEvent(new Event('z')); out('after');
out(ac.signal.aborted); try { ac.signal.throwIfAborted() } catch (e) { out(e.name, e instanceof DOMException) }
const s = AbortSignal.abort('r'); out(s.reason, s.aborted);
const a = new AbortController, b = new AbortController; const any = AbortSignal.any([a.signal, b.signal]); const any2 = AbortSignal.any([any]);
any.onabort = () => out('any', any.reason); any2.onabort = () => out('any2', any2.reason, any.aborted);
b.abort('bb'); out(any.aborted, a.signal.aborted);
class Foo extends EventTarget { constructor() { super(); this.q = 1 } hello() { this.dispatchEvent(new Event('h')) } }
const foo = new Foo; foo.addEventListener('h', e => out('h', e.target.q, e.target instanceof Foo, e.target instanceof EventTarget)); foo.hello();
for (const fn of [() => new Event(), () => t.dispatchEvent({}), () => t.addEventListener('x'), () => t.addEventListener('x', 1), () => new AbortSignal(), () => Event('x'), () => AbortSignal.any(1), () => AbortSignal.any([1])]) try { fn(); out('no error') } catch (e) { out(e.constructor.name, e.name) }
out(Object.prototype.toString.call(t), Object.prototype.toString.call(ac), Object.prototype.toString.call(new CustomEvent('a')));
out(Event.AT_TARGET, new Event('r', { bubbles: 1, composed: 'x' }).bubbles, typeof performance.now(), typeof new Event('q').timeStamp);
const e = new Event('q'); e.cancelBubble = true; out(e.cancelBubble, e.returnValue);
