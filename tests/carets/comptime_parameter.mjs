export function f(x) { return comptime(x * 2); }
