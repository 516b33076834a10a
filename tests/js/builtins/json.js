// JSON.parse and JSON.stringify: values, prediction of shapes, order, errors.
const rt = t => JSON.stringify(JSON.parse(t));
print(rt('[1,-1,0,-0,1.5,1e3,1E-2,123456789,1234567890,12345678901234567890,-2147483648,2147483648,0.1,5e-324,1e400]'));   // expect: [1,-1,0,0,1.5,1000,0.01,123456789,1234567890,12345678901234567000,-2147483648,2147483648,0.1,5e-324,null]
print(Object.is(JSON.parse('-0'), -0), Object.is(JSON.parse(' -0.0 '), -0), JSON.parse('0.30000000000000004') === 0.1 + 0.2, JSON.parse('9007199254740993'));   // expect: true true true 9007199254740992
print(rt(' { "a" : [ true , false , null ] , "b" : { } , "c" : [ ] , "" : "" } '), rt('"\\u0041\\n\\t\\"\\\\\\/\\b\\f\\r"'));   // expect: {"a":[true,false,null],"b":{},"c":[],"":""} "A\n\t\"\\/\b\f\r"
print(JSON.stringify(JSON.parse('"\\ud83d\\ude00 \\ud800 \\udc00x"')), JSON.parse('"é€😀"').length, escape(rt('"ÿ\u2028\u007f"')));   // expect: "😀 \ud800 \udc00x" 4 %22%FF%u2028%7F%22
print(rt('[{"a":1,"b":2},{"a":3,"b":4},{"a":5},{"b":6,"a":7},{"a":8,"b":9,"c":10},{"a":1,"b":2},{"A":1,"b":2},{"a":1,"bb":2}]'));   // expect: [{"a":1,"b":2},{"a":3,"b":4},{"a":5},{"b":6,"a":7},{"a":8,"b":9,"c":10},{"a":1,"b":2},{"A":1,"b":2},{"a":1,"bb":2}]
print(rt('[{"x":{"y":[{"z":1},{"z":2}]}},{"x":{"y":[{"z":3},{"w":4}]}},{"x":null}]'), rt('[{"a":1},{"a":1,"a":2},{"a":3}]'));   // expect: [{"x":{"y":[{"z":1},{"z":2}]}},{"x":{"y":[{"z":3},{"w":4}]}},{"x":null}] [{"a":1},{"a":2},{"a":3}]
print(rt('{"b":1,"1":2,"a":3,"0":4,"4294967295":5,"2147483648":6}'), rt('{"k":1,"k":{"k":2},"j":0,"k":3}'));   // expect: {"0":4,"1":2,"2147483648":6,"b":1,"a":3,"4294967295":5} {"k":3,"j":0}
const p = JSON.parse('{"__proto__":{"x":1},"constructor":2,"toString":3}');
print(Object.keys(p).join(), p.x, Object.getPrototypeOf(p) === Object.prototype);   // expect: __proto__,constructor,toString undefined true
print(rt('{"caf\\u00e9":1,"caf\u00e9":2,"\\u0061":3,"a":4,"日本":5}'), Object.keys(JSON.parse('{"a\\u0000b":1}'))[0].length);   // expect: {"café":2,"a":4,"日本":5} 3
const long = 'x'.repeat(30), doc = '{"s":"' + long + '","t":["' + long + '\u00e9","' + long + '\\n"]}';
print(rt(doc) === doc, JSON.parse(doc).s === long, JSON.parse('"' + long + '日"').length, JSON.parse((doc + '   ').slice(0, -3)).t[1].length);   // expect: true true 31 31
let wrong = '';
for (const t of ['', ' ', '{', '[', '[1', '[1,', '[1,]', '[,1]', '{"a"', '{"a":', '{"a":1', '{"a":1,', '{"a":1,}', '{,}', '{a:1}', "{'a':1}", '[1 2]', '{"a" 1}', '01', '-', '+1', '1.', '.5', '1e', '1e+', '0x10', 'NaN', 'Infinity', 'undefined', 'tru', 'nulll', '"', '"a', '"\\x"', '"\\u12"', '"\\u12G4"', '"\n"', '"\t"', '1 1', '[]]', '{}}', '\u00a01', '\ufeff1', '//', '[1]//', '"\\', '"a\\"', '{"a":1 "b":2}', '{1:2}', '-a', '--1', '1.e1', '"\u0000"', ']', '}', ',', ':', '[}', '{]'])
	try { JSON.parse(t); wrong += '<' + t + '>'; } catch (e) { if (!(e instanceof SyntaxError)) wrong += '!' + t; }
print(wrong === '' ? 'all refused' : wrong);   // expect: all refused
print(JSON.stringify(undefined), JSON.stringify(() => {}), JSON.stringify(Symbol()), JSON.stringify(null), JSON.stringify(NaN), JSON.stringify(-0), JSON.stringify(Infinity), escape(JSON.stringify('\u2028"\u0001\u001f\x7f\ud800')));   // expect: undefined undefined undefined null null 0 null %22%u2028%5C%22%5Cu0001%5Cu001f%7F%5Cud800%22
print(JSON.stringify([undefined, () => {}, Symbol(), NaN, , 1]), JSON.stringify({ a: undefined, b: () => {}, c: Symbol(), d: NaN, e: null, [Symbol()]: 1 }));   // expect: [null,null,null,null,null,1] {"d":null,"e":null}
print(JSON.stringify([new Number(3), new String('s'), new Boolean(false), Object(Symbol())]), JSON.stringify({ n: 1e21, m: 1e-7, k: 123456.789, z: -1.5e-10 }));   // expect: [3,"s",false,{}] {"n":1e+21,"m":1e-7,"k":123456.789,"z":-1.5e-10}
print(JSON.stringify({ a: 1, b: [1, { c: 2 }], d: {}, e: [] }, null, 2).replaceAll('\n', '~'));   // expect: {~  "a": 1,~  "b": [~    1,~    {~      "c": 2~    }~  ],~  "d": {},~  "e": []~}
print(JSON.stringify([1, [2]], null, '--').split('\n').join('|'), JSON.stringify({ a: 1 }, null, 20).length, JSON.stringify({ a: 1 }, null, 'abcdefghijklmnop').length, JSON.stringify([1], null, new Number(1)).length, JSON.stringify({ a: [] }, null, 0));   // expect: [|--1,|--[|----2|--]|] 20 20 6 {"a":[]}
print(JSON.stringify({ a: 1, b: { a: 2, c: 3 }, c: [{ b: 1, a: 5 }] }, ['c', 'a', 'a', new String('b'), 7]), JSON.stringify({ 1: 1, 2: 2 }, [2, 1]));   // expect: {"c":[{"a":5,"b":1}],"a":1,"b":{"c":3,"a":2}} {"2":2,"1":1}
print(JSON.stringify({ a: 1, b: 'x', c: [1, 2] }, function (k, v) { return typeof v === 'number' ? v * 10 + (Array.isArray(this) ? 1 : 0) : k === 'b' ? undefined : v; }));   // expect: {"a":10,"c":[11,21]}
print(JSON.stringify({ a: { toJSON(k) { return 'key ' + k; } }, l: [{ toJSON(k) { return k; } }], u: { toJSON() {} }, v: 1 }), JSON.stringify({ toJSON: 5, x: 1 }));   // expect: {"a":"key a","l":["0"],"v":1} {"toJSON":5,"x":1}
Object.defineProperty(String.prototype, 'toJSON', { value() { return 'never for primitives'; }, configurable: true });
print(JSON.stringify('plain'), JSON.stringify([Object('wrapped')]));   // expect: "plain" ["never for primitives"]
delete String.prototype.toJSON;
const shaped = [{ id: 1 }, { id: 2 }];
const before = JSON.stringify(shaped);
Object.prototype.toJSON = function () { return 'proto'; };
const during = JSON.stringify(shaped);
delete Object.prototype.toJSON;
print(before, during, JSON.stringify(shaped));   // expect: [{"id":1},{"id":2}] "proto" [{"id":1},{"id":2}]
class T { constructor() { this.v = 1; } }
const first = JSON.stringify(new T);
T.prototype.toJSON = function () { return 'T' + this.v; };
print(first, JSON.stringify([new T, new T]));   // expect: {"v":1} ["T1","T1"]
const tricky = { a: 1, get b() { delete this.c; this.d = 4; return 2; }, c: 3 };
const moves = { first: { toJSON() { delete moves.second; moves.third = 33; moves.fourth = 4; return 1; } }, second: 2, third: 3 };
print(JSON.stringify(tricky), JSON.stringify(moves));   // expect: {"a":1,"b":2} {"first":1,"third":33}
const arr = [1, { toJSON() { arr.length = 3; return 'cut'; } }, 3, 4, 5];
print(JSON.stringify(arr), JSON.stringify(Object.create({ inherited: 1 }, { own: { value: 1, enumerable: true }, hidden: { value: 2 } })));   // expect: [1,"cut",3,null,null] {"own":1}
const cyc = { a: { b: [1] } };
cyc.a.b.push(cyc);
try { JSON.stringify(cyc); } catch (e) { print(e.name, e.message.includes('circular')); }   // expect: TypeError true
const shared = { s: 1 };
print(JSON.stringify([shared, shared, { shared }]), JSON.stringify({ '': 1, 'a"b': 2, 'é': 3, '日': 4, 'c\n': 5 }));   // expect: [{"s":1},{"s":1},{"shared":{"s":1}}] {"":1,"a\"b":2,"é":3,"日":4,"c\n":5}
print(JSON.stringify({ big: { 300: 1, x: 2, 5: 3 } }), JSON.stringify('a'.repeat(300) + '"').length, JSON.stringify(['日本'.repeat(200), 'é']).length);   // expect: {"big":{"5":3,"300":1,"x":2}} 304 408
print(JSON.stringify(JSON.parse('{"a":[1,2,{"b":3}],"c":"x"}', function (k, v) { return typeof v === 'number' ? v + 1 : k === 'c' ? undefined : v; })));   // expect: {"a":[2,3,{"b":4}]}
const keys = [];
JSON.parse('{"a":[1,{"b":2}],"0":3}', function (k, v) { keys.push(k); return v; });
print(keys.join('|'), JSON.parse('[1,2,3]', function (k, v) { return k === '1' ? undefined : v; }).hasOwnProperty(1));   // expect: 0|0|b|1|a| false
const deep = '['.repeat(100000) + ']'.repeat(100000);
let depth = 0;
for (let d = JSON.parse(deep); d; d = d[0]) depth++;
print(depth);   // expect: 100000
try { JSON.stringify(JSON.parse(deep)); print('written'); } catch (e) { print(e instanceof RangeError); }   // expect: true
try { JSON.parse('['.repeat(1e6)); } catch (e) { print(e.name); }   // expect: SyntaxError
const wide = '[' + Array.from({ length: 20000 }, (v, i) => '{"id":' + i + ',"name":"n' + i + '","tags":["a","b"]}').join() + ']';
print(rt(wide) === wide, JSON.parse(wide)[19999].name);   // expect: true n19999
const dict = {};
for (let i = 0; i < 1000; i++) dict['key' + i] = i;
print(rt(JSON.stringify(dict)) === JSON.stringify(dict), Object.keys(JSON.parse(JSON.stringify(dict))).length);   // expect: true 1000
print(JSON[Symbol.toStringTag], JSON.parse.length, JSON.stringify.length, String(JSON), JSON.parse(null), JSON.parse(1), JSON.parse({ toString() { return '[1]'; } })[0]);   // expect: JSON 2 3 [object JSON] null 1 1
function nest(n, leaf) { let d = leaf; for (let i = 0; i < n; i++) d = i & 1 ? { d } : [d]; return d; }
print(JSON.stringify([nest(30, 1), nest(60, 2), nest(20, 3), nest(100, 4)]).length, JSON.stringify(nest(2000, [])).length);   // expect: 849 8002
const ring = nest(40, []), ringTop = { ring };
let bottom = ring;
while (bottom.d || bottom.length) bottom = bottom.d || bottom[0];
bottom.push(1, ring);
try { JSON.stringify([nest(50, 1), ringTop]); } catch (e) { print(e.name); }   // expect: TypeError
bottom[1] = ringTop.ring = 0;
bottom.push({}, ringTop);
print(JSON.stringify([nest(50, 1), ringTop, ring]).length);   // expect: 394
