// The handler that tests/http and tests/proc run against.
let seen = 0;
const early = Response.json({ made: "at load" });

function handler(request) {
  switch (request.path) {
    case "/": return Response.json({ message: "Hello, World!" });
    case "/throw": throw new Error("boom");
    case "/text": return "plain";
    case "/null": return null;
    case "/echo": return request.body === null ? "(null)" : request.body;
    case "/big": return "x".repeat(1000000);
    case "/host": return request.headers.host;
    case "/ua": return request.headers.get("User-Agent") || "none";
    case "/query": return request.query;
    case "/info":
      return { method: request.method, url: request.url, path: request.path, query: request.query, href: request.href };
    case "/a b": return "decoded";
    case "/204": return new Response(null, { status: 204 });
    case "/304": return new Response(null, { status: 304 });
    case "/cookies": {
      const r = new Response("c");
      r.headers.append("Set-Cookie", "a=1");
      r.headers.append("Set-Cookie", "b=2");
      r.headers.set("X-One", "b=2");
      return r;
    }
    case "/badheader": {
      const r = new Response("c");
      r.headers.set("X", "a\r\nB: c");
      return r;
    }
    case "/redirect": return Response.redirect("/there");
    case "/status": return new Response("short", { status: 418, headers: { "X-Pot": "tea" } });
    case "/close": return new Response("bye", { headers: { Connection: "close" } });
    case "/slow": {
      const end = Date.now() + 300;
      let n = 0;
      // Date.now() stands still within a request: count instead.
      while (n < 30000000 && Date.now() < end) n++;
      return "slow";
    }
    case "/seen": return String(++seen);
    case "/early": return early;
    default: return new Response("not found", { status: 404 });
  }
}
