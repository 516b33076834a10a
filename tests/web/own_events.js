// Events where Node is not up to the standard: capturing listeners go first, listeners
// added by a listener wait for the next event, a nested dispatch of one event.
const out = (...a) => console.log(a.map(String).join(' '));
const t = new EventTarget();
t.addEventListener('x', () => out('bubble'));
t.addEventListener('x', e => out('capture', e.composedPath().length, e.eventPhase), true);
t.dispatchEvent(new Event('x'));
out(new Event('q').BUBBLING_PHASE, Object.getOwnPropertyDescriptor(Event, 'NONE').writable);
try { (() => { const e = new Event('x'); let r; const u = new EventTarget(); u.addEventListener('x', () => { try { u.dispatchEvent(e) } catch (x) { r = x } }); u.dispatchEvent(e); throw r })(); } catch (e) { out(e.name, e instanceof DOMException); }
t.addEventListener('nest', e => t.addEventListener('nest', () => out('late')));
t.dispatchEvent(new Event('nest')); t.dispatchEvent(new Event('nest'));
const err = new ErrorEvent('error', { message: 'm', filename: 'f', lineno: 3.7, colno: -1, error: 5, cancelable: true });
out(err.message, err.filename, err.lineno, err.colno, err.error, err.cancelable, err instanceof Event, new ErrorEvent('x').message === '');
const p = Promise.resolve(), rej = new PromiseRejectionEvent('rejectionhandled', { promise: p, reason: 'r' });
out(rej.promise === p, rej.reason, rej.type);
for (const f of [() => new PromiseRejectionEvent('x'), () => new PromiseRejectionEvent('x', {}), () => reportError(), () => Object.getOwnPropertyDescriptor(ErrorEvent.prototype, 'lineno').get.call(rej)])
  try { f(); out('nothing'); } catch (e) { out(e.name); }
out(typeof console.clear, typeof reportError);
