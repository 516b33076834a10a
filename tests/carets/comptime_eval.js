const x = comptime("".constructor.constructor("return 1")());
