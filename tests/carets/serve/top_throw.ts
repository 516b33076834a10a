type A = number;
const a: A = missing.x;
export function handler() { return "a"; }
