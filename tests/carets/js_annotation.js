// Types in a plain JavaScript file are mistakes.
function f(x: number) { return x; }
