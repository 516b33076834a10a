const id = comptime("id-" + Math.random());
