// htmx-todo: a to-do list in a browser: pages from TSX, changes by htmx, and by
// plain forms where there is no JavaScript. Each visitor's list lies in
// zigttp:cache for a week.
//
//   cd examples/htmx-todo && npm install            # htmx itself, 16 KB
//   zigttpd -c zigttpd.conf                         # then open http://127.0.0.1:8080/
//   curl -si http://127.0.0.1:8080/ | head -1       # HTTP/1.1 200 OK

import { routerMatch } from "zigttp:router";
import { cacheGet, cacheSet } from "zigttp:cache";
import { parseCookies, setCookie } from "zigttp:http";
import { nanoid } from "zigttp:id";

type Todo = { id: string; title: string; done: boolean };
type Visit = { request: any; sid: string; list: Todo[]; params: Record<string, string> };

const WEEK = 7 * 24 * 3600;

/* ---- what is seen -------------------------------------------------------- */

// A button that htmx presses, and a form that a browser without it sends.
function Press({ action, label, children }: any) {
  return (
    <form method="post" action={action} hx-post={action} hx-target="#todos" hx-swap="outerHTML">
      <button aria-label={label} title={label}>{children}</button>
    </form>
  );
}

const Item = ({ todo }: { todo: Todo }) => (
  <li class={todo.done ? "done" : undefined}>
    <Press action={`/todos/${todo.id}/toggle`} label={todo.done ? "mark as open" : "mark as done"}>
      <span class="box">{todo.done && "✓"}</span>
    </Press>
    <span class="title">{todo.title}</span>
    <Press action={`/todos/${todo.id}/delete`} label="delete">×</Press>
  </li>
);

function Todos({ list }: { list: Todo[] }) {
  const open = list.filter((t) => !t.done).length;
  return (
    <section id="todos">
      <ul>{list.map((todo) => <Item todo={todo} />)}</ul>
      {list.length === 0
        ? <p class="empty">Nothing to do. Enjoy the day!</p>
        : <p class="count">{open} of {list.length} left</p>}
    </section>
  );
}

const Page = ({ list }: { list: Todo[] }) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>To do</title>
      <link rel="icon" href="data:," />
      <link rel="stylesheet" href="/public/style.css" />
      <script src="/vendor/htmx.min.js" defer></script>
    </head>
    <body>
      <main>
        <h1>To do</h1>
        <form class="new" method="post" action="/todos" hx-post="/todos" hx-target="#todos" hx-swap="outerHTML"
              {...{ "hx-on::after-request": "this.reset()" }}>
          <input name="title" placeholder="What needs to be done?" maxlength={200} required autofocus autocomplete="off" />
          <button>Add</button>
        </form>
        <Todos list={list} />
      </main>
    </body>
  </html>
);

/* ---- what happens -------------------------------------------------------- */

// The list after a change: a part of the page for htmx, the whole page again else.
function changed({ request, sid }: Visit, list: Todo[]): Response {
  cacheSet("todo", sid, JSON.stringify(list), WEEK);
  return request.headers.get("hx-request")
    ? Response.html(renderToString(<Todos list={list} />))
    : Response.redirect("/", 303);
}

const routes: Record<string, (v: Visit) => Response | Promise<Response>> = {
  "GET /": ({ list }) => Response.html("<!doctype html>" + renderToString(<Page list={list} />)),

  "POST /todos": async (v) => {
    const title = String((await v.request.formData()).get("title") ?? "").trim().slice(0, 200);
    return title ? changed(v, [...v.list, { id: nanoid(8), title, done: false }])
                 : new Response("a title is needed\n", { status: 422 });
  },
  "POST /todos/:id/toggle": (v) =>
    changed(v, v.list.map((t) => (t.id === v.params.id ? { ...t, done: !t.done } : t))),
  "POST /todos/:id/delete": (v) => changed(v, v.list.filter((t) => t.id !== v.params.id)),
};

export async function handler(request: any): Promise<Response> {
  const found = routerMatch(routes, request);
  if (!found) return new Response("not found\n", { status: 404 });
  const known = parseCookies(request.headers.get("cookie") ?? "").sid;
  const sid = known && /^[\w-]{21}$/.test(known) ? known : nanoid();
  const kept = cacheGet("todo", sid);
  const response = await found.handler({ request, sid, list: kept ? JSON.parse(kept) : [], params: found.params });
  if (sid !== known)
    response.headers.append("Set-Cookie", setCookie("sid", sid, { path: "/", maxAge: WEEK, httpOnly: true, sameSite: "Lax" }));
  return response;
}
