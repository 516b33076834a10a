const x = comptime(1 +);
