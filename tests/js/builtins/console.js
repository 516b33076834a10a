// console: formatting, groups, counters, and how values are shown.
console.log('a', 1, -0, null, undefined, true, Symbol('s'), [], {}, 'it\'s', ["it's", 'q"', 'a\nb']);
// expect: a 1 -0 null undefined true Symbol(s) [] {} it's [ "it's", 'q"', 'a\nb' ]
console.log('%s|%d|%i|%f|%j|%O|%c|%%|%x|%s', 'str', '42.5', '42.9', '1.5', { a: 1 }, { b: [1] }, 'css', 'last', 'rest', 5);
// expect: str|42.5|42|1.5|{"a":1}|{ b: [ 1 ] }||%|%x|last rest 5
console.log('%s %s %s', { a: { b: 1 } }, [1, [2]], () => 1, 'end %s');
// expect: { a: [Object] } [ 1, [Array] ] () => 1 end %s
console.log('100%', 5); console.log('%', 1); console.log('%d', 'x', Symbol.iterator); console.log('%s'); console.log();
// expect: 100% 5
// expect: % 1
// expect: NaN Symbol(Symbol.iterator)
// expect: %s
// expect: 
console.log({ a: 1, 'b-c': 'x', [Symbol('k')]: null, f() { }, g: class Foo { }, h: class extends Map { }, get x() { throw 1; }, set x(v) { }, set y(v) { }, get z() { return 1; } });
// expect: {
// expect:   a: 1,
// expect:   'b-c': 'x',
// expect:   f: [Function: f],
// expect:   g: [class Foo],
// expect:   h: [class h extends Map],
// expect:   x: [Getter/Setter],
// expect:   y: [Setter],
// expect:   z: [Getter],
// expect:   [Symbol(k)]: null
// expect: }
console.log([1, , 3], [, ,], new Array(5), [undefined], Object.assign([1, 2], { p: 1 }), [[[[]]]], [[[[1]]]]);
// expect: [ 1, <1 empty item>, 3 ] [ <2 empty items> ] [ <5 empty items> ] [ undefined ] [ 1, 2, p: 1 ] [ [ [ [] ] ] ] [ [ [ [Array] ] ] ]
console.log(new Map([[1, { a: [] }], ['k', new Map()]]), new Set([1, 'x', [2]]), new WeakMap(), new WeakSet());
// expect: Map(2) { 1 => { a: [] }, 'k' => Map(0) {} } Set(3) { 1, 'x', [ 2 ] } WeakMap { <items unknown> } WeakSet { <items unknown> }
console.log(Object(1), Object('s'), Object(true), Object(Symbol('w')), Object.create(null), Object.create({}), new (class Foo { v = 1; }), new (class Bar extends Array { })(3), new (class Baz extends Map { }));
// expect: [Number: 1] [String: 's'] [Boolean: true] [Symbol: Symbol(w)] [Object: null prototype] {} {} Foo { v: 1 } Bar(3) [ <3 empty items> ] Baz(0) [Map] {}
console.log({ a: { b: { c: { d: 1 } } } }, [{ a: { b: { c: 1 } } }], { x: [[1]], y: new Map([[{ q: 1 }, { r: { s: {} } }]]) });
// expect: { a: { b: { c: [Object] } } } [ { a: { b: [Object] } } ] { x: [ [ 1 ] ], y: Map(1) { { q: 1 } => { r: [Object] } } }
const ring = { name: 'ring' }; ring.self = ring; ring.list = [ring, { ring }];
console.log(ring);
// expect: <ref *1> {
// expect:   name: 'ring',
// expect:   self: [Circular *1],
// expect:   list: [ [Circular *1], { ring: [Circular *1] } ]
// expect: }
console.log(Array.from({ length: 30 }, (_, i) => i * 37));
// expect: [
// expect:     0,  37,  74, 111,  148,  185,
// expect:   222, 259, 296, 333,  370,  407,
// expect:   444, 481, 518, 555,  592,  629,
// expect:   666, 703, 740, 777,  814,  851,
// expect:   888, 925, 962, 999, 1036, 1073
// expect: ]
console.log(['apple', 'banana', 'cherry', 'dragonfruit', 'elderberry', 'fig', 'grape', 'honeydew']);
// expect: [
// expect:   'apple',
// expect:   'banana',
// expect:   'cherry',
// expect:   'dragonfruit',
// expect:   'elderberry',
// expect:   'fig',
// expect:   'grape',
// expect:   'honeydew'
// expect: ]
console.log({ first: 'some long text here', second: 'another long text here', third: 'and one more text' });
// expect: {
// expect:   first: 'some long text here',
// expect:   second: 'another long text here',
// expect:   third: 'and one more text'
// expect: }
console.log([{ id: 1, name: 'first entry of the list', on: true }, { id: 2, name: 'second entry of the list', on: false }]);
// expect: [
// expect:   { id: 1, name: 'first entry of the list', on: true },
// expect:   { id: 2, name: 'second entry of the list', on: false }
// expect: ]
console.log({ text: 'line one\nline two is rather long and goes on\nline three is here as well, at last' });
// expect: {
// expect:   text: 'line one\n' +
// expect:     'line two is rather long and goes on\n' +
// expect:     'line three is here as well, at last'
// expect: }
console.log('x'.repeat(10), new Array(101).fill(0).length, function named() { }, Math.max, class A { }, Symbol);
// expect: xxxxxxxxxx 101 [Function: named] [Function: max] [class A] [Function: Symbol]
console.log(Object.assign(() => { }, { prop: 1 }), globalThis.constructor === Object, Math, JSON);
// expect: [Function (anonymous)] { prop: 1 } true Object [Math] {} Object [JSON] {}
const e = new RangeError('boom'); e.stack = 'RangeError: boom'; e.code = 7;
console.log([e]);
// expect: [ [RangeError: boom] { code: 7 } ]
const e2 = new Error('outer', { cause: 'inner' }); e2.stack = 'Error: outer\n    at somewhere';
console.log({ e2 });
// expect: {
// expect:   e2: Error: outer
// expect:       at somewhere {
// expect:     [cause]: 'inner'
// expect:   }
// expect: }
console.group('G1'); console.log('in\ntwo lines'); console.group(); console.log({ deep: 1 }); console.groupEnd(); console.log('out'); console.groupEnd(); console.groupEnd(); console.log('flat');
// expect: G1
// expect:   in
// expect:   two lines
// expect:     { deep: 1 }
// expect:   out
// expect: flat
console.count(); console.count('x'); console.count(); console.countReset(); console.count(); console.count('default');
// expect: default: 1
// expect: x: 1
// expect: default: 2
// expect: default: 1
// expect: default: 2
console.dir({ a: { b: { c: { d: { e: 1 } } } } }, { depth: 0 }); console.dir({ a: { b: { c: { d: { e: 1 } } } } }, { depth: null });
// expect: { a: [Object] }
// expect: {
// expect:   a: {
// expect:     b: { c: { d: { e: 1 } } }
// expect:   }
// expect: }
console.assert(true, 'not printed'); console.debug('debug'); console.info('info');
// expect: debug
// expect: info
{ const { log } = console; log('detached'); }
// expect: detached
console.log(Object.keys(console).includes('log'), typeof console.time, console.log.name, console.log.length);
// expect: true function log 0
