function f(a: string): void
const x = f(1;
