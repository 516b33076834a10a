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
