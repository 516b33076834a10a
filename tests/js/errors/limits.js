// Limits are errors that scripts can catch.
function down() { return down() + 1; }
try { down(); } catch (e) { console.log(e instanceof RangeError); }   // expect: true
try { 'x'.repeat(2 ** 31); } catch (e) { console.log(e instanceof RangeError); }   // expect: true
try { new Array(-1); } catch (e) { console.log(e instanceof RangeError); }   // expect: true
try { null.x; } catch (e) { console.log(e instanceof TypeError); }   // expect: true
try { undefined(); } catch (e) { console.log(e instanceof TypeError); }   // expect: true
try { missing; } catch (e) { console.log(e.name, e.message.includes('missing')); }   // expect: ReferenceError true
try { const c = 1; c = 2; } catch (e) { console.log(e.name); }   // expect: TypeError
try { (0, eval)('1 +'); } catch (e) { console.log(e.name); }   // expect: SyntaxError
let deepest = 0;
(function nest(n) { deepest = n; try { nest(n + 1); } catch (e) { } })(0);
console.log(deepest > 500);                        // expect: true
const e = new Error('m', { cause: 'why' });
console.log(e.cause, e.message, typeof e.stack, Object.keys(e).length, String(new Error), 'stack' in e);   // expect: why m string 0 Error true
console.log(new AggregateError([1, 2], 'agg').errors.length, Error('called') instanceof Error);   // expect: 2 true
