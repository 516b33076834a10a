// itty-router's AutoRouter with its helpers.
import { AutoRouter, cors, error, html, json, status, text, withContent, withCookies, withParams } from "itty-router";

const { preflight, corsify } = cors({ origin: "https://a.example", maxAge: 9 });
const router = AutoRouter({ before: [preflight], finally: [corsify] });
router
  .get("/", () => "home")
  .get("/text", () => text("plain"))
  .get("/html", () => html("<p>hi</p>"))
  .get("/json/:id", ({ params, query }) => ({ ...params, query }))
  .get("/with/:a/:b", withParams, ({ a, b }) => json([a, b], { status: 201, headers: { "X-B": b } }))
  .get("/cookies", withCookies, ({ cookies }) => cookies)
  .post("/echo", withContent, ({ content }) => ({ got: content }))
  .get("/status", () => status(204))
  .get("/fail", () => error(422, { detail: "not good" }))
  .get("/throw", () => { throw new Error("inside"); })
  .get("/wild/*", ({ url }) => new URL(url).pathname)
  .get("/file/:name.:ext", ({ params }) => params)
  .get("/greedy/:rest+", ({ params }) => params)
  .put("/item/:id?", ({ params, method }) => ({ method, id: params.id ?? null }));
export default { fetch: router.fetch };
