// h3, version 2.
import { H3, HTTPError, defineHandler, getQuery, getRouterParam, html, readBody, redirect, getCookie, setCookie, getRequestHeader } from "h3";

const app = new H3();
app.get("/", () => "home");
app.get("/json/:id", (event) => ({ id: getRouterParam(event, "id"), query: getQuery(event) }));
app.get("/html", () => html`<p>${"hi"}</p>`);
app.post("/echo", async (event) => ({ got: await readBody(event) }));
app.get("/redirect", () => redirect("/json/1", 302));
app.get("/null", () => null);
app.get("/fail", () => { throw new HTTPError({ status: 422, statusText: "Unprocessable", message: "not good", data: { field: "x" } }); });
app.get("/cookie", (event) => {
  setCookie(event, "n", String(Number(getCookie(event, "n") ?? 0) + 1), { path: "/" });
  return { n: getCookie(event, "n") ?? null };
});
app.get("/head", defineHandler((event) => {
  event.res.status = 206;
  event.res.headers.set("X-Got", getRequestHeader(event, "x-thing") ?? "none");
  return "partial";
}));
app.get("/response", () => new Response("raw", { status: 203, headers: { "X-Raw": "1" } }));
app.all("/any/**", (event) => `${event.req.method} ${event.url.pathname}`);
export default { fetch: (request) => app.fetch(request) };
