comptime();
