// The copying methods read an array that their argument's valueOf made shorter.
const shrink = (a, n) => ({ valueOf() { a.length = 1; return n; } });
let a = [0, 1, 2, 3];
print(JSON.stringify(a.with(shrink(a, 2), 'w')));           // expect: [0,null,"w",null]
a = [0, 1, 2, 3];
let r = a.with(shrink(a, 1), 'w');
print(r.length, 2 in r, 3 in r);                            // expect: 4 true true
a = [0, 1, 2, 3];
r = a.toSpliced(shrink(a, 2), 1, 's', 't');
print(r.length, 1 in r, 4 in r, JSON.stringify(r));         // expect: 5 true true [0,null,"s","t",null]
a = [0, 1, 2, 3];
r = a.slice(shrink(a, 0), 3);
print(r.length, 1 in r);                                    // expect: 3 false
