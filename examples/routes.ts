// routes.ts: a table of routes with the module zigttp:router, middleware with
// zigttp:compose, cookies and content negotiation with zigttp:http.
//
//   zigttpd examples/routes.ts
//   curl http://127.0.0.1:8080/users/7               # {"id":"7","name":"Grace Hopper"}
//
// The table is made once, when the file is loaded; every request starts from it.

import { routerMatch } from "zigttp:router";
import { guard, pipe } from "zigttp:compose";
import { negotiate, parseCookies, setCookie } from "zigttp:http";
import { escapeHtml, slugify } from "zigttp:text";

type Context = { request: any; params: Record<string, string> };
type Route = (c: Context) => Response | Promise<Response>;

const users = new Map([["1", "Ada Lovelace"], ["7", "Grace Hopper"]]);

const signedIn = guard(({ request }: Context) =>
  parseCookies(request.headers.get("cookie") ?? "").user
    ? true
    : Response.json({ error: "sign in at /login?as=NAME first" }, { status: 401 }));

const routes: Record<string, Route> = {
  "GET /": () => Response.html('<h1>Routes</h1><a href="/users">users</a>'),

  "GET /users": ({ request }) => {
    const list = [...users].map(([id, name]) => ({ id, name, slug: slugify(name) }));
    return negotiate(request.headers.get("accept") ?? "*/*", "application/json,text/html") === "text/html"
      ? Response.html("<ul>" + list.map((u) => `<li>${escapeHtml(u.name)}</li>`).join("") + "</ul>")
      : Response.json(list);
  },

  "GET /users/:id": ({ params }) =>
    users.has(params.id)
      ? Response.json({ id: params.id, name: users.get(params.id) })
      : Response.json({ error: `no user ${params.id}` }, { status: 404 }),

  "GET /login": ({ request }) =>
    new Response("welcome\n", { headers: { "Set-Cookie": setCookie("user", request.query.as ?? "guest", { path: "/", httpOnly: true }) } }),

  "GET /me": pipe(signedIn, ({ request }: Context) =>
    Response.json({ user: parseCookies(request.headers.get("cookie")).user })),

  "GET /files/*": ({ params }) => Response.json({ rest: params["*"] }),
};

export default function (request: any) {
  const found = routerMatch(routes, request);
  return found ? found.handler({ request, params: found.params }) : Response.json({ error: "not found" }, { status: 404 });
}
