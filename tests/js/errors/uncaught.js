// An uncaught error ends the script; what was printed before stays.
console.log('before');                             // expect: before
function deep(o) { return o.x.y; }
deep({ get x() { throw new TypeError('told you'); } });   // expect throw: TypeError: told you
console.log('never');
