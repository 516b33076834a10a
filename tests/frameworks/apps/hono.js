// An application of Hono with middleware, parameters, bodies, cookies, errors, streams.
import { Hono } from "hono";
import { cors } from "hono/cors";
import { etag } from "hono/etag";
import { getCookie, setCookie } from "hono/cookie";
import { basicAuth } from "hono/basic-auth";
import { secureHeaders } from "hono/secure-headers";
import { HTTPException } from "hono/http-exception";
import { streamText } from "hono/streaming";
import { html, raw } from "hono/html";

const app = new Hono();
app.use("*", async (c, next) => {
  await next();
  c.header("X-App", "hono");
});
app.use("/tagged/*", etag());
app.use("/shared/*", cors({ origin: ["https://a.example"], allowMethods: ["GET", "PUT"], maxAge: 60 }));
app.use("/admin/*", basicAuth({ username: "u", password: "p" }));
app.use("/safe/*", secureHeaders());
app.get("/", (c) => c.text("home"));
app.get("/html/:name", (c) => c.html(html`<b>${c.req.param("name")}</b>${raw("<hr>")}`));
app.get("/json/:id{[0-9]+}", (c) => c.json({ id: Number(c.req.param("id")), q: c.req.query("q") ?? null, all: c.req.queries("t") ?? [] }));
app.post("/echo", async (c) => c.json(await c.req.json()));
app.post("/text", async (c) => c.text((await c.req.text()).toUpperCase(), 201));
app.post("/form", async (c) => {
  const body = await c.req.parseBody({ all: true });
  const out = {};
  for (const [k, v] of Object.entries(body)) out[k] = v instanceof File ? { name: v.name, type: v.type, text: await v.text() } : v;
  return c.json(out);
});
app.put("/bytes", async (c) => c.body(new Uint8Array(await c.req.arrayBuffer()).reverse(), 200, { "Content-Type": "application/octet-stream" }));
app.get("/tagged/:x", (c) => c.text(`tagged ${c.req.param("x")}`));
app.get("/shared/x", (c) => c.json({ shared: true }));
app.get("/admin/x", (c) => c.text("secret"));
app.get("/safe/x", (c) => c.text("safe"));
app.get("/cookie", (c) => {
  setCookie(c, "seen", String(Number(getCookie(c, "seen") ?? 0) + 1), { path: "/", httpOnly: true, maxAge: 60 });
  setCookie(c, "two", "a b&c");
  return c.json(getCookie(c));
});
app.get("/redirect", (c) => c.redirect("/json/7", 303));
app.get("/stream", (c) => streamText(c, async (s) => {
  for (let i = 0; i < 3; i++) await s.writeln(`line ${i}`);
}));
app.get("/teapot", () => { throw new HTTPException(418, { message: "short and stout" }); });
app.get("/header", (c) => c.json({ ua: c.req.header("User-Agent") ?? null, x: c.req.header("x-thing") ?? null, path: c.req.path, method: c.req.method }));
app.all("/any/*", (c) => c.text(`${c.req.method} ${c.req.path}`));
app.route("/sub", new Hono().get("/", (c) => c.text("sub")).get("/:a/:b?", (c) => c.json(c.req.param())));
app.notFound((c) => c.json({ error: "no such page", path: c.req.path }, 404));
app.onError((e, c) => (e instanceof HTTPException ? e.getResponse() : c.text(`failed: ${e.name}`, 500)));
app.get("/throw", () => { throw new TypeError("no"); });
export default app;
