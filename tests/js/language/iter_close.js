// A `return` that a script gives to array iterators is called when a loop is left.
const proto = Object.getPrototypeOf([][Symbol.iterator]());
for (const x of [1, 2]) break;
console.log('plain');   // expect: plain
for (const x of [1, 2]) {
  proto.return = function () { console.log('closed', typeof this.next); return {}; };
  break;   // expect: closed function
}
try { for (const x of [1]) throw new Error('out'); } catch (e) { console.log(e.message); }   // expect: closed function
// expect: out
const [a] = [7, 8];   // expect: closed function
delete proto.return;
for (const x of [3]) { console.log(x, a); break; }   // expect: 3 7
