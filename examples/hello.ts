// hello.ts: hello.js with types. They are erased while the file is loaded; there
// is no build step and no check of types (an editor or `tsc --noEmit` does that).
//
//   zigttpd examples/hello.ts
//   curl 'http://127.0.0.1:8080/greet?name=Ada'      # Hello, Ada!

interface Greeting {
  message: string;
  to?: string;
}

enum Status { Ok = 200, NotFound = 404 }

function greet(name: string | undefined): Greeting {
  return name ? { message: `Hello, ${name}!`, to: name } : { message: "Hello, World!" };
}

export function handler(request: Request & { path: string; query: Record<string, string> }): Response {
  switch (request.path) {
    case "/":
      return Response.json(greet(undefined) satisfies Greeting);
    case "/greet":
      return new Response(greet(request.query.name).message + "\n");
    default:
      return Response.json({ error: "not found", path: request.path }, { status: Status.NotFound });
  }
}
