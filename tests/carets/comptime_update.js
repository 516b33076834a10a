const x = comptime(n++);
