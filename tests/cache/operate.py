#!/usr/bin/env python3
"""operate.py: what operators see of the cache: zigttpctl cache stats, flush and
explain, and the metrics.    operate.py ZIGTTPD"""
import sys, time
from served import Server, Score

HANDLER = """
const big = "<p>paragraph</p>".repeat(500);
let last = null;
function handler(r) {
  switch (r.path) {
  case "/plain": return "plain";
  case "/big": return Response.html(big);
  case "/query": return Response.text(`${r.query.a} ${r.headers.get("accept")}`);
  case "/clock":
    return Response.text(String(
      Date.now()));
  case "/cookie": return Response.text(String(r.headers.get("cookie")));
  case "/set": return new Response("x", { headers: { "Set-Cookie": "a=1" } });
  case "/teapot": return new Response("x", { status: 418 });
  case "/throw": throw new Error("as asked");
  case "/odd": return Response.text(String(r.headers["\\u001b[31mred"]));
  case "/all": return Response.json([...r.headers]);
  }
  return Response.text("none", { status: 404 });
}
"""

def main():
    t = Score()
    s = Server(sys.argv[1], HANDLER, workers=2)
    c = s.connect()
    st = s.stats()
    t.check(st["entries"] == 0 and st["hits"] == 0 and st["capacity"] > 30 << 20, "nothing yet: %s" % st)
    x = s.json("cache", "explain", "/plain")
    t.check(x["sets"] == [] and "bypass" not in x, "nothing known: %s" % x)
    t.check(not c.ask("/plain").hit and c.ask("/plain").hit, "a miss, then a hit")
    x = s.json("cache", "explain", "/plain")
    t.check(len(x["sets"]) == 1 and x["sets"][0]["hit"] and x["sets"][0]["status"] == 200 and
            x["sets"][0]["body_bytes"] == 5 and 290 <= x["sets"][0]["left_s"] <= 300 and x["app"] == "default", "explain a hit: %s" % x)

    # parts of the key
    c.ask("/query?a=1&b=9", "Accept: text/x")
    x = s.json("cache", "explain", "http://any.host:1234/query?b=7&a=1#part", "-H", "ACCEPT:text/x")
    t.check(x["sets"][0]["hit"] and "query a: 1\n" in x["sets"][0]["asks"] and
            "header accept: text/x\n" in x["sets"][0]["asks"] and "b" not in x["sets"][0]["asks"].split("query")[2:], "key parts: %s" % x)
    x = s.json("cache", "explain", "/query?a=2", "-H", "accept: text/x")
    t.check(not x["sets"][0]["hit"], "other answers, no hit")
    x = s.json("cache", "explain", "/query?a=1")
    t.check(not x["sets"][0]["hit"] and "header accept: (absent)\n" in x["sets"][0]["asks"], "absence is an answer")
    x = s.json("cache", "explain", "/query?a=1", "-H", "accept: text/x", "-H", "Cache-Control: max-age=0, no-cache")
    t.check(x["bypass"]["reason"] == "request", "the request forbids: %s" % x)
    c.ask("/big")
    x = s.json("cache", "explain", "/big")
    t.check(0 < x["sets"][0]["gzip_bytes"] < 1000 and x["sets"][0]["body_bytes"] == 8000, "a packed body: %s" % x)
    c.ask("/all", "X-One: 1")
    x = s.json("cache", "explain", "/all", "-H", "Host: t", "-H", "X-One: 1")
    t.check(x["sets"][0]["hit"] and "header X-One: 1\n" in x["sets"][0]["asks"], "all headers: %s" % x)

    # reasons
    for path, reason, where in [("/clock", "time", "handler.js:11:12"), ("/cookie", "private", ""), ("/set", "set_cookie", ""),
                                ("/teapot", "status", ""), ("/throw", "error", "")]:
        c.ask(path)
        x = s.json("cache", "explain", path)
        t.check(x.get("bypass", {}).get("reason") == reason and x["bypass"]["text"] != "" and
                x["bypass"].get("where", "").endswith(where) and x["sets"] == [], "why not %s: %s" % (path, x))
    c.ask("/odd")
    code, out, _ = s.ctl("cache", "explain", "/odd")
    t.check(code == 0 and "\x1b" not in out and "?[31mred" in out, "nothing that a terminal obeys: %r" % out)

    # texts for people
    code, out, _ = s.ctl("cache", "explain", "/plain")
    t.check(code == 0 and "HIT: status 200" in out, "explain as text: %s" % out)
    code, out, _ = s.ctl("cache", "explain", "/clock")
    t.check(code == 0 and "the handler reads a clock, at " in out, "a reason as text: %s" % out)
    code, out, _ = s.ctl("cache", "stats")
    t.check(code == 0 and "entries" in out and "bypass" in out and "set_cookie" in out, "stats as text: %s" % out)

    # figures
    for _ in range(10):
        c.ask("/plain")
    st = s.stats()
    t.check(st["hits"] >= 11 and st["stores"] == st["misses"] == st["entries"] == 5 and st["bytes"] > 8000 and st["damaged"] == 0 and
            st["dropped_shards"] == 0 and st["bypass"]["time"] == 1 and st["bypass"]["error"] == 1, "figures: %s" % st)
    text = s.json("metrics")["text"]
    for line in ["zigttpd_cache_entries 5", 'zigttpd_cache_bypass_total{reason="time"} 1', "zigttpd_cache_damaged_total 0",
                 "zigttpd_cache_evictions_total 0", "zigttpd_cache_bytes %d" % st["bytes"]]:
        t.check(line + "\n" in text, "metric " + line)

    # flush
    code, out, _ = s.ctl("cache", "flush")
    t.check(code == 0, "flush")
    st = s.stats()
    t.check(st["entries"] == 0 and st["bytes"] == 0, "flushed: %s" % st)
    t.check(s.json("cache", "explain", "/plain")["sets"] == [], "read sets are gone too")
    t.check(not c.ask("/plain").hit and c.ask("/plain").hit, "and stored anew")
    t.check(s.stats()["entries"] == 1, "one entry")

    # a new generation knows nothing of the old one's
    s.ctl("reload")
    x = s.json("cache", "explain", "/plain")
    t.check(x["sets"] == [] and x["generation"] == 2, "another generation, another name space: %s" % x)
    c.close()
    c = s.connect()
    t.check(not c.ask("/plain").hit and c.ask("/plain").hit, "its own entries")

    # mistakes
    for args, want in [(["cache"], 64), (["cache", "stat"], 64), (["cache", "stats", "x"], 64), (["cache", "explain"], 64),
                       (["cache", "explain", "plain"], 64), (["cache", "explain", "http://"], 64), (["cache", "explain", "/a", "-H", "x"], 64),
                       (["cache", "explain", "/a", "-H", "a:1"], 0), (["cache", "explain", "https://h"], 0)]:
        t.check(s.ctl(*args)[0] == want, "exit status %d of %s" % (want, args))
    s.stop()

    s = Server(sys.argv[1], HANDLER, "--no-cache")
    code, _, err = s.ctl("cache", "stats")
    t.check(code == 1 and "no response cache" in err, "no cache: %d %s" % (code, err))
    s.stop()
    t.end()

main()
