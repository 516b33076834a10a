function handler(request) {
  switch (request.path) {
    case "/objects": return Response.json(objects());
    case "/html": return Response.html(html());
    case "/echo": return Response.json(echo(request.body));
    case "/burn": {
      const end = performance.now() + 20;
      while (performance.now() < end);
      return Response.json({ burnt: true });
    }
    default: return Response.json({ message: "Hello, World!" });
  }
}
