// hello.js: the smallest useful handler.
//
//   zigttpd examples/hello.js
//   curl 'http://127.0.0.1:8080/greet?name=Ada'

function handler(request) {
  if (request.path === "/") return Response.json({ message: "Hello, World!" });

  if (request.path === "/greet") {
    const name = request.query.name || "stranger";
    return Response.text(`Hello, ${name}!\n`);
  }

  if (request.path === "/echo" && request.method === "POST") {
    return new Response(request.body, {
      headers: { "Content-Type": request.headers.get("content-type") || "text/plain" },
    });
  }

  return Response.json({ error: "not found", path: request.path }, { status: 404 });
}
