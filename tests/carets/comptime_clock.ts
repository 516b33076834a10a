const start = comptime(Date.now());
