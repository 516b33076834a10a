// import() from a script, from eval, from the Function constructor.
const show = (p) => p.then((m) => print(m.count), (e) => print(e.name + ': ' + e.message.replace(/(file |\()\S*\//, '$1')));
show(import('./_lib/counter.mjs'));
show((0, eval)("import('./_lib/counter.mjs')"));
show(new Function('s', 'return import(s)')('./_lib/counter.mjs'));
show(import({ toString() { return './_lib/counter.mjs'; } }));
show(import('./_lib/nothing.mjs'));
show(import({ toString() { throw new RangeError('in toString'); } }));
show(import('./_lib/thenable.mjs'));
show(import('./_lib/syntax.mjs'));
show(import('node:fs'));
show(import('./_lib/counter'));
print('first');
// expect: first
// expect: TypeError: Cannot import './_lib/nothing.mjs': there is no file nothing.mjs
// expect: RangeError: in toString
// expect: SyntaxError: unexpected end of input, expected an expression (syntax.mjs:2:1)
// expect: TypeError: Cannot import 'node:fs': there is no built-in module of this name, and modules are not loaded from the network
// expect: TypeError: Cannot import './_lib/counter': there is no file counter; did you mean 'counter.mjs'?
// expect: 0
// expect: 0
// expect: 0
// expect: 0
// expect: 7
