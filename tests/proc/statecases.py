#!/usr/bin/env python3
"""statecases.py: what workers share through zigttp:cache and zigttp:ratelimit: counts and
limits are exact over all of them, over kill -9 and over reloads; responses that depend
on them are never replayed; apps do not see each other's keys.
Usage: statecases.py ZIGTTPD ZIGTTPCTL. STATE_STEPS: counts of each worker (3000)."""
import hashlib
import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import ports
import scratch

ZIGTTPD, ZIGTTPCTL = map(os.path.abspath, sys.argv[1:3])
STEPS = int(os.environ.get("STATE_STEPS", "3000"))
WORKERS = 8
TMP = scratch.folder("zigttpd-state-")
HANDLER = """
import { cacheGet, cacheSet, cacheIncr, cacheDelete } from "zigttp:cache";
import { rateCheck } from "zigttp:ratelimit";
import { schemaCompile, validateObject } from "zigttp:validate";
import { sha256 } from "zigttp:crypto";
import { escapeHtml } from "zigttp:text";
import { routerMatch } from "zigttp:router";
import { env } from "zigttp:env";
import { logDebug, logInfo, logWarn, logError } from "zigttp:log";
import * as id from "zigttp:id";
schemaCompile("early", { type: "number" });
const early = cacheIncr("boot", "n", 1);
export default function (r) {
  const q = r.query;
  switch (r.path.replace("/two", "")) {
  case "/incr": { let n; for (let i = 0; i < (+q.n || 1); i++) n = cacheIncr("t", "n", 1); return String(n); }
  case "/get": return String(cacheGet("t", q.k));
  case "/set": cacheSet("t", q.k, q.v); return "set";
  case "/delete": return String(cacheDelete("t", q.k));
  case "/rate": { const v = rateCheck(q.k, +q.limit, 3600); return new Response(JSON.stringify(v), { status: v.ok ? 200 : 429 }); }
  case "/pure": return escapeHtml("<") + sha256(q.s) + routerMatch({ "GET /pure": 1 }, r).handler;
  case "/id": return [id.uuid, { f: id.nanoid }.f, id["ulid"], id.uuidV7].map((f) => f()).join();
  case "/env": return String(env("STATE_TEST"));
  case "/log":
    logInfo("told", { n: 1, level: "not this", bytes: undefined, e: new Error("boom") });
    logWarn("warned", { a: { b: [1] } });
    logError("failed");
    logDebug("unseen");
    return "logged";
  case "/schema": {
    const known = validateObject("early", 1).ok;
    let late;
    try { late = validateObject("late", 1).ok; } catch { late = "none"; }
    schemaCompile("late", { type: "string" });
    return JSON.stringify([known, late, validateObject("late", 1).ok]);
  }
  }
  return "hello";
}
"""
passed = failed = 0


def check(ok, text):
    global passed, failed
    print(("ok " if ok else "not ok ") + text, flush=True)
    passed, failed = passed + bool(ok), failed + (not ok)


class Server:
    def __init__(self):
        self.port, self.other = ports.take(), ports.take()
        self.sock = os.path.join(TMP, "control")
        self.handler = os.path.join(TMP, "handler.mjs")
        with open(self.handler, "w") as f:
            f.write(HANDLER)
        conf = os.path.join(TMP, "zigttpd.conf")
        with open(conf, "w") as f:
            f.write("""listen = { "127.0.0.1:%d" }
workers = %d
control = "%s"
quiet = yes
state { cache = 2m
ratelimit = 1m }
app "one" { handler = "%s" }
app "two" { handler = "%s"
path = "/two" }
""" % (self.port, WORKERS, self.sock, self.handler, self.handler))
        self.err = open(os.path.join(TMP, "stderr"), "a")
        self.p = subprocess.Popen([ZIGTTPD, "-c", conf], stdin=subprocess.DEVNULL, stdout=self.err, stderr=self.err,
                                  env=dict(os.environ, STATE_TEST="of the test"))
        end = time.monotonic() + 15
        while time.monotonic() < end:
            try:
                if self.get("/")[0] == 200:
                    return
            except OSError:
                time.sleep(0.02)

    def get(self, path, headers={}):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            c.request("GET", path, headers=headers)
            r = c.getresponse()
            return r.status, r.read().decode(), r
        finally:
            c.close()

    def text(self, path):
        return self.get(path)[1]

    def ctl(self, *args):
        return subprocess.run([ZIGTTPCTL, "-s", self.sock] + list(args), stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=30)

    def json(self, verb):
        return json.loads(self.ctl("--json", verb).stdout)

    def pids(self):
        return [w["pid"] for w in self.json("workers")["workers"] if w.get("pid")]


def crowd(n, fn):
    threads = [threading.Thread(target=fn, args=(i,)) for i in range(n)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()


def test_shared(s):
    check(s.text("/set?k=a&v=%C3%A9x") == "set" and all(s.text("/get?k=a") == "éx" for _ in range(24)),
          "what one worker sets all of them get")
    check(s.text("/two/get?k=a") == "undefined", "another app has other keys")
    check(s.text("/delete?k=a") == "true" and s.text("/get?k=a") == "undefined", "and delete")


def test_exact(s):
    done = []

    def run(i):
        for _ in range(STEPS // 100):
            done.append(s.get("/incr?n=100")[0] == 200)

    crowd(WORKERS, run)
    want = WORKERS * (STEPS // 100) * 100
    check(all(done) and s.text("/get?k=n") == str(want), "%d counts by %d clients: none lost" % (want, WORKERS))


def test_rate(s):
    codes = []

    def run(i):
        for _ in range(100):
            codes.append(s.get("/rate?k=ip&limit=250")[0])

    crowd(WORKERS, run)
    check(codes.count(200) == 250 and codes.count(429) == WORKERS * 100 - 250,
          "a limit of 250 lets 250 of %d pass (%d)" % (len(codes), codes.count(200)))
    v = json.loads(s.text("/rate?k=ip&limit=250"))
    check(v["ok"] is False and v["error"]["tag"] == "rate_exceeded" and 3000 < v["error"]["retryAfter"] <= 3600,
          "the refusal says when to come again")


def test_never_replayed(s):
    a = [s.get("/get?k=n") for _ in range(6)]
    check(all("X-Zigttp-Proof-Cache" not in r.headers for _, _, r in a), "a response that read shared state is never kept")


def test_effects(s):
    a = [s.get("/pure?s=a") for _ in range(6)]
    check(a[-1][2].headers.get("X-Zigttp-Proof-Cache") == "hit" and
          {t for _, t, _ in a} == {"&lt;" + hashlib.sha256(b"a").hexdigest() + "1"},
          "a response made by pure functions of modules is kept")
    ids = [s.text("/id") for _ in range(6)]
    check(len(set(ids)) == 6, "identifiers never are")
    check(s.text("/env") == "of the test", "the environment is that of the server")


def test_log(s):
    check(s.text("/log") == "logged", "log lines")
    lines = [json.loads(x) for x in open(os.path.join(TMP, "stderr")) if x.startswith('{"level"')]
    check([x["level"] for x in lines] == ["info", "warn", "error"] and [x["msg"] for x in lines] == ["told", "warned", "failed"],
          "are JSON, one each")
    check(lines[0]["n"] == 1 and lines[0]["e"].startswith("Error: boom\n") and lines[1]["a"] == {"b": [1]} and
          abs(time.time() - time.mktime(time.strptime(lines[0]["ts"][:19], "%Y-%m-%dT%H:%M:%S")) + time.timezone) < 60,
          "with fields, stacks and the time")


def test_kills(s):
    before = int(s.text("/get?k=n"))
    answered, asked, stop = [0], [0], threading.Event()
    lock = threading.Lock()

    def run(i):
        while not stop.is_set():
            with lock:
                asked[0] += 1
            try:
                if s.get("/incr")[0] == 200:
                    with lock:
                        answered[0] += 1
            except (OSError, http.client.HTTPException):
                pass

    t = threading.Thread(target=crowd, args=(6, run))
    t.start()
    kills = 0
    end = time.monotonic() + 2.5
    while time.monotonic() < end:
        for pid in s.pids()[:2]:
            try:
                os.kill(pid, signal.SIGKILL)
                kills += 1
            except ProcessLookupError:
                pass
        time.sleep(0.1)
    stop.set()
    t.join()
    n = int(s.text("/get?k=n")) - before
    check(answered[0] <= n <= asked[0] and kills > 10, "%d workers killed: %d answered <= %d counted <= %d asked" %
          (kills, answered[0], n, asked[0]))


def test_reload(s):
    n = s.text("/get?k=n")
    check(s.ctl("reload").returncode == 0 and s.text("/get?k=n") == n, "a reload keeps what is shared")
    check(s.get("/rate?k=ip&limit=250")[0] == 429, "and what has been used of limits")


def test_schemas(s):
    check(all(s.text("/schema") == '[true,"none",false]' for _ in range(10)), "schemas of module scope stay, those of a request go")


def test_figures(s):
    st = s.json("state")
    check(st["cache"]["entries"] >= 2 and st["cache"]["capacity"] == 2 << 20 and st["ratelimit"]["entries"] >= 1 and
          st["cache"]["dropped_shards"] == 0, "zigttpctl state has figures")
    check("zigttp:ratelimit" in s.ctl("state").stdout, "also for people")
    check('zigttpd_state_entries{module="cache"}' in s.ctl("metrics").stdout, "metrics have them")


s = Server()
try:
    for test in (test_shared, test_exact, test_rate, test_never_replayed, test_effects, test_log, test_kills, test_reload, test_schemas, test_figures):
        try:
            test(s)
        except Exception as e:
            check(False, "%s: %r" % (test.__name__, e))
finally:
    s.p.terminate()
    s.p.wait(15)
if failed:
    print(open(os.path.join(TMP, "stderr")).read()[-3000:])
print("%d passed, %d failed" % (passed, failed))
sys.exit(failed > 0)
