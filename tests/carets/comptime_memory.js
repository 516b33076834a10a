const big = comptime("x".repeat(4e8));
