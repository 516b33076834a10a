#!/usr/bin/env python3
"""shapes.py: a worker's memory over keep-alive requests of every shape of response.

    shapes.py ZIGTTPD     FLAT_REQUESTS=10000000 for the long form (60000)

One worker with its response cache and one without. Requests go out in batches
over several connections; now and then a connection is reset in the midst of a
response. Between a fifth of the way and the end, the worker at rest, its memory
may grow by 2 %, which is less than a byte a request in the long form. Pages of
files count there only: in a short run some are touched for the first time late."""
import os, re, signal, socket, struct, subprocess, sys, time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
import ports, scratch

HANDLER = """
const big = "0123456789abcdef".repeat(4096);
function handler(r) {
  switch (r.path) {
    case "/empty": return "";
    case "/null": return new Response(null);
    case "/text": return "some text";
    case "/object": return { a: 1, b: [1, 2, 3], q: r.query.q };
    case "/none": return new Response(null, { status: 204 });
    case "/missing": return Response.json({ error: 1 }, { status: 404 });
    case "/html": return Response.html("<p>" + r.headers.get("x-a") + "</p>");
    case "/redirect": return Response.redirect("/text", 302);
    case "/headers": return new Response("h", { headers: { "X-One": "1", "X-Two": "2", "Set-Cookie": "a=b" } });
    case "/big": return big;
    case "/throw": throw new Error("on purpose");
    case "/async": return (async () => { await null; return Response.json({ t: Date.now() > 0 }); })();
    case "/echo": return r.json().then((v) => Response.json(v));
    case "/tree": { const t = []; for (let i = 0; i < 50; i++) t.push({ i, s: "x" + i }); return Response.json(t); }
    case "/random": return String(Math.random() < 2);
  }
}
"""

def req(method, path, body=b"", *lines):
    head = "%s %s HTTP/1.1\r\nHost: t\r\n" % (method, path) + "".join(l + "\r\n" for l in lines)
    if body and not any("chunked" in l for l in lines):
        head += "Content-Length: %d\r\n" % len(body)
    return (head + "\r\n").encode() + body

SHAPES = [req("GET", p) for p in ("/empty", "/null", "/text", "/object?q=1", "/object?q=2", "/none", "/missing", "/html",
                                  "/redirect", "/headers", "/async", "/tree", "/random", "/files/small.txt",
                                  "/files/absent.txt", "/_health")] + [
    req("HEAD", "/text"), req("HEAD", "/object"), req("GET", "/html", b"", "X-A: 7"),
    req("GET", "/text", b"", "If-None-Match: *"), req("GET", "/files/small.txt", b"", "Range: bytes=0-3"),
    req("GET", "/object?q=3", b"", "Accept-Encoding: gzip"), req("GET", "/tree", b"", "Accept-Encoding: gzip"),
    req("POST", "/echo", b'{"a":[1,2,{"b":null}]}'), req("POST", "/echo", b'5\r\n{"a":\r\n2\r\n1}\r\n0\r\n\r\n', "Transfer-Encoding: chunked"),
    req("OPTIONS", "/text"), req("GET", "/throw"), req("GET", "/big"),
]
BATCH = b"".join(SHAPES)

def memory(pid):
    """kB: resident, and of it what is no file's: anonymous, and shared as the cache is."""
    rss = own = 0
    for line in open("/proc/%d/smaps" % pid):
        name, *rest = line.split()
        if "-" in name:
            shared = rest[-1] == "(deleted)"
        elif name == "Rss:":
            rss += int(rest[0])
            own += int(rest[0]) if shared else 0
        elif name == "Anonymous:":
            own += int(rest[0])
    return rss, own

def at_rest(pid):
    time.sleep(2.2)  # two ticks: what requests took is kept for the next ones for a second
    return memory(pid)

def descendants(pid):
    found = []
    for c in open("/proc/%d/task/%d/children" % (pid, pid)).read().split():
        found += [int(c)] + descendants(int(c))
    return found

def worker_of(pid):
    """The listener is there before the worker is."""
    for _ in range(200):
        for p in descendants(pid):
            if re.search(r"-w\d", open("/proc/%d/comm" % p).read()):
                return p
        time.sleep(0.02)
    sys.exit("no worker starts")

def run(daemon, total, options):
    tmp = scratch.folder("zigttpd-flat-")
    open(tmp + "/small.txt", "w").write("0123456789")
    open(tmp + "/h.js", "w").write(HANDLER)
    port = ports.take()
    proc = subprocess.Popen([daemon, "-q", "-n", "1", "-p", str(port), "--static", "/files=" + tmp, *options, tmp + "/h.js"],
                            stderr=subprocess.DEVNULL)
    for _ in range(200):
        try:
            socks = [socket.create_connection(("127.0.0.1", port), 10) for _ in range(8)]
            break
        except OSError:
            time.sleep(0.05)
    worker = worker_of(proc.pid)
    sent, samples, began, aborts = 0, [], time.time(), 0
    while sent < total:
        for s in socks:
            s.sendall(BATCH)
        for i, s in enumerate(socks):
            if (sent // len(SHAPES)) % 997 == i:  # once in a while: a reset in the midst of it
                s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                s.close()
                socks[i] = socket.create_connection(("127.0.0.1", port), 10)
                aborts += 1
                continue
            left, tail = len(SHAPES), b""
            while left > 0:
                d = s.recv(1 << 18)
                if not d:
                    sys.exit("the server closed a connection")
                left -= (tail + d).count(b"HTTP/1.1 ")
                tail = d[-8:]
            while not d.endswith(b"cdef"):  # the last shape's body
                d = s.recv(1 << 18)
        sent += len(SHAPES) * len(socks)
        if sent * 20 // total > len(samples):
            samples.append(at_rest(worker) if len(samples) in (3, 19) else memory(worker))
    seconds = time.time() - began
    proc.send_signal(signal.SIGTERM)
    code = proc.wait(40)
    (early_rss, early), (late_rss, late) = samples[3], samples[-1]
    ok = late <= early + early_rss // 50 and (late_rss <= early_rss + early_rss // 50 or total < 1000000) and code == 0
    print("# %s: %d requests in %.0f s, %d resets; RSS kB %s" % (" ".join(options) or "with cache", sent, seconds, aborts,
                                                             " ".join(str(r) for r, _ in samples)))
    print("%sok flat %s: %d kB after a fifth, %d at the end; without files' pages %d, %d"
          % ("" if ok else "not ", " ".join(options) or "with cache", early_rss, late_rss, early, late))
    return ok

def main():
    total = int(os.environ.get("FLAT_REQUESTS", "60000"))
    good = [run(sys.argv[1], total, o) for o in ([], ["--no-cache"])]
    print("%d passed, %d failed" % (sum(good), len(good) - sum(good)))
    sys.exit(0 if all(good) else 1)

main()
