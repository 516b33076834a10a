const x = comptime(String(3n ** 9000000n).length);
