const x = comptime(fetch("http://x"));
