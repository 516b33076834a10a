// A program with a function of that name has no other.
function comptime(x) { return "mine " + x; }
print(comptime(1));            // expect: mine 1
