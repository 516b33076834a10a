const a = <p>{comptime(JSON.parse("{oops"))}</p>;
