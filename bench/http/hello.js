// The trivial handler of the benchmark.
function handler(request) {
  return Response.json({ message: "Hello, World!" });
}
