const [port, files] = [Number(process.argv[2]), process.argv[4]];
Bun.serve({
  port, hostname: "127.0.0.1", reusePort: true,
  async fetch(req) {
    const path = req.url.slice(req.url.indexOf("/", 8));
    if (path.startsWith("/files/")) return new Response(Bun.file(files + path.slice(6)));
    switch (path) {
      case "/objects": return Response.json(objects());
      case "/html": return new Response(html(), { headers: { "Content-Type": "text/html" } });
      case "/echo": return Response.json(echo(await req.text()));
      default: return Response.json({ message: "Hello, World!" });
    }
  },
});
