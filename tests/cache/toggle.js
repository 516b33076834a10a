// The handlers of twins.py. A name that begins with "never" must never be
// answered from the cache; every other one must be, when its inputs repeat.
const table = { red: 1, green: 2, blue: 3 };
const memo = new Map();
let counter = 0;
let last = null;
const clock = Date.now;
const dice = Math.random.bind(Math);
class Page {
  #req;
  constructor(r) { this.#req = r; }
  get lang() { return this.#req.headers.get("accept-language") ?? "en"; }
  render() { return `<p lang="${this.lang}">${this.#req.query.a ?? "none"}</p>`; }
}
const middleware = (next) => (r) => {
  const response = next(r);
  response.headers.set("X-Layer", "1");
  return response;
};
const pick = (r, names) => names.map((n) => r.query[n] ?? "-").join(",");
const text = (v) => Response.text(String(v));

const handlers = {
  plain: () => Response.json({ ok: true }),
  textOnly: () => "just text",
  object: () => ({ a: 1, b: [1, 2, 3] }),
  html: () => Response.html("<h1>hello</h1>"),
  empty: () => new Response(null, { status: 204 }),
  notFound: () => Response.json({ error: "no such thing" }, { status: 404 }),
  gone: () => new Response("gone", { status: 410 }),
  redirect: (r) => Response.redirect("/plain?" + (r.query.a ?? ""), 301),
  path: (r) => text(r.path),
  url: (r) => text(r.url),
  href: (r) => text(r.href),
  method: (r) => text(r.method),
  queryOne: (r) => text(r.query.a),
  queryTwo: (r) => text(`${r.query.a}|${r.query.b}`),
  queryAbsent: (r) => text(r.query.zzz === undefined),
  queryAll: (r) => Response.json(r.query),
  queryKeys: (r) => text(Object.keys(r.query)),
  querySpread: (r) => Response.json({ ...r.query, extra: 1 }),
  queryForIn: (r) => { let s = ""; for (const k in r.query) s += k + "=" + r.query[k] + ";"; return text(s); },
  queryGetAll: (r) => text(r.query.getAll("a")),
  queryIn: (r) => text("b" in r.query),
  queryComputed: (r) => text(r.query[["a", "b", "c"][(r.query.d ?? "").length % 3]]),
  queryIndirect: (r) => { const q = r.query; const read = (k) => q[k]; return text(["a", "c"].map(read)); },
  queryBranch: (r) => text(r.query.a === "1" ? r.query.b : r.headers.get("x-a")),
  querySubset: (r) => text(pick(r, ["a", "c"])),
  queryNumber: (r) => text(Number(r.query.b ?? 0) * 2 + 1),
  queryDestructured: ({ query: { a = "x", b = "y" } }) => text(a + b),
  queryReflect: (r) => text(Reflect.get(r.query, "c")),
  queryProto: (r) => text(Object.create(r.query).a),
  queryProxy: (r) => text(new Proxy(r.query, {}).b),
  headerOne: (r) => text(r.headers.get("x-a")),
  headerTwo: (r) => text(r.headers.get("x-a") + "/" + r.headers.get("X-B")),
  headerProperty: (r) => text(r.headers["x-b"]),
  headerHas: (r) => text(r.headers.has("x-b")),
  headerAbsent: (r) => text(r.headers.get("x-never-sent")),
  negotiate: (r) => (r.headers.get("accept") ?? "").includes("json")
    ? Response.json({ as: "json" }) : Response.html("<b>as html</b>"),
  language: (r) => text({ de: "hallo", fr: "salut" }[(r.headers.get("accept-language") ?? "").slice(0, 2)] ?? "hello"),
  agent: (r) => text(/bot/i.test(r.headers.get("user-agent") ?? "")),
  conditionalRead: (r) => text(r.headers.get("x-a") ? r.query.a : "no header"),
  lazyChain: (r) => text(r.headers.get("x-a") ?? r.headers.get("x-b") ?? r.query.a ?? "nothing"),
  closure: (r) => { const get = () => r.headers.get("x-b"); return text([1, 2].map(() => get()).join()); },
  klass: (r) => Response.html(new Page(r).render()),
  getterOnRequest: (r) => {
    const view = { get it() { return r.query.a; }, get that() { return r.headers.get("x-a"); } };
    return text(r.query.b === "2" ? view.it : view.that);
  },
  middleware: middleware((r) => Response.json({ a: r.query.a })),
  moduleTable: (r) => text(table[r.query.c] ?? 0),
  memoTable: (r) => {
    const k = r.query.a ?? "";
    if (!memo.has(k)) memo.set(k, k + "!" + memo.size);
    return text(memo.get(k));
  },
  counter: () => text(++counter),
  lastSeen: (r) => { const before = last; last = r.query.a; return text(before); },
  protoChange: (r) => {
    Array.prototype.join = function () { return "changed " + r.query.a; };
    return text([1, 2].join("-"));
  },
  jsonMutation: (r) => { table.red++; return Response.json({ table, a: r.query.a }); },
  thrownData: (r) => {
    try { throw new Error("bad " + r.query.b); } catch (e) { return Response.text(e.message, { status: 404 }); }
  },
  asyncRead: async (r) => { await null; return text(await Promise.resolve(r.query.c)); },
  asyncAll: async (r) => text(await Promise.all([r.query.a, r.headers.get("x-a")])),
  generator: (r) => { function* g() { yield r.query.a; yield r.query.b; } return text([...g()]); },
  regexp: (r) => text((r.path.match(/\/(\d+)$/) ?? [])[1]),
  router: (r) => {
    const [, , kind, id] = r.path.split("/");
    if (kind === "users") return Response.json({ user: id, view: r.query.a });
    if (kind === "items") return Response.json({ item: id, lang: r.headers.get("accept-language") });
    return new Response("no route", { status: 404 });
  },
  large: (r) => text(("line " + (r.query.a ?? "") + "\n").repeat(400)),
  vary: (r) => new Response("v" + r.headers.get("x-a"), { headers: { Vary: "X-Extra", "X-Out": "1" } }),
  ownTag: (r) => new Response("t" + r.query.a, { headers: { ETag: '"own-' + (r.query.a ?? "") + '"' } }),
  maxAge: (r) => new Response("m" + r.query.b, { headers: { "Cache-Control": "max-age=60" } }),
  logs: (r) => { console.log("seen", r.query.a); return text("logged " + r.query.a); },
  headersCopied: (r) => text(new Headers(r.headers).get("x-a")),
  headersAll: (r) => Response.json([...r.headers].map(([k, v]) => k + ":" + v)),
  headersJson: (r) => text(JSON.stringify({ ...r.headers }).length > 0 ? r.headers.get("x-b") : ""),
  requestCopied: (r) => text(new Request(r).headers.get("x-a")),
  sortedQuery: (r) => text(Object.entries(r.query).sort().map((e) => e.join("=")).join("&")),
  dateFixed: (r) => text(new Date(Date.UTC(2020, 1, Number(r.query.b ?? 1))).toISOString()),

  neverClock: (r) => text(clock() > 0),
  neverNow: (r) => text(new Date().getFullYear() > 2000),
  neverReflectDate: () => text(Reflect.construct(Date, []).getTime() > 0),
  neverRandom: () => text(Math.random() < 2),
  neverDice: () => text(dice() < 2),
  neverComputed: () => text(Math["ran" + "dom"]() < 2),
  neverSort: () => text([3, 1, 2].sort(() => (Math.random() < 2 ? 0 : 1)).length),
  neverToPrimitive: () => text(`${{ [Symbol.toPrimitive]: clock }}` > "0"),
  neverProxy: () => text(new Proxy(Math.random, {})() < 2),
  neverGetter: () => text({ get t() { return Date.now(); } }.t > 0),
  neverIterator: () => { for (const v of { *[Symbol.iterator]() { yield Math.random(); } }) return text(v < 2); },
  neverThenable: async () => text((await { then(done) { done(Math.random()); } }) < 2),
  neverEval: () => text((0, eval)("1 + 1")),
  neverFunction: () => text(new Function("return 2")()),
  neverCookie: (r) => text(r.headers.get("cookie")),
  neverAuthorization: (r) => text(r.headers.authorization),
  neverSetCookie: () => new Response("c", { headers: { "Set-Cookie": "a=1" } }),
  neverNoStore: () => new Response("n", { headers: { "Cache-Control": "no-store" } }),
  neverPrivate: () => new Response("p", { headers: { "Cache-Control": "private, max-age=9" } }),
  neverVaryAll: () => new Response("s", { headers: { Vary: "*" } }),
  neverDeep: () => { const f = () => f(); try { f(); } catch { return text("deep"); } },
  neverError: (r) => { throw new Error("always " + r.query.a); },
  neverStatus: () => new Response("teapot", { status: 418 }),
  neverCreated: () => Response.json({}, { status: 201 }),
};

function handler(request) {
  const name = request.path.split("/")[1];
  return handlers[name] ? handlers[name](request) : Response.json(Object.keys(handlers), { status: 418 });
}
