// Text compiled while the program runs is not evaluated before.
print(typeof comptime, comptime(1 + 1));                     // expect: undefined 2
try { eval("comptime(1)"); } catch (e) { print(e.name); }     // expect: ReferenceError
