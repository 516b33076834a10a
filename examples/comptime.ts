// comptime.ts: comptime(expr) is computed once, while the file is loaded, and its
// value takes the expression's place.
//
//   zigttpd examples/comptime.ts
//   curl http://127.0.0.1:8080/                      # the table, and the hash of its source
//
// What needs a variable, a function, a clock or a file is an error at load, with its place.

declare function comptime<T>(value: T): T;
declare function hash(text: string): string;

const LIMITS = comptime({
  page: 20,
  upload: 4 * 1024 * 1024,
  sine: [Math.sin(0), Math.sin(Math.PI / 6).toFixed(3), Math.sin(Math.PI / 2)],
});

const GREETING = comptime("hello, world".replace("hello", "Hello").padEnd(13, "!"));
const TAG = comptime(hash("hello, world"));

export function handler(request: Request): Response {
  return Response.json({ greeting: GREETING, limits: LIMITS }, { headers: { ETag: `"${TAG}"` } });
}
