// hono-app.ts: an application of the framework Hono, as its own documentation has
// them. Nothing is bundled: imports are found in node_modules.
//
//   cd examples/hono-app && npm install
//   zigttpd hono-app.ts
//   curl http://127.0.0.1:8080/hello/Ada             # {"message":"Hello, Ada!"}

import { Hono } from "hono";
import { cors } from "hono/cors";
import { etag } from "hono/etag";
import { HTTPException } from "hono/http-exception";

const app = new Hono();

app.use("/hello/*", cors(), etag());

app.get("/", (c) => c.text("Hono on zigttp\n"));
app.get("/hello/:name", (c) => c.json({ message: `Hello, ${c.req.param("name")}!` }));
app.post("/sum", async (c) => {
  const { numbers } = await c.req.json<{ numbers: number[] }>();
  if (!Array.isArray(numbers)) throw new HTTPException(422, { message: "numbers: expected an array" });
  return c.json({ sum: numbers.reduce((a, b) => a + b, 0) });
});

export default app;
