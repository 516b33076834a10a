function* g() { yield
yield* a; x = yield b ? yield : c; [yield, {d: yield}] }