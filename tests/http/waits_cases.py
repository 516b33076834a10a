#!/usr/bin/env python3
"""waits_cases.py: handlers that wait and responses that are streams, on a real zigttpd
with both of its backends: deadlines, clients that leave, readers that are slow, what
of it stays behind. Nothing here measures speed; WAITS_LONG=1 leaves a thousand times."""
import os
import socket
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import daemon
from daemon import Daemon, ask, check, connect, get, read, status

daemon.NAME = "handler.mjs"
daemon.HANDLER = """
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const bytes = (s) => new TextEncoder().encode(s);
let count = 0, timers = 0;

// As much of a ReadableStream as a response asks of one.
const stream = (pieces) => ({ getReader() {
  const it = pieces();
  return { read: () => it.next(), cancel: async (why) => console.log("cancelled: " + why.name) };
} });
async function* numbers(n, ms) {
  for (let i = 0; i < n; i++) {
    yield bytes(i + ";");
    if (ms) await sleep(ms);
  }
}
async function* blocks(n) {
  const block = new Uint8Array(65536).fill(120);
  for (let i = 0; i < n; i++) yield block;
}
async function* burns(n) {
  for (let i = 0; i < n; i++) {
    for (const t = performance.now(); performance.now() - t < 7;);
    yield bytes("z".repeat(30000));
  }
}
async function* fails(after) {
  for (let i = 0; i < after; i++) { yield bytes("part"); await sleep(20); }
  throw new Error("broken off");
}

export default async function (request) {
  const q = request.query, n = Number(q.n || 5), ms = Number(q.ms || 0);
  switch (request.path) {
  case "/sleep": { const t = Date.now(); count++; await sleep(ms); return { count, slept: Date.now() - t >= ms - 1 }; }
  case "/same": await sleep(1); return "same";
  case "/forever": await new Promise(() => setInterval(() => {}, 20)); return "";
  case "/never": return await new Promise(() => {});
  case "/late": setTimeout(() => { timers++; console.log("a timer outlived its request"); }, 30); return "left " + timers;
  case "/throws": setTimeout(() => { throw new Error("in a timer"); }, 1); await sleep(20); return "went on";
  case "/leaves":
    request.signal.addEventListener("abort", () => console.log("signal: " + request.signal.reason.name));
    await sleep(ms);
    return "nobody reads this";
  case "/numbers": return new Response(stream(() => numbers(n, ms)), { headers: { "content-type": "text/plain" } });
  case "/blocks": return new Response(stream(() => blocks(n)));
  case "/burns": return new Response(stream(() => burns(n)));
  case "/fails": return new Response(stream(() => fails(n)));
  case "/stuck": return new Response(stream(async function* () { yield bytes("x"); await sleep(5); await new Promise(() => {}); }));
  default: return "plain";
  }
}
"""

UPLOADS = """
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
export default { async fetch(request) {
  if (request.body === null) return new Response("no body");
  let n = 0;
  switch (new URL(request.url).pathname) {
  case "/count": for await (const c of request.body) n += c.length; return Response.json({ n });
  case "/slow": for await (const c of request.body) { n += c.length; await sleep(10); } return Response.json({ n });
  case "/text": return Response.json({ n: (await request.text()).length });
  case "/json": return Response.json({ n: (await request.json()).length });
  case "/echo": return new Response(request.body);
  default: return new Response("unread");
  }
} };
"""


def all_of(s, wait=10):
    """Everything until the end; the exception that was the end, if it was one."""
    s.settimeout(wait)
    got = b""
    try:
        while True:
            b = s.recv(65536)
            if not b:
                return got, None
            got += b
    except OSError as e:
        return got, e


def ask_all(d, path, version="1.1", method="GET"):
    with connect(d.port) as s:
        s.sendall(f"{method} {path} HTTP/{version}\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
        return all_of(s)


def dechunk(body):
    """Data and whether the last chunk came."""
    data = b""
    while body:
        line, sep, body = body.partition(b"\r\n")
        n = int(line, 16) if sep else 0
        if n == 0:
            return data, sep and body == b"\r\n"
        data, body = data + body[:n], body[n + 2:]
    return data, False


def log_of(d):
    d.log.flush()
    with open(d.log.name, "rb") as f:
        return f.read()


def logged(d, text, wait=5):
    end = time.monotonic() + wait
    while time.monotonic() < end:
        if text in log_of(d):
            return True
        time.sleep(0.02)
    return False


def children(d):
    """Processes of the daemon, itself included."""
    found = {d.proc.pid}
    for _ in range(3):
        for p in os.listdir("/proc"):
            try:
                with open(f"/proc/{p}/stat", "rb") as f:
                    if int(f.read().rpartition(b")")[2].split()[1]) in found:
                        found.add(int(p))
            except (OSError, ValueError):
                pass
    return found


def fds(d):
    n = 0
    for p in children(d):
        try:
            n += len(os.listdir(f"/proc/{p}/fd"))
        except OSError:
            pass
    return n


def resident(d):
    """KiB of the largest process."""
    most = 0
    for p in children(d):
        try:
            with open(f"/proc/{p}/statm") as f:
                most = max(most, int(f.read().split()[1]) * 4)
        except OSError:
            pass
    return most


def waiting(io):
    d = Daemon(4, "--io", io, "-s", "limits.handler_timeout=400ms")
    a = get(d.port, "/sleep?ms=30")
    check(b'"slept":true' in a and b'"count":1' in a, f"{io}: a timer, and the clock moved", a)
    a = get(d.port, "/sleep?ms=5")
    check(b'"count":1' in a, f"{io}: what a waiting request changed is undone", a)
    check(b"same" in get(d.port, "/same") and b"X-Zigttp-Proof-Cache: hit" not in get(d.port, "/same"),
          f"{io}: what waited is not kept")
    a = get(d.port, "/forever")
    check(status(a) == 504 and logged(d, b"took longer than 0.4 s"), f"{io}: waiting ends at the deadline", a)
    check(status(get(d.port, "/never")) == 500 and logged(d, b"never settles"), f"{io}: nothing to wait for")
    for _ in range(4):
        a = get(d.port, "/late")
        check(a.endswith(b"left 0"), f"{io}: timers end with their request", a)
    time.sleep(0.05)
    check(b"outlived" not in log_of(d), f"{io}: no timer of an ended request runs")
    check(get(d.port, "/throws").endswith(b"went on") and logged(d, b"Error: in a timer"), f"{io}: a timer that throws")

    check(d.stop() == 0, f"{io}: exit 0")

    d = Daemon(4, "--io", io)
    # Three of four workers wait; connections that these have are served by the fourth.
    kept = [connect(d.port) for _ in range(24)]
    for s in kept:
        ask(s)
    slow = [connect(d.port) for _ in range(3)]
    for s in slow:
        s.sendall(b"GET /sleep?ms=2500 HTTP/1.1\r\nHost: a\r\n\r\n")
    began = time.monotonic()
    done = [status(ask(s)) for s in kept for _ in range(3)]
    took = time.monotonic() - began
    check(done == [200] * 72 and took < 2.4, f"{io}: others are served meanwhile", f"{took:.3f} s, {set(done)}")
    check(all(status(read(s)) == 200 for s in slow), f"{io}: and those that waited are")

    s = connect(d.port)
    s.sendall(b"GET /sleep?ms=20 HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"
              b"GET /sleep?ms=1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    got, _ = all_of(s)
    check(got.count(b"HTTP/1.1 200") == 3 and got.index(b"plain") > got.index(b"slept"), f"{io}: requests behind one that waits", got)

    for s in [connect(d.port) for _ in range(3)]:
        s.sendall(b"GET /leaves?ms=300 HTTP/1.1\r\nHost: a\r\n\r\n")
        time.sleep(0.05)
        s.close()
    check(logged(d, b"signal: AbortError") and logged(d, b"GET /leaves?ms=300 499"), f"{io}: a client leaves", log_of(d)[-500:])
    check(d.stop() == 0, f"{io}: exit 0")


def streaming(io):
    d = Daemon(3, "--io", io, "-s", "limits.handler_timeout=1s")
    got, _ = ask_all(d, "/numbers?n=8")
    head, _, body = got.partition(b"\r\n\r\n")
    check(b"Transfer-Encoding: chunked" in head and b"Content-Length" not in head, f"{io}: a stream is chunked", head)
    check(dechunk(body) == (b"0;1;2;3;4;5;6;7;", True), f"{io}: all pieces", body)
    got, _ = ask_all(d, "/numbers?n=12&ms=100")
    check(dechunk(got.partition(b"\r\n\r\n")[2])[1], f"{io}: a stream outlasts handler_timeout while it goes on", got[-80:])
    with connect(d.port) as s:
        s.sendall(b"GET /numbers?n=3&ms=100 HTTP/1.1\r\nHost: a\r\n\r\n")
        s.settimeout(5)
        first = s.recv(65536)
        while b"0;" not in first:
            first += s.recv(65536)
        check(b"2;" not in first, f"{io}: pieces are sent as they come", first)
    got, _ = ask_all(d, "/numbers", "1.0")
    head, _, body = got.partition(b"\r\n\r\n")
    check(b"Transfer-Encoding" not in head and body == b"0;1;2;3;4;", f"{io}: HTTP/1.0", got)
    got, _ = ask_all(d, "/numbers", method="HEAD")
    check(b"Transfer-Encoding: chunked" in got and got.endswith(b"\r\n\r\n"), f"{io}: HEAD", got)
    got, _ = ask_all(d, "/fails?n=0")
    check(status(got) == 500 and logged(d, b"Error: broken off"), f"{io}: a stream that fails at once", got)
    got, _ = ask_all(d, "/fails?n=2")
    check(status(got) == 200 and dechunk(got.partition(b"\r\n\r\n")[2]) == (b"partpart", False), f"{io}: …later", got)
    got, e = ask_all(d, "/fails?n=2", "1.0")
    check(isinstance(e, ConnectionResetError), f"{io}: …of HTTP/1.0", (got, e))
    with connect(d.port) as s:
        for _ in range(3):
            s.sendall(b"GET /burns?n=12 HTTP/1.1\r\nHost: a\r\n\r\n")
            got = b""
            while not got.endswith(b"\r\n0\r\n\r\n") and (b := s.recv(65536)):
                got += b
            data, whole = dechunk(got.partition(b"\r\n\r\n")[2])
            check(whole and len(data) == 360000, f"{io}: pieces that take long to make", len(got))
        check(status(ask(s)) == 200, f"{io}: …and the next request")
    got, _ = ask_all(d, "/stuck")
    check(not dechunk(got.partition(b"\r\n\r\n")[2])[1] and logged(d, b"never goes on"), f"{io}: …that never goes on", got)
    check(status(get(d.port)) == 200, f"{io}: the server goes on")
    s = connect(d.port)
    s.sendall(b"GET /numbers?n=2&ms=5 HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    got, _ = all_of(s)
    check(got.count(b"HTTP/1.1 200") == 2 and got.endswith(b"plain"), f"{io}: a request behind a stream", got)
    check(d.stop() == 0, f"{io}: exit 0")


def slow_reader(io):
    d = Daemon(2, "--io", io, "-s", "limits.handler_timeout=1s")
    before = resident(d)
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    s.connect(("127.0.0.1", d.port))
    s.sendall(b"GET /blocks?n=480 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    time.sleep(0.5)
    grown = resident(d) - before
    check(grown < 20000, f"{io}: a slow reader of 30 MB costs {grown} KiB")
    got, total = s.recv(65536), 0
    while got:
        total += len(got)
        got = s.recv(65536)
    check(total > 480 * 65536, f"{io}: it gets all of it", total)

    n = 1000 if os.environ.get("WAITS_LONG") else 40
    for _ in range(3):
        ask_all(d, "/blocks?n=30")
    time.sleep(0.1)
    had, rss = fds(d), resident(d)
    for i in range(n):
        c = connect(d.port)
        c.sendall(b"GET /blocks?n=100000 HTTP/1.1\r\nHost: a\r\n\r\n" if i % 2 else b"GET /numbers?n=10000&ms=5 HTTP/1.1\r\nHost: a\r\n\r\n")
        c.recv(100)
        c.close()
    end = time.monotonic() + 10
    while fds(d) > had and time.monotonic() < end:
        time.sleep(0.05)
    check(fds(d) <= had, f"{io}: {n} clients left in the middle: no descriptor stays", f"{had} then {fds(d)}")
    grown = resident(d) - rss
    check(grown < 2000, f"{io}: nor memory: {grown} KiB")
    check(logged(d, b"499") and status(get(d.port)) == 200, f"{io}: the server goes on")
    check(d.stop() == 0, f"{io}: exit 0")


def post(d, path, body, extra="", pause=0, step=65536):
    """The whole answer, and the first bytes that came before the body was sent."""
    early = b""
    with connect(d.port) as s:
        s.sendall(f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {len(body)}\r\n{extra}\r\n".encode())
        if "100-continue" in extra:
            s.settimeout(5)
            try:
                early = s.recv(1000)
            except TimeoutError:
                pass
            if not early.startswith(b"HTTP/1.1 100"):
                return early + all_of(s, 1)[0], early
        try:
            for i in range(0, len(body), step):
                s.sendall(body[i:i + step])
                time.sleep(pause)
        except OSError:
            pass
        return read(s), early


def uploads(io):
    daemon.HANDLER = UPLOADS
    d = Daemon(2, "--io", io, "-s", "limits.body_grace=1s", "-s", "limits.body_rate=100000", "-s", "limits.body_buffer=64k")
    big, small = b"u" * 700000, b"u" * 3000
    for body in (small, big):
        for path in ("/count", "/text"):
            got, _ = post(d, path, body)
            check(b'"n":%d}' % len(body) in got, f"{io}: {path} of {len(body)} bytes", got)
    got, _ = post(d, "/json", b"[" + b"1," * 200000 + b"2]")
    check(b'"n":200001}' in got, f"{io}: json() waits for the rest", got)
    got, _ = post(d, "/slow", big)
    check(b'"n":700000}' in got, f"{io}: a handler slower than its client", got)
    got, _ = post(d, "/count", big, pause=0.02)
    check(b'"n":700000}' in got, f"{io}: a client slower than its handler", got)
    got, early = post(d, "/count", big, "Expect: 100-continue\r\n")
    check(early.startswith(b"HTTP/1.1 100 ") and b'"n":700000}' in got, f"{io}: 100 Continue when it is read", (early, got))
    got, early = post(d, "/unread", big, "Expect: 100-continue\r\n")
    check(early.startswith(b"HTTP/1.1 200 ") and b"Connection: close" in got, f"{io}: none when it is not", (early, got))
    got, _ = post(d, "/unread", big)
    check(status(got) == 200 and b"Connection: close" in got, f"{io}: a body that nobody reads ends the connection", got)
    with connect(d.port) as s:
        s.sendall(b"POST /count HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(30):
            s.sendall(b"2710\r\n" + b"c" * 10000 + b"\r\n")
            time.sleep(0.002)
        s.sendall(b"0\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        got, _ = all_of(s)
        check(b'"n":300000}' in got and got.endswith(b"no body"), f"{io}: chunked, and a request behind it", got)
        s.close()
    with connect(d.port) as s:
        s.sendall(b"POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n" + b"x" * 100000)
        got = read(s)
        check(status(got) == 500 and logged(d, b"did not arrive"), f"{io}: a client that stops", got)
    for path in ("/count", "/slow"):
        s = connect(d.port)
        s.sendall(b"POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n" % path.encode() + b"x" * 100000)
        time.sleep(0.05)
        s.close()
        check(logged(d, b"POST %s 499" % path.encode()), f"{io}: a client that leaves: {path}")
    with connect(d.port) as s:
        s.sendall(b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\nConnection: close\r\n\r\n" + b"e" * 500000)
        got, _ = all_of(s)
        check(dechunk(got.partition(b"\r\n\r\n")[2]) == (b"e" * 500000, True), f"{io}: echo of a stream", len(got))
    check(status(get(d.port)) == 200, f"{io}: the server goes on")
    check(b"panic" not in log_of(d) and d.stop() == 0, f"{io}: exit 0")


for test in (waiting, streaming, slow_reader, uploads):
    if len(sys.argv) < 2 or test.__name__ in sys.argv[1:]:
        for backend in ("uring", "epoll"):
            test(backend)
daemon.finish()
