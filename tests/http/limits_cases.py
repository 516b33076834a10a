#!/usr/bin/env python3
"""limits_cases.py: what a real zigttpd does to slow, silent and too many clients; old
requests; CORS; keys that take too long; health while it leaves. Times are lower bounds and generous upper
ones: nothing here measures speed."""
import os
import signal
import socket
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import daemon
from daemon import Daemon, ask, check, connect, ended, get, read, status

daemon.HANDLER = """
function handler(request) {
  if (request.path === "/burn") { // asked for with POST, so that no cache answers
    let n = 0;
    for (let i = 0; i < Number(request.query.n); i++) n += i % 7;
    return "burnt";
  }
  if (request.path === "/big") return "x".repeat(12000000);
  if (request.path === "/own") return new Response("x", { headers: { "Access-Control-Allow-Origin": "https://a" } });
  return "plain";
}
"""


def dribble(s, data, gap, limit):
    """Sends byte by byte until an answer comes; seconds until then."""
    began = time.monotonic()
    s.settimeout(gap)
    for i in range(int(limit / gap)):
        try:
            s.sendall(data[i % len(data):i % len(data) + 1])
        except OSError:
            pass
        try:
            if s.recv(1, socket.MSG_PEEK):
                return time.monotonic() - began
        except TimeoutError:
            continue
        except OSError:
            break
    return time.monotonic() - began


def slow_clients():
    d = Daemon(2, "-s", "limits.head_timeout=1s", "-s", "limits.body_grace=1s", "-s", "limits.body_rate=2000",
               "-s", "limits.keep_alive=1s")
    results = {}

    def run(name, before, data, gap):
        s = connect(d.port)
        s.sendall(before)
        t = dribble(s, data, gap, 8) if data else None
        began = time.monotonic()
        a = read(s)
        results[name] = (status(a), t if t is not None else time.monotonic() - began, ended(s, 8))
        s.close()

    post = b"POST / HTTP/1.1\r\nHost: a\r\n"
    cases = [("a head without end", b"GET / HTTP/1.1\r\nHost: a\r\n", b"X: y\r\n", 0.05),
             ("a head that stops", b"GET / HTTP/1.1\r\nHo", None, 0),
             ("a body that stops", post + b"Content-Length: 1000\r\n\r\nabc", None, 0),
             ("a body that trickles", post + b"Content-Length: 100000\r\n\r\n", b"z", 0.05),
             ("chunks that stop", post + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhel", None, 0),
             ("chunks that trickle", post + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nz\r\n", 0.05)]
    threads = [threading.Thread(target=run, args=c) for c in cases]
    idle = connect(d.port)
    ok_idle = status(ask(idle)) == 200
    silent = connect(d.port)
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    for name, *_ in cases:
        code, took, closed = results.get(name, (0, 0, False))
        check(code == 408 and closed and took > 0.8, f"{name}: 408, then closed", f"{code} after {took:.1f} s, {closed}")
    check(ok_idle and ended(idle), "an idle connection is closed")
    check(ended(silent), "a connection that never said anything is closed")
    fast = connect(d.port)
    fast.sendall(post + b"Content-Length: 20000\r\n\r\n")
    for _ in range(20):
        fast.sendall(b"z" * 1000)
        time.sleep(0.1)
    check(status(read(fast)) == 200, "a body that takes 2 s at 10 kB/s is taken")
    d.stop()


def slow_readers():
    """Who takes less than write_stall and send_rate together ask for is left."""
    def run(port, name, chunk, gap):
        s = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
        s.connect(("127.0.0.1", port))
        s.sendall(b"GET /big HTTP/1.1\r\nHost: a\r\n\r\n")
        began, left = time.monotonic(), False
        s.settimeout(5)
        # bytes that have been sent may be read after the end: it is our own writing
        # that tells
        while not left and time.monotonic() - began < 6:
            time.sleep(gap)
            try:
                if chunk:
                    left = s.recv(chunk) == b""
                s.send(b"\r\n")
            except OSError:
                left = True
        results[name] = (left, time.monotonic() - began)
        s.close()

    results = {}
    for io in ("uring", "epoll"):
        slow, plain = (Daemon(2, "--io", io, "-s", "limits.write_stall=1s", "-s", f"limits.send_rate={rate}")
                       for rate in (150000, 500))
        cases = [(slow.port, "nothing is read", 0, 0.1, True), (slow.port, "20 kB/s where 150 are asked for", 2000, 0.1, True),
                 (slow.port, "1 MB/s where 150 kB/s are asked for", 20000, 0.02, False),
                 (plain.port, "20 kB/s", 2000, 0.1, False), (plain.port, "nothing is read at all", 0, 0.1, True)]
        threads = [threading.Thread(target=run, args=c[:4]) for c in cases]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        for _, name, _, _, ends in cases:
            left, took = results.get(name, (None, 0))
            check(left == ends and (took > 0.8 or not ends), f"{io}: {name}: {'given up' if ends else 'served on'}",
                  f"{left} after {took:.1f} s")
        slow.stop()
        plain.stop()


def too_many():
    d = Daemon(3, "-s", "limits.connections_per_ip=10")
    time.sleep(0.2)
    held = [connect(d.port) for _ in range(10)]
    check([status(ask(s)) for s in held] == [200] * 10, "ten connections of one address")
    with connect(d.port) as s:
        a = ask(s)
        check(status(a) == 503 and b"Retry-After" in a and ended(s), "the eleventh: 503 and closed", a)
    held.pop().close()
    ok = 0
    for _ in range(40):  # the workers must have seen the end
        if status(get(d.port)) == 200:
            ok = 1
            break
        time.sleep(0.05)
    check(ok, "one leaves: the next is let in")
    for s in held:
        s.close()
    time.sleep(0.3)
    silent = [connect(d.port) for _ in range(10)]
    time.sleep(1.5)
    check(status(get(d.port)) == 503, "silent connections count")
    for s in silent:
        s.close()
    time.sleep(0.3)
    codes, kept, lock = [], [], threading.Lock()

    def burst():
        s = connect(d.port)
        code = status(ask(s))
        with lock:
            codes.append(code)
            kept.append(s)

    threads = [threading.Thread(target=burst) for _ in range(40)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    check(codes.count(200) <= 10 and set(codes) == {200, 503}, "forty at once: never more than ten",
          f"{codes.count(200)} of {codes}")
    for s in kept:
        s.close()
    time.sleep(0.3)
    check(status(get(d.port)) == 200, "all left: served again")
    check(d.stop() == 0, "exit 0")


def old_requests():
    d = Daemon(1, "-s", "limits.queue_age=200ms")
    n = 2000000
    while True:  # long enough for this machine
        began = time.monotonic()
        a = get(d.port, f"/burn?n={n}", "POST")
        if time.monotonic() - began > 0.7 or status(a) != 200 or n > 1 << 31:
            break
        n *= 2
    time.sleep(0.3)
    kept = [connect(d.port) for _ in range(5)]
    for s in kept:
        ask(s)
    burner = connect(d.port)
    burner.sendall(f"POST /burn?n={n} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
    time.sleep(0.1)
    for s in kept:
        s.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    fresh = [connect(d.port) for _ in range(5)]
    for s in fresh:
        s.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    check(status(read(burner)) == 200, "a handler that takes its time", a)
    began = time.monotonic()
    answers = [read(s) for s in kept + fresh]
    took = time.monotonic() - began
    check(all(status(a) == 503 and b"Retry-After: 1\r\n" in a for a in answers),
          "requests that waited longer than queue_age: 503, Retry-After", [status(a) for a in answers])
    print(f"# all ten answered {took * 1000:.1f} ms after it")
    check([status(ask(s)) for s in kept + fresh] == [200] * 10, "the same connections are served afterwards")
    check(status(get(d.port, f"/burn?n={n}", "POST")) == 200, "a long handler alone is no old request")
    d.stop()


def cors():
    d = Daemon(1, "--cors")
    star = b"\r\nAccess-Control-Allow-Origin: *\r\n"
    a = get(d.port, "/x", "OPTIONS", "Origin: https://b\r\nAccess-Control-Request-Method: PUT\r\n"
                                     "Access-Control-Request-Headers: x-a, authorization\r\n")
    check(status(a) == 204 and star in a and b"Access-Control-Allow-Headers: x-a, authorization\r\n" in a and
          b"PUT" in a and b"Access-Control-Max-Age" in a, "preflight: 204", a)
    a = get(d.port, "/x", "OPTIONS", "Origin: https://b\r\n")
    check(status(a) == 200 and a.endswith(b"plain"), "OPTIONS without a question goes to the handler", a)
    check(star in get(d.port), "responses allow every origin")
    a = get(d.port, "/own")
    check(a.lower().count(b"access-control-allow-origin") == 1 and b"https://a" in a, "a handler's own header stays", a)
    a = get(d.port, "/", "NONE")
    check(status(a) == 501 and star in a, "errors as well", a)
    d.stop()
    d = Daemon(1)
    a = get(d.port, "/x", "OPTIONS", "Origin: https://b\r\nAccess-Control-Request-Method: PUT\r\n")
    check(status(a) == 200 and b"Access-Control" not in a, "without --cors nothing of it", a)
    d.stop()


def large_keys():
    plain, daemon.HANDLER = daemon.HANDLER, """
async function handler(request) {
  const e = new Uint8Array([1, 0, 1]), modulusLength = Number(request.query.bits);
  const pair = await crypto.subtle.generateKey({ name: "RSA-PSS", hash: "SHA-256", modulusLength, publicExponent: e }, false, ["sign"]);
  return pair.privateKey.algorithm.modulusLength + "";
}
"""
    d = Daemon(1, "-s", "limits.handler_timeout=200ms", ready=b"HTTP/1.1 ")
    for bits in 8192, 1024, 8192:
        began = time.monotonic()
        a = get(d.port, f"/?bits={bits}")
        took = time.monotonic() - began
        check(status(a) == (504 if bits == 8192 else 200) and took < 3, f"a key of {bits} bits: ended by its deadline or made", f"{took:.2f} s, {a}")
    d.stop()
    daemon.HANDLER = plain


def leaving():
    d = Daemon(1, "-s", "health.health=/live", "-s", "health.ready=/able")
    check(status(get(d.port, "/live")) == 200 and get(d.port, "/_health").endswith(b"plain"), "names of health pages")
    check(status(get(d.port, "/able")) == 200, "ready")
    kept = [connect(d.port) for _ in range(2)]
    for s in kept:
        ask(s)
    burner = connect(d.port)
    burner.sendall(b"POST /burn?n=3000000 HTTP/1.1\r\nHost: a\r\n\r\n")
    d.proc.send_signal(signal.SIGTERM)
    time.sleep(0.03)
    a, b = ask(kept[0], "/able"), ask(kept[1], "/live")
    check(status(a) == 503 and b"Connection: close\r\n" in a, "not ready while it leaves", a)
    check(status(b) == 200 and b"Connection: close\r\n" in b, "alive while it leaves", b)
    check(status(read(burner)) == 200, "requests under way are finished")
    check(d.stop() == 0, "exit 0")


for test in (slow_clients, slow_readers, too_many, old_requests, cors, large_keys, leaving):
    if len(sys.argv) < 2 or test.__name__ in sys.argv[1:]:
        test()
daemon.finish()
