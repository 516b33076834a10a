#!/usr/bin/env python3
"""fronts.py: other servers in front of zigttpd must never see another number of
requests than zigttpd does.

    fronts.py BUILDDIR [nginx|nginx-stream|haproxy|apache ...]

Starts zigttpd and, one after the other, nginx, HAProxy and Apache httpd as
reverse proxies with kept connections, each with its own configuration in a
temporary directory, on loopback. Every stream of wire_cases.def and
chunk_cases.def is sent through each of them; then FRONTS_MUTATIONS (default 300)
streams made from these by small changes. What the front passed on, by its own
log, must be what zigttpd counted. A server that is not installed is left out,
loudly. Not part of make check: make fronts."""
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
FIRST = int(os.environ.get("FRONTS_PORT", "19700"))
PORTS = range(FIRST, FIRST + 100)
taken = set()


def free_port():
    for p in PORTS:
        if p in taken:
            continue
        with socket.socket() as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                s.bind(("127.0.0.1", p))
            except OSError:
                continue
        taken.add(p)
        return p
    sys.exit("fronts.py: no free port")


def wait_for(port, proc, what):
    for _ in range(100):
        if proc.poll() is not None:
            sys.exit(f"fronts.py: {what} does not start (exit {proc.returncode})")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    sys.exit(f"fronts.py: {what} does not listen")


def stop(proc):
    proc.send_signal(signal.SIGTERM)
    try:
        proc.wait(10)
    except subprocess.TimeoutExpired:
        proc.kill()
        proc.wait()


class Zigttpd:
    def __init__(self, build, tmp):
        self.port, self.metrics = free_port(), free_port()
        self.log = open(os.path.join(tmp, "zigttpd.log"), "wb")
        self.proc = subprocess.Popen(
            [os.path.join(build, "zigttpd"), "-n", "2", "-p", str(self.port),
             "--metrics-listen", f"127.0.0.1:{self.metrics}", os.path.join(HERE, "handler.js")],
            stdout=self.log, stderr=self.log)
        wait_for(self.port, self.proc, "zigttpd")
        wait_for(self.metrics, self.proc, "metrics")

    def count(self):
        """Requests counted so far, refused ones included."""
        with socket.create_connection(("127.0.0.1", self.metrics), 5) as s:
            s.sendall(b"GET /metrics HTTP/1.1\r\nHost: m\r\nConnection: close\r\n\r\n")
            text = b""
            while True:
                b = s.recv(65536)
                if not b:
                    break
                text += b
        rows = re.findall(rb"^zigttpd_requests_total\{[^}]*\} (\d+)", text, re.M)
        if not rows:
            sys.exit("fronts.py: no zigttpd_requests_total in /metrics")
        return sum(map(int, rows))


class Front:
    """A server in front. count() is the number of requests it passed on."""

    def start(self, tmp, back):
        self.dir = os.path.join(tmp, self.name)
        os.mkdir(self.dir)
        self.port = free_port()
        self.log = os.path.join(self.dir, "access.log")
        open(self.log, "w").close()
        conf = os.path.join(self.dir, "conf")
        with open(conf, "w") as f:
            f.write(self.conf(back))
        self.err = open(os.path.join(self.dir, "stderr"), "wb")
        self.proc = subprocess.Popen(self.command(conf), stdout=self.out(), stderr=self.err, cwd=self.dir)
        wait_for(self.port, self.proc, self.name)

    def out(self):
        return self.err

    def count(self):
        n = 0
        with open(self.log, "rb") as f:
            for line in f:
                n += line.startswith(b"passed ")
        return n


class Nginx(Front):
    name, program, buffering = "nginx", "nginx", "on"

    def command(self, conf):
        return [self.path, "-p", self.dir, "-c", conf]

    def conf(self, back):
        return f"""
daemon off; master_process off; pid {self.dir}/pid; error_log {self.dir}/error.log;
events {{ worker_connections 256; }}
http {{
    client_body_temp_path {self.dir}/b; proxy_temp_path {self.dir}/p; fastcgi_temp_path {self.dir}/f;
    uwsgi_temp_path {self.dir}/u; scgi_temp_path {self.dir}/s;
    map $upstream_addr $way {{ default passed; "" kept; "-" kept; }}
    log_format f '$way $status $upstream_status $request';
    access_log {self.log} f;
    upstream back {{ server 127.0.0.1:{back}; keepalive 8; }}
    server {{
        listen 127.0.0.1:{self.port};
        ignore_invalid_headers off; underscores_in_headers on; merge_slashes off;
        large_client_header_buffers 4 64k;
        location / {{
            proxy_pass http://back; proxy_http_version 1.1; proxy_set_header Connection "";
            proxy_set_header Host $http_host; proxy_next_upstream off; proxy_request_buffering {self.buffering};
        }}
    }}
}}
"""


class NginxStream(Nginx):
    """Bodies are passed on while they arrive, in chunks as they came."""
    name, buffering = "nginx-stream", "off"


class Haproxy(Front):
    name, program = "haproxy", "haproxy"

    def command(self, conf):
        return [self.path, "-db", "-f", conf]

    def out(self):
        return open(self.log, "ab")

    def conf(self, back):
        return f"""
global
    maxconn 256
    log stdout format raw local0
defaults
    mode http
    log global
    option http-keep-alive
    option http-buffer-request
    http-reuse always
    retries 0
    timeout connect 5s
    timeout client 10s
    timeout server 10s
    timeout http-request 2s
    # the address of the server is there only when one was chosen
    log-format "%[bc_src,iif(passed,kept)] %ST %si %{{+Q}}r"
frontend front
    bind 127.0.0.1:{self.port}
    option accept-invalid-http-request
    default_backend back
backend back
    server s 127.0.0.1:{back}
"""

    def count(self):
        n = 0
        with open(self.log, "rb") as f:
            for line in f:
                m = re.match(rb"\S* ?(-?\d+) (\S+) ", line)
                n += bool(m) and m.group(2) == b"127.0.0.1"
        return n


class Apache(Front):
    name, program = "apache", "apache2"

    def command(self, conf):
        return [self.path, "-d", self.dir, "-f", conf, "-DFOREGROUND"]

    def conf(self, back):
        lib = "/usr/lib/apache2/modules"
        return f"""
ServerName front
PidFile {self.dir}/pid
DefaultRuntimeDir {self.dir}
ErrorLog {self.dir}/error.log
Listen 127.0.0.1:{self.port}
LoadModule mpm_event_module {lib}/mod_mpm_event.so
LoadModule authz_core_module {lib}/mod_authz_core.so
LoadModule proxy_module {lib}/mod_proxy.so
LoadModule proxy_http_module {lib}/mod_proxy_http.so
StartServers 1
ServerLimit 1
ThreadsPerChild 16
MaxRequestWorkers 16
MinSpareThreads 1
MaxSpareThreads 16
User nobody
Group nogroup
ProxyPreserveHost On
AllowEncodedSlashes NoDecode
LogFormat "%{{proxy-source-port}}n %>s %r" f
CustomLog {self.log} f
ProxyPass "/" "http://127.0.0.1:{back}/" nocanon retry=0 keepalive=On
"""

    def count(self):
        n = 0
        with open(self.log, "rb") as f:
            for line in f:
                n += line[:1].isdigit()
        return n


def send(port, data):
    """The statuses that came back."""
    got = b""
    with socket.create_connection(("127.0.0.1", port), 5) as s:
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            s.sendall(data)
            s.settimeout(0.06)
            while True:
                b = s.recv(65536)
                if not b:
                    break
                got += b
        except (TimeoutError, ConnectionError):
            pass
    return re.findall(rb"HTTP/1\.[01] (\d\d\d)", got)


def settled(count, least):
    """count(), once it has stood still for a moment, or reached `least`."""
    last, since = count(), time.monotonic()
    while time.monotonic() - since < 0.04 and last < least:
        time.sleep(0.008)
        now = count()
        if now != last:
            last, since = now, time.monotonic()
    return last


def streams(build):
    """name, whether the last request may be unfinished, bytes"""
    for test in ("wire_test", "chunk_test"):
        out = subprocess.run([os.path.join(build, "tests/http", test), "--list"],
                             check=True, stdout=subprocess.PIPE).stdout
        for line in out.decode().splitlines():
            name, expected, data = line.split("\t")
            yield f"{test[:-5]}: {name}", "wait" in expected.split(), bytes.fromhex(data)


PIECES = [b"\r", b"\n", b"\r\n", b" ", b"\t", b"\0", b"\x0b", b"0", b"00", b"0x", b";", b";a=b", b",", b":", b"_", b"-",
          b"\r\n\r\n", b"0\r\n\r\n", b"chunked", b"Content-Length: 5\r\n", b"Content-Length: 0\r\n",
          b"Transfer-Encoding: chunked\r\n", b"GET /text HTTP/1.1\r\nHost: a\r\n\r\n", b"\xa0", b"\xff", b"HTTP/1.0", b"hello"]


def mutations(cases, n, seed):
    rnd = random.Random(seed)
    for i in range(n):
        name, _, data = rnd.choice(cases)
        b = bytearray(data)
        for _ in range(rnd.randint(1, 3)):
            at = rnd.randrange(len(b) + 1)
            how = rnd.randrange(4)
            if how == 0:
                b[at:at] = rnd.choice(PIECES)
            elif how == 1 and b:
                del b[at:at + rnd.randint(1, 4)]
            elif how == 2 and b:
                k = rnd.randrange(len(b))
                b[at:at] = b[k:k + rnd.randint(1, 40)]
            elif at < len(b):
                b[at] = rnd.randrange(256)
        yield f"mutation {i} of {name}", True, bytes(b)


def compare(front, back, seen, unfinished, data):
    """None, or what differs. Adds to seen what was counted."""
    z0, f0 = back.count(), front.count()
    statuses = send(front.port, data)
    f = settled(front.count, 1 << 60) - f0
    z = settled(back.count, z0 + f) - z0
    seen[0] += z
    # A front that streams passes on the head of what it waits for in vain.
    if z == f or (z < f and (unfinished or len(statuses) <= z)):
        return None
    return f"front passed on {f}, zigttpd saw {z} (answers: {b' '.join(statuses).decode()})"


def drive(front, back, cases, mutated):
    bad = passed = 0
    seen, began = [0], back.count()
    for name, unfinished, data in cases + mutated:
        before = front.count()
        text = compare(front, back, seen, unfinished, data)
        if text:  # a kept connection that was just closed, a late line: once more
            time.sleep(0.3)
            text = compare(front, back, seen, unfinished, data)
        if text:
            bad += 1
            print(f"not ok {front.name}: {name}: {text}\n#  {data!r}")
        passed += front.count() - before
    time.sleep(0.5)
    if back.count() - began != seen[0]:
        bad += 1
        print(f"not ok {front.name}: {back.count() - began} requests in all, {seen[0]} at their time")
    print(f"{'not ' * (bad != 0)}ok {front.name}: {len(cases)} streams and {len(mutated)} mutations, {passed} requests passed on, {bad} differences")
    return bad


def main():
    build = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("builddir", ".")
    wanted = sys.argv[2:]
    tmp = tempfile.mkdtemp(prefix="fronts.")
    os.chmod(tmp, 0o755)
    cases = list(streams(build))
    seed = int(os.environ.get("FRONTS_SEED", "1"))
    mutated = list(mutations(cases, int(os.environ.get("FRONTS_MUTATIONS", "300")), seed))
    back = Zigttpd(build, tmp)
    passed = failed = 0
    try:
        for front in (Nginx(), NginxStream(), Haproxy(), Apache()):
            if wanted and front.name not in wanted:
                continue
            front.path = shutil.which(front.program, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
            if not front.path:
                print(f"SKIPPED: {front.program} is not installed")
                continue
            front.start(tmp, back.port)
            try:
                bad = drive(front, back, cases, mutated)
            finally:
                stop(front.proc)
            failed += bad
            passed += len(cases) + len(mutated) - bad
    finally:
        stop(back.proc)
    print(f"{passed} passed, {failed} failed")
    if failed:
        print(f"logs are in {tmp}")
        return 1
    shutil.rmtree(tmp)
    return 0


sys.exit(main())
