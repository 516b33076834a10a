const a = comptime(b + 1), b = comptime(a + 1);
