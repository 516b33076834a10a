export default {
  async fetch(req) {
    const path = req.url.slice(req.url.indexOf("/", 8));
    switch (path) {
      case "/objects": return Response.json(objects());
      case "/html": return new Response(html(), { headers: { "Content-Type": "text/html" } });
      case "/echo": return Response.json(echo(await req.text()));
      default: return Response.json({ message: "Hello, World!" });
    }
  },
};
