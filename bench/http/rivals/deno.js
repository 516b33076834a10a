const [port, files] = [Number(Deno.args[0]), Deno.args[2]];
Deno.serve({ port, hostname: "127.0.0.1", reusePort: true, onListen() {} }, async (req) => {
  const path = req.url.slice(req.url.indexOf("/", 8));
  if (path.startsWith("/files/")) {
    const file = await Deno.open(files + path.slice(6));
    return new Response(file.readable, { headers: { "Content-Type": "text/plain" } });
  }
  switch (path) {
    case "/objects": return Response.json(objects());
    case "/html": return new Response(html(), { headers: { "Content-Type": "text/html" } });
    case "/echo": return Response.json(echo(await req.text()));
    default: return Response.json({ message: "Hello, World!" });
  }
});
