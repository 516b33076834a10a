// Error objects: kinds, cause, AggregateError, toString, stack.
const e = new Error('msg', { cause: 'why' });
print(e.message, e.cause, e.name, String(e), Object.keys(e).length, Object.getOwnPropertyNames(e).filter(n => n !== 'stack').join());   // expect: msg why Error Error: msg 0 message,cause
print(Error('called') instanceof Error, new Error().hasOwnProperty('message'), new Error(undefined).hasOwnProperty('message'), 'cause' in new Error('x', {}), new Error('x', { cause: undefined }).hasOwnProperty('cause'));   // expect: true false false false true
for (const K of [EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError]) {
	const x = new K('m');
	if (!(x instanceof Error) || !(x instanceof K) || x.name !== K.name || String(x) !== K.name + ': m' || Object.getPrototypeOf(K) !== Error || K.length !== 1 || K.prototype.message !== '') throw new Error('bad ' + K.name);
}
print(Object.prototype.toString.call(TypeError()), TypeError.prototype.hasOwnProperty('toString'), Object.getPrototypeOf(TypeError.prototype) === Error.prototype);   // expect: [object Error] false true
const ag = new AggregateError(new Set([1, 2]), 'many', { cause: 0 });
print(ag.errors.join(), ag.message, ag.cause, AggregateError.length, Object.getOwnPropertyDescriptor(ag, 'errors').enumerable, ag.name);   // expect: 1,2 many 0 2 false AggregateError
try { new AggregateError(5); } catch (x) { print(x.name); }   // expect: TypeError
print(Error.prototype.toString.call({ name: 'N', message: 'M' }), Error.prototype.toString.call({ name: '', message: 'M' }), Error.prototype.toString.call({ name: 'N', message: '' }), Error.prototype.toString.call({}));   // expect: N: M M N Error
try { Error.prototype.toString.call(1); } catch (x) { print(x.name); }   // expect: TypeError
class Http extends Error { constructor(s, m) { super(m); this.status = s; } get name() { return 'Http' + this.status; } }
const h = new Http(404, 'gone');
print(String(h), h instanceof Http, h instanceof Error, h.status, h.stack.split('\n')[1].trim().startsWith('at new Http'));   // expect: Http404: gone true true 404 false
function inner() { return new Error('deep'); }
function outer() { return inner(); }
const st = outer().stack.split('\n');
print(st[0], st[1].includes('at inner ('), st[2].includes('at outer ('));   // expect: Error: deep true true
const own = new Error('o');
own.stack = 'mine';
print(own.stack, Object.keys(own).length, new Error('z').stack !== 'mine');   // expect: mine 0 true
const holder = { name: 'Holder', message: 'hm' };
Error.captureStackTrace(holder);
print(typeof holder.stack, holder.stack.split('\n')[0], Object.keys(holder).join());   // expect: string Holder: hm name,message
print(e.stack === e.stack, 'stack' in e, typeof e.stack);   // expect: true true string
const order = [];
try { new Error({ toString() { order.push('msg'); return 'a'; } }, { get cause() { order.push('cause'); throw 1; } }); } catch (x) { order.push(x); }
print(order.join());   // expect: msg,cause,1
print(Reflect.construct(Error, ['m'], Array) instanceof Array, Object.prototype.toString.call(Reflect.construct(Error, [], Array)));   // expect: true [object Error]
try { null.foo; } catch (x) { print(x.name, x instanceof TypeError, x.constructor === TypeError); }   // expect: TypeError true true
