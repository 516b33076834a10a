// api-crud.ts: a small JSON API whose notes outlive the request. A handler keeps
// nothing between requests: what must stay goes to zigttp:cache, which all
// workers share.
//
//   zigttpd examples/api-crud.ts
//   curl -d '{"title":"buy milk"}' http://127.0.0.1:8080/notes       # 201 {"id":"1","title":"buy milk","done":false}
//   curl http://127.0.0.1:8080/notes/1

import { routerMatch } from "zigttp:router";
import { cacheDelete, cacheGet, cacheIncr, cacheSet } from "zigttp:cache";

type Note = { id: string; title: string; done: boolean };
class Refusal extends Error {
  constructor(readonly status: number, message: string) { super(message); }
}

const KEEP = 24 * 3600; // seconds

const load = (id: string): Note => {
  const text = cacheGet("notes", id);
  if (text === undefined) throw new Refusal(404, `no note ${id}`);
  return JSON.parse(text);
};
const save = (note: Note): Note => (cacheSet("notes", note.id, JSON.stringify(note), KEEP), note);

function check(body: any, partial: boolean): Partial<Note> {
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw new Refusal(422, "expected an object");
  for (const key of Object.keys(body))
    if (key !== "title" && key !== "done") throw new Refusal(422, `unknown field ${key}`);
  if (!partial && body.title === undefined) throw new Refusal(422, "title is missing");
  if (body.title !== undefined && (typeof body.title !== "string" || !body.title.trim() || body.title.length > 200))
    throw new Refusal(422, "title: expected a text of 1 to 200 characters");
  if (body.done !== undefined && typeof body.done !== "boolean") throw new Refusal(422, "done: expected true or false");
  return body;
}

async function json(request: Request): Promise<unknown> {
  try {
    return await request.json();
  } catch {
    throw new Refusal(400, "the body is no JSON");
  }
}

const routes = {
  "POST /notes": async (request: Request) => {
    const body = check(await json(request), false);
    const note = save({ id: String(cacheIncr("notes", "last", 1, KEEP)), title: body.title!, done: body.done ?? false });
    return Response.json(note, { status: 201, headers: { Location: `/notes/${note.id}` } });
  },
  "GET /notes/:id": (_: Request, { id }: Note) => Response.json(load(id)),
  "PATCH /notes/:id": async (request: Request, { id }: Note) =>
    Response.json(save({ ...load(id), ...check(await json(request), true) })),
  "DELETE /notes/:id": (_: Request, { id }: Note) => {
    load(id);
    cacheDelete("notes", id);
    return new Response(null, { status: 204 });
  },
};

export async function handler(request: Request): Promise<Response> {
  try {
    const found = routerMatch(routes, request);
    if (!found) throw new Refusal(404, "there are /notes and /notes/ID");
    return await found.handler(request, found.params);
  } catch (e) {
    if (!(e instanceof Refusal)) throw e; // 500, and its stack in the log
    return Response.json({ error: e.message }, { status: e.status });
  }
}
