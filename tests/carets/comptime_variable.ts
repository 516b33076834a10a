let count: number = 1;
const next = comptime(count + 1);
