#!/usr/bin/env python3
"""evade.py: programs and requests that try to get a response out of the cache
which they should not get.    evade.py ZIGTTPD [-v] [-k PART OF A NAME]

Every program of evade.js is asked with every kind of request, several times in
random order, with the cache and without: the answers must be equal in all but
Date, Age and the hit header. Programs with an effect must never be a hit."""
import argparse, gzip, os, random, re, sys, time
from served import Server, Score

HERE = os.path.dirname(os.path.abspath(__file__))

def get(target="", *headers, **how):
    return target, headers, how

# Requests for a program: what goes behind its name, header lines, and the form.
REQUESTS = [
    get(), get("?"), get("/"), get("/deeper"), get("/DEEPER"), get("/%64eeper"), get("/d%65eper?a=1"), get("//"), get("/./"), get("/a%2Fb"), get("/a/b"),
    get("?a=1"), get("?a=2"), get("?a="), get("?a"), get("?A=1"), get("?a=1&b=2"), get("?b=2&a=1"), get("?a=1&a=2"), get("?a=2&a=1"), get("?%61=1"),
    get("?a=%31"), get("?a=1%20"), get("?a=1+"), get("?a=+1"), get("?a=b&b=c&c=a"), get("?a=b&b=d"), get("?b=x-a"), get("?c=1"), get("?a=1&b=2&c=3&a=4"),
    get("?noise=1"), get("?noise=2&a=1"), get("?a=1&noise=2"), get("?&&a=1&"), get("?a=1;b=2"), get("?a=1#b"), get("?a==1"), get("?=1"), get("?x+y=1"), get("?x%20y=2"),
    get("?%C3%A4=1"), get("?%E4=1"), get("?toString=1"), get("?valueOf=2&toString=3"), get("?constructor=1&__proto__=2"), get("?hasOwnProperty=1"), get("?length=7"),
    get("?then=1&a=1"), get("?toJSON=1&a=1"), get("?0=zero"), get("?0=null&1=one&01=eins"), get("?1.5=x&-1=y"), get("?4294967295=x"), get("?getAll=1&a=1"), get("?fn=sqrt"),
    get("?k0=1"), get("?k29=1"), get("?k11=1&a=x"), get("?" + "a" * 600 + "=1"), get("?" + "&".join("k%d=%d" % (i, i) for i in range(30))),
    get("", "X-A: 1"), get("", "X-A: 2"), get("", "X-A:"), get("", "X-A: "), get("", "x-a: 1"), get("", "X-A: 1", "X-B: 1"), get("", "X-B: 1", "X-A: 1"),
    get("", "X-B: x-a"), get("", "X-B: 1"), get("", "X-A: 1", "X-A: 2"), get("", "X-A: 2", "X-A: 1"), get("", "X-A: 1, 2"), get("", "X-A: {\"a\":1}"), get("", "X-A: [1"),
    get("", "X-Dup: a", "X-Dup: b"), get("", "X-Dup: b", "X-Dup: a"), get("", "X-Dup: a, b"), get("", "X-Dup: a,b"), get("", "X-A: \xe4"), get("", "X-Own: 1"),
    get("", "Host-Is-Not: 1"), get("", "X-K1: 1"), get("", *["X-K%d: %d" % (i, i) for i in range(30)]), get("", "42: x"), get("", "0: x"), get("", "then: x"),
    get("", "constructor: x"), get("", "Cookie: a=1"), get("", "Cookie: a=2"), get("", "Cookie: a=1", "X-A: 1"), get("", "Authorization: Basic eDp5"),
    get("", "Accept: application/json"), get("", "Accept: text/html"), get("", "Accept-Language: de"), get("", "User-Agent: u1"), get("", "User-Agent: u2"),
    get("", "Accept-Encoding: gzip"), get("?a=y", "Accept-Encoding: gzip"), get("", "Accept-Encoding: gzip;q=0"), get("", "Accept-Encoding: br, identity"),
    get("", "Range: bytes=0-1"), get("", "Range: bytes=2-"), get("", "If-None-Match: \"own\""), get("", "If-None-Match: W/\"own\""), get("", "If-None-Match: *"),
    get("", "If-None-Match: \"weak\""), get("", "If-None-Match: \"x\""), get("", "If-Modified-Since: Thu, 01 Jan 2037 00:00:00 GMT"), get("", "If-Match: \"x\""),
    get("", "If-Range: \"x\"", "Range: bytes=0-0"), get("", "Cache-Control: no-cache"), get("", "Cache-Control: max-age=0"), get("", "Pragma: no-cache"), get("", "Cache-Control: only-if-cached"),
    get("", "X-Forwarded-For: 1.2.3.4"), get("", "X-Forwarded-Host: evil"), get("", "X-Forwarded-Proto: https"), get("", "X-Original-URL: /other"), get("", "X-HTTP-Method-Override: POST"),
    get("", "Forwarded: host=evil"), get("", "Origin: http://evil"), get("", "Referer: http://evil"), get("", "X-Date: 2021-02-03"), get("", "X-Date: 2021-02-04"),
    get("", "Connection: x-a", "X-A: hop"), get("", "TE: trailers"), get("", "Via: 1.1 x"), get("", "Content-Type: text/x"), get("", "Expect-Nothing: 1"),
    get("", host="other"), get("", host="OTHER"), get("", host="other:80"), get("", host="t:81"), get("", host=""), get("?a=1", host="other"),
    get("", version="1.0"), get("?a=1", version="1.0"), get("", version="1.0", host=None), get("?a=2", version="1.0", host=None), get("", "X-A: 1", version="1.0"),
    get("", method="HEAD"), get("?a=1", method="HEAD"), get("", "X-A: 1", method="HEAD"), get("", "X-A: 2", method="HEAD"), get("?a=x", "Accept-Encoding: gzip", method="HEAD"),
    get("", "If-None-Match: \"own\"", method="HEAD"), get("", method="POST"), get("?a=1", method="DELETE"), get("?a=1", method="OPTIONS"), get("?a=1", method="QUERY"),
    get("", absolute="http://t"), get("?a=1", absolute="http://t"), get("?a=1", absolute="http://other"), get("?a=1", absolute="HTTP://T"), get("?a=1", absolute="http://t:80"),
    get("?a=1", absolute="http://u@t"), get("?a=1", absolute="http://other", host="other"), get("?a=1", absolute="https://t"), get("", "X-A: 1", absolute="http://other"),
    get("", "Content-Length: 2", body="{}"), get("?a=1", "Content-Length: 2", body="{}"), get("", "Content-Length: 2", body="[]"), get("", "Content-Length: 0"),
    get("", "Transfer-Encoding: chunked", body="2\r\n{}\r\n0\r\n\r\n"), get("", "Transfer-Encoding: chunked", body="2\r\n[]\r\n0\r\n\r\n"),
]

def raw(name, request):
    target, headers, how = request
    method, version, host = how.get("method", "GET"), how.get("version", "1.1"), how.get("host", "t")
    lines = ["%s %s/%s%s HTTP/%s" % (method, how.get("absolute", ""), name, target, version)]
    if host is not None:
        lines.append("Host: " + host)
    lines += headers
    if version == "1.0":
        lines.append("Connection: keep-alive")
    if how.get("body") is None and method == "POST":
        lines.append("Content-Length: 0")
    return ("\r\n".join(lines) + "\r\n\r\n" + how.get("body", "")).encode("latin-1"), method == "HEAD"

class Asker:
    """Asks on one connection, and on another one when that was closed."""
    def __init__(self, server):
        self.server, self.c = server, server.connect()

    def ask(self, bytes_and_head):
        wire, head = bytes_and_head
        for _ in range(2):
            try:
                self.c.send(wire)
                r = self.c.reply(head)
                if (r.header("connection") or "").lower() == "close":
                    self.c.close()
                    self.c = self.server.connect()
                return r
            except OSError:
                self.c = self.server.connect()
        raise SystemExit("no answer to %r" % wire)

def comparable(r):
    drop = (b"date:", b"age:", b"x-zigttp-proof-cache: hit")
    packed = r.header("content-encoding") == "gzip"
    if packed:
        drop += (b"content-encoding:", b"content-length:")
    keep = [l for l in r.lines if not (l.lower().startswith(drop) and l.lower() != b"x-zigttp-proof-cache: hit?")]
    return keep, gzip.decompress(r.body) if packed and r.body else r.body, packed

def same(a, b):
    ka, ba, pa = comparable(a)
    kb, bb, pb = comparable(b)
    if pa != pb:  # one of them was kept in gzip
        ka, kb = ([l for l in k if not l.lower().startswith(b"content-length:")] for k in (ka, kb))
    return ka == kb and ba == bb

def effects(t, server, names, verbose):
    """Never a hit, whatever is asked, and again at once."""
    asker = Asker(server)
    some = [get(), get("?a=1"), get("", "X-A: 1"), get("", method="HEAD"), get("", version="1.0")]
    for name in names:
        hits, bodies = 0, set()
        for request in some + [get()] * 3:
            r = asker.ask(raw(name, request))
            hits += r.hit
            bodies.add(r.body)
            t_ok = r.status in (200, 500)
        t.check(hits == 0 and t_ok, "effect %s: %d hits, status %d" % (name, hits, r.status))
        if verbose:
            why = server.json("cache", "explain", "/" + name).get("bypass", {})
            print("%-22s %-9s %s  (%d different)" % (name, why.get("reason"), why.get("where"), len(bodies)))

def inputs(t, cached, plain, names, rounds, verbose, rng):
    a, b = Asker(cached), Asker(plain)
    asked = hits_of_all = 0
    for name in names:
        plan = REQUESTS * rounds
        rng.shuffle(plan)
        wrong = hits = 0
        for request in plan:
            wire = raw(name, request)
            x, y = a.ask(wire), b.ask(wire)
            hits += x.hit
            if not same(x, y):
                wrong += 1
                if wrong <= 2:
                    print("%s: %r\n  cached %s %r\n  plain  %s %r" % (name, wire[0][:300], x.lines, x.body[:200], y.lines, y.body[:200]))
        asked += len(plan)
        hits_of_all += hits
        t.check(wrong == 0, "input %s: %d wrong of %d, %d hits" % (name, wrong, len(plan), hits))
        if verbose:
            print("%-22s %4d of %d hits" % (name, hits, len(plan)))
    print("%d requests of %d kinds to %d programs, %d hits" % (asked, len(REQUESTS), len(names), hits_of_all))

APPS = """
listen = { "127.0.0.1:%%(port)d" }
workers = 2
app "a"  { host = "a.test" handler = "%(dir)s/a.js" }
app "ap" { host = "a.test" path = "/p" handler = "%(dir)s/ap.js" }
app "b"  { host = "b.test" handler = "%(dir)s/b.js" }
app "p"  { path = "/p" handler = "%(dir)s/p.js" }
app "rest" { handler = "%(dir)s/rest.js" }
"""

def apps(t, daemon, rng):
    """Several apps whose handlers ask nothing: only the server tells them apart."""
    import ports, scratch, socket, subprocess
    d = scratch.folder("zigttpd-cache-")
    for name in ("a", "ap", "b", "p", "rest"):
        with open("%s/%s.js" % (d, name), "w") as f:
            f.write("function handler() { return '%s'; }\n" % name)

    class Pair(Server):
        def __init__(self, *options):
            self.lines = []
            self.port = ports.take()
            self.ctl_path = "%s/%d.ctl" % (d, self.port)
            self.ctl_program = os.path.join(os.path.dirname(os.path.abspath(daemon)), "zigttpctl")
            conf = "%s/%d.conf" % (d, self.port)
            with open(conf, "w") as f:
                f.write(APPS % {"dir": d} % {"port": self.port})
            self.proc = subprocess.Popen([daemon, "-q", "-c", conf, "--control", self.ctl_path, *options], stdin=subprocess.DEVNULL,
                                         stderr=subprocess.PIPE)
            if not self.answers(1):
                raise SystemExit(self.proc.stderr.read().decode())

    cached, plain = Pair(), Pair("--no-cache")
    hosts = ["a.test", "A.TEST", "a.test:80", "a.test.", "b.test", "B.test:99", "c.test", "", "a.test.evil", "xa.test", "[::1]:80"]
    paths = ["", "p", "p/", "p/x", "px", "%70", "%70/x", "P", "p%2Fx", "./p", "p?x", "?p", "p/../q", "%2570"]
    forms = ["", "http://a.test", "http://b.test", "http://c.test"]
    plan = [get("", host=h, absolute=f) + (p,) for h in hosts for p in paths for f in forms] * 3
    rng.shuffle(plan)
    x, y = Asker(cached), Asker(plain)
    wrong = hits = 0
    for target, headers, how, path in plan:
        wire = raw(path, (target, headers, how))
        r, q = x.ask(wire), y.ask(wire)
        hits += r.hit
        if not same(r, q):
            wrong += 1
            print("apps: %r: cached %r, plain %r" % (wire[0], r.body, q.body))
    t.check(wrong == 0 and hits > len(plan) / 5, "apps: %d wrong, %d hits of %d" % (wrong, hits, len(plan)))
    print("five apps: %d requests, %d hits" % (len(plan), hits))
    cached.stop()
    plain.stop()

def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("daemon")
    ap.add_argument("-v", action="store_true")
    ap.add_argument("-k", default="")
    ap.add_argument("-r", type=int, default=int(os.environ.get("EVADE_ROUNDS", "2")))
    ap.add_argument("-s", type=int, default=int(time.time()))
    a = ap.parse_args()
    rng = random.Random(a.s)
    t = Score()
    source = open(os.path.join(HERE, "evade.js")).read()
    shapes = {"function": source, "fetch": re.sub(r"^function handler\(", "export default { fetch(", source, flags=re.M) + "};\n"}
    shapes["fetch"] = shapes["fetch"].rstrip().removesuffix("};").rstrip() + "\n};\n"
    for shape, text in shapes.items():
        cached, plain = Server(a.daemon, text, workers=2), Server(a.daemon, text, "--no-cache", workers=2)
        import json
        names = json.loads(Asker(cached).ask(raw("", get())).body)
        pick = lambda l: [n for n in l if a.k in n]
        if shape == "function":
            effects(t, cached, pick(names["effects"]), a.v)
        own = pick(names["inputs"])
        if shape == "fetch" and not a.k:  # what the shape makes a difference to
            own = [n for n in own if re.search(r"url|href|path|copied|cloned|method|body|getter|thenable|kept", n, re.I)]
        inputs(t, cached, plain, own, a.r, a.v, rng)
        lost = cached.json("status")["deaths"] + plain.json("status")["deaths"]
        t.check(lost == 0, "%d workers died" % lost)
        for s in (cached, plain):
            s.stop()
    apps(t, a.daemon, rng)
    print("seed %d" % a.s)
    t.end()

main()
