const x = comptime(await 1);
