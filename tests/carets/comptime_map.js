const m = comptime(new Map([[1, 2]]));
