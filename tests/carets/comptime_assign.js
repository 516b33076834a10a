const x = comptime(n = 1);
