#!/usr/bin/env python3
"""run.py [APPLICATION ...]: frameworks from npm, unchanged, must answer in zigttpd what they answer under Node.

Installs what package-lock.json pins below the build directory (as tests/npm/run.py), starts each application
of apps/ in zigttpd and under Node (node_server.mjs), sends both the requests of corpus.py and compares status,
headers and body. Skipped, and says so, where npm, node or the registry are not to be had.
Environment: ZIGTTPD, builddir, NPM_TIMEOUT."""
import http.client, os, shutil, subprocess, sys, time
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, ".."), os.path.join(HERE, "..", "npm"), HERE]
import ports
from corpus import CORPUS
import run as npm  # noqa: E402  tests/npm/run.py

BUILD = os.path.abspath(os.environ.get("builddir", "."))
CACHE = os.path.join(BUILD, "frameworks-cache")
ZIGTTPD = os.path.abspath(os.environ.get("ZIGTTPD", os.path.join(BUILD, "zigttpd")))
# What a server, not the application, says of itself and the connection; and statuses
# that the server makes of an exception have a text of their own.
SERVERS_OWN = ("date", "connection", "keep-alive", "transfer-encoding", "content-length", "etag", "vary", "age", "x-zigttp-proof-cache")


def start(args, port, log):
    p = subprocess.Popen(args, stdout=log, stderr=log, cwd=CACHE)
    for _ in range(300):
        try:
            c = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            c.request("GET", "/")
            c.getresponse().read()
            return p
        except OSError:
            if p.poll() is not None:
                break
            time.sleep(0.03)
    p.kill()
    print(open(log.name, errors="replace").read()[-2000:])
    sys.exit(f"{args[0]} does not start")


def ask(port, host, request):
    method, target, headers, body = request
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    c.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
    data = body.encode() if body is not None else b""
    for k, v in {"Host": host, **headers, **({"Content-Length": str(len(data))} if body is not None else {})}.items():
        c.putheader(k, v)
    c.endheaders(data)
    r = c.getresponse()
    text = r.read()
    c.close()
    keep = sorted((k.lower(), v) for k, v in r.getheaders() if k.lower() not in SERVERS_OWN or (k.lower() == "etag" and target.startswith("/tagged")))
    if r.status == 500 and not any(k == "content-type" for k, _ in keep if text):
        keep, text = [], b""
    return r.status, keep, text


# Under Node h3 answers strings with a Response of its own (package srvx, condition "node"), which
# leaves out the Content-Type that the Fetch standard gives them.
def without_text(answer):
    return answer[0], [x for x in answer[1] if x != ("content-type", "text/plain;charset=UTF-8")], answer[2]


def compare(name, log):
    ours, theirs = ports.take(), ports.take()
    app = os.path.join(CACHE, "apps", name + ".js")
    z = start([ZIGTTPD, "-q", "-n", "2", "-p", str(ours), app], ours, log)
    n = start(["node", os.path.join(CACHE, "node_server.mjs"), app, str(theirs)], theirs, log)
    good = bad = 0
    answers = {}
    try:
        for request in CORPUS[name]:
            body = request[3]
            if body and body.startswith("@"):
                request = (*request[:3], answers["/" + body[1:]].decode())
            a, b = ask(ours, "example.org", request), ask(theirs, "example.org", request)
            answers[request[1]] = a[2]
            if a[0] == b[0] == 500 and a[2] != b[2] and b"Internal" in a[2] + b[2]:
                a = b  # an exception that nobody caught: each server has its own words
            if a == b or (name == "h3" and without_text(a) == b):
                good += 1
                continue
            bad += 1
            print(f"{name}: {request[0]} {request[1]} {(request[3] or '')[:60]!r}\n  node:    {b}\n  zigttpd: {a}")
    finally:
        for p in (z, n):
            p.terminate()
            p.wait()
    print(f"{name}: {good} of {good + bad} answers are the same")
    return good, bad


def main():
    npm.install(int(os.environ.get("NPM_TIMEOUT", "60")), npm.skip, HERE, CACHE)
    shutil.rmtree(os.path.join(CACHE, "apps"), ignore_errors=True)
    shutil.copytree(os.path.join(HERE, "apps"), os.path.join(CACHE, "apps"))
    shutil.copy(os.path.join(HERE, "node_server.mjs"), CACHE)
    good = bad = 0
    with open(os.path.join(CACHE, "log"), "w") as log:
        for name in sys.argv[1:] or CORPUS:
            g, b = compare(name, log)
            good += g
            bad += b
    print(f"{good} passed, {bad} failed")
    sys.exit(bad != 0)


main()
