// node_server.mjs APP PORT: serves an application's fetch under Node, for comparison.
import http from "node:http";
import { pathToFileURL } from "node:url";
import { Readable } from "node:stream";

const { default: app } = await import(pathToFileURL(process.argv[2]));
http.createServer(async (req, res) => {
  const headers = new Headers();
  for (let i = 0; i < req.rawHeaders.length; i += 2) headers.append(req.rawHeaders[i], req.rawHeaders[i + 1]);
  const init = { method: req.method, headers };
  if (req.method !== "GET" && req.method !== "HEAD") Object.assign(init, { body: Readable.toWeb(req), duplex: "half" });
  let r;
  try {
    r = await app.fetch(new Request(`http://${req.headers.host}${req.url}`, init), {}, { waitUntil() {} });
  } catch {
    r = new Response(null, { status: 500 });
  }
  res.statusCode = r.status;
  const cookies = r.headers.getSetCookie();
  for (const [k, v] of r.headers) if (k !== "set-cookie") res.setHeader(k, v);
  if (cookies.length) res.setHeader("set-cookie", cookies);
  res.end(Buffer.from(await r.arrayBuffer()));
}).listen(Number(process.argv[3]), "127.0.0.1");
