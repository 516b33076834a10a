const f = comptime(Math.max);
