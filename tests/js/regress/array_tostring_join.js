// toString that calls another join is not yet writing the array: only what
// contains itself becomes empty.
const like = Object.create([]);
like[1] = like;
like.length = 2;
print(JSON.stringify('' + like));                           // expect: ","
print('' + new Proxy([{}, [1, 2]], {}));                    // expect: [object Object],1,2
class Loud extends Array { join(sep) { return '<' + super.join(sep) + '>'; } }
print('' + Loud.of({}, 2));                                 // expect: <[object Object],2>
const nested = Loud.of([3, [4]], 5);
nested.push(nested);
print('' + nested);                                         // expect: <3,4,5,<>>
const plain = [1, [2]];
plain.push(plain);
print('' + plain, plain.join('-'));                         // expect: 1,2, 1-2-
print([plain, { toString: () => 'o' }].toLocaleString());   // expect: 1,2,,o
