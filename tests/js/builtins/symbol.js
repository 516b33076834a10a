// Symbol.
print(typeof Symbol(), Symbol('a').toString(), String(Symbol()), Symbol('x').description, Symbol().description, Symbol('').description === '', Symbol(1).description);   // expect: symbol Symbol(a) Symbol() x undefined true 1
print(Symbol('a') === Symbol('a'), Symbol.for('a') === Symbol.for('a'), Symbol.keyFor(Symbol.for('k')), Symbol.keyFor(Symbol('k')), Symbol.keyFor(Symbol.iterator), Symbol.for().description);   // expect: false true k undefined undefined undefined
for (const f of [() => new Symbol(), () => Symbol.keyFor('x'), () => Symbol() + '', () => +Symbol(), () => Symbol.prototype.toString.call(1), () => Symbol.prototype.description, () => Symbol(Symbol())]) try { f(); print('accepted'); } catch (e) { print(e.name); }   // expect: TypeError
// expect: TypeError
// expect: TypeError
// expect: TypeError
// expect: TypeError
// expect: TypeError
// expect: TypeError
print(Object(Symbol.iterator) == Symbol.iterator, typeof Object(Symbol()), Object(Symbol('w')).description, Object(Symbol('w')).toString(), Object.prototype.toString.call(Symbol()), Symbol.prototype[Symbol.toStringTag]);   // expect: true object w Symbol(w) [object Symbol] Symbol
print(['iterator', 'asyncIterator', 'hasInstance', 'toPrimitive', 'toStringTag', 'species', 'unscopables', 'isConcatSpreadable', 'match', 'matchAll', 'replace', 'search', 'split'].every(n => Symbol[n].toString() === `Symbol(Symbol.${n})` && !Object.getOwnPropertyDescriptor(Symbol, n).writable && !Object.getOwnPropertyDescriptor(Symbol, n).configurable));   // expect: true
print(Symbol.prototype[Symbol.toPrimitive].name, Symbol.prototype[Symbol.toPrimitive].length, Object.getOwnPropertyDescriptor(Symbol.prototype, Symbol.toPrimitive).writable, Object.getOwnPropertyDescriptor(Symbol.prototype, 'description').get.name, Symbol.length);   // expect: [Symbol.toPrimitive] 1 false get description 0
{
	const s = Symbol('key'), o = { [s]: 1, a: 2 };
	print(o[s], Object.keys(o).join(), Object.getOwnPropertySymbols(o).length, s in o, JSON.stringify(o), Object(s)[Symbol.toPrimitive]() === s);   // expect: 1 a 1 true {"a":2} true
}
