<!-- x
if (a) function f() {} else function f() {}
--> y
{ function g() {} function g() {} } with (o) p