"""confcases.py ZIGTTPD ROOT: what zigttpd makes of its configuration file and its
command line. Called by conf.sh. Prints what is wrong; exit status 1 then."""
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

ZIGTTPD, ROOT = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
DIR = tempfile.mkdtemp(prefix="zigttpd-conf-")
os.chmod(DIR, 0o755)
os.chdir(DIR)
wrong = 0


def expect(what, got, want):
    global wrong
    if got != want:
        wrong += 1
        print(f"{what}:\n  got  {got!r}\n  want {want!r}")


def write(name, text):
    with open(name, "w") as f:
        f.write(text)


def run(*args):
    r = subprocess.run([ZIGTTPD, *args], capture_output=True, text=True, timeout=30)
    return r.returncode, r.stdout, r.stderr


write("good.js", "function handler(r) { return 'good' }\n")
write("syntax.js", "function handler(r) {\n  let let = 1\n}\n")
write("throws.js", "null.x\n")
write("none.js", "let a = 1\n")
write("loops.js", "for (;;) ;\n")

# ---- what is wrong with a file: FILE:LINE, the key, what was expected --------

HANDLER = 'app "a" { handler = "good.js" }\n'
ERRORS = [
    ("wrkers = 3\n", '1: unknown key "wrkers"; did you mean "workers"?'),
    ("\n\n# x\nlimits {\n\thead_timout = 1s\n}\n", '5: unknown key "head_timout" in limits; did you mean "head_timeout"?'),
    ("head_timeout = 1s\n", '1: unknown key "head_timeout"; did you mean "head_timeout" in limits?'),
    ("limits { workers = 3 }\n", '1: unknown key "workers" in limits; did you mean "workers" outside of limits?'),
    ("limit {\n}\n", '1: unknown key "limit"; did you mean "limits"?'),
    ("lisen = { \"*:80\" }\n", '1: unknown key "lisen"; did you mean "listen"?'),
    ("entirely_unlike = 3\n", '1: unknown key "entirely_unlike"'),
    ("workers = many\n", '1: workers = "many": expected a number from 0 to 128'),
    ("workers = 129\n", '1: workers = "129": expected a number from 0 to 128'),
    ("workers = -1\n", '1: workers = "-1": expected a number from 0 to 128'),
    ("workers = 99999999999999999999\n", '1: workers = "99999999999999999999": expected a number from 0 to 128'),
    ("io = fast\n", '1: io = "fast": expected auto, uring or epoll'),
    ("cors = maybe\n", '1: cors = "maybe": expected yes or no'),
    ("memory = -1\n", '1: memory = "-1": expected a size (k, m, g) from 0 to 1024g'),
    ("memory = 3x\n", '1: memory = "3x": expected a size (k, m, g) from 0 to 1024g'),
    ("limits { keep_alive = 10 }\n",
     '1: limits.keep_alive = "10": expected a time (ms, s, min, h) from 1ms to 24h'),
    ("health { ready = \"ready\" }\n",
     '1: health.ready = "ready": expected a path that begins with a slash, or "" for none'),
    ("workers = 3\nquiet = yes\nworkers = 4\n", '3: "workers" is set already, in line 1'),
    ("limits {\nbody = 1k\n}\nlimits {\nbody = 2k\n}\n", '5: "body" is set already, in line 2'),
    ("listen = { \"8080\" }\n", '1: listen: "8080": expected HOST:PORT or unix:/PATH'),
    ("listen = { \"a:99999\" }\n", '1: listen: "a:99999": the port must be a number from 0 to 65535'),
    ("listen = { \":80\" }\n", '1: listen: ":80": the host is missing; * stands for all addresses'),
    ("listen = { \"::1:80\" }\n", '1: listen: "::1:80": an IPv6 address is written [ADDRESS]:PORT'),
    ("listen = { \"unix:s\" }\n", '1: listen: "unix:s": the path of a unix socket begins with a slash'),
    ("listen = {\n" + "\"*:1\",\n" * 8 + "\"*:1\" }\n", "10: listen: more than 8 addresses"),
    ("listen = { \"a:1\", \"b:1\" }\nlisten = \"c:1\"\n", '2: "listen" is set already, in line 1'),
    ("workers 3\n", "1: missing equal sign after option 'workers'"),
    ("workers =\n", "3: workers has no value"),
    ("memory = { 1m, 2m }\n", "1: unexpected token '{'"),
    ("limits {\nbody = 1m\n", "4: the file ends in limits: a } is missing"),
    ("a/* x\n*/b = 1\n", '1: unknown key "a/"'),
    ("/* x\n*/ /**/ // y\nwrkers = '#\n' # \"\n", '3: unknown key "wrkers"; did you mean "workers"?'),
    ("control = 'a\nb\\'\n' // \ncors = \"//\nx\"\n", '5: cors = "//": expected yes or no'),
    ("}\n", "1: unexpected closing brace"),
    ("user = no-such-user-here\n", "1: no such user: no-such-user-here"),
    ("isolation = worker\n", "1: isolation = worker is not supported yet"),
    ("metrics_listen = 9090\n", "1: metrics_listen: expected HOST:PORT or unix:/PATH"),
    ("congestion = nosuch\n", "1: congestion: the kernel has none of that name; see net.ipv4.tcp_available_congestion_control"),
    ("\ngroup = no-such-group-here\n", "2: no such group: no-such-group-here"),
    ('app "x" {\n}\n', '2: app "x" needs a handler'),
    ('app "x" { handler = "a" code = "b" }\n', '1: app "x" has both handler and code'),
    ('app "x" { handlr = "a" }\n', '1: unknown key "handlr" in app; did you mean "handler"?'),
    ('app "x" { handler = "a"\nhandler = "b" }\n', '2: "handler" is set already, in line 1'),
    ('app "x" { handler = "a" path = "api" }\n', '1: app.path = "api": expected a path that begins with a slash'),
    ('app "x" { handler = "a" host = "a:80" }\n', '1: app.host = "a:80": expected a name without a port'),
    ('app "x" { handler = "a" }\napp "y" {\nhandler = "b"\npath = "/" }\n', '4: apps "x" and "y" have the same host and path'),
    ('app "x" { handler = "a" }\napp "x" { handler = "b" }\n', "2: found duplicate title 'x'"),
    ('static "s" { }\n', '1: static "s" needs a root'),
    ('static "s" { rot = "x" }\n', '1: unknown key "rot" in static; did you mean "root"?'),
    ('static "s" { root = "x" prefix = "y" }\n', '1: static.prefix = "y": expected a path that begins with a slash'),
]
for text, want in ERRORS:
    write("bad.conf", text)
    code, out, err = run("--check", "-c", "bad.conf", "good.js")
    expect(text, (code, err), (78, f"zigttpd: bad.conf:{want}\n"))

# ---- exit codes of --check ---------------------------------------------------

write("good.conf", HANDLER)
write("empty.conf", "")
write("zero.conf", "workers = 1\0\n")
CHECKS = [
    (["good.js"], 0, "zigttpd: 1 handler: fine"),
    (["-c", "good.conf"], 0, "zigttpd: good.conf and 1 handler: fine"),
    (["-q", "good.js"], 0, ""),
    (["-c", "empty.conf", "good.js"], 0, "zigttpd: empty.conf and 1 handler: fine"),
    (["-c", "empty.conf"], 78, "zigttpd: empty.conf: no handler: name one in an app block, or on the command line"),
    (["-c", "zero.conf"], 78, "zigttpd: zero.conf: not a text file"),
    (["-c", "none.conf"], 66, "zigttpd: cannot read none.conf: No such file or directory"),
    (["-c", "/"], 66, "zigttpd: cannot read /: Is a directory"),
    ([], 64, "zigttpd: a handler is needed: a file, -e CODE, or -c FILE"),
    (["nothing.js"], 66, "zigttpd: cannot read nothing.js: No such file or directory"),
    (["syntax.js"], 65, "syntax.js:2:7: SyntaxError: 'let' cannot be the name of a let or const binding"),
    (["throws.js"], 65, "zigttpd: throws.js failed while it was loaded:"),
    (["none.js"], 65, "none.js:1:1: Error: the program has no handler: define function handler(request) and export it, or "
                      "export default a function or an object with a fetch method"),
    (["--set", "limits.load=1s", "loops.js"], 65, "zigttpd: the handler takes too long to load (limits.load)"),
    (["good.js", "more.js"], 64, 'zigttpd: one handler at a time: what is "more.js"?'),
    (["-e", "1", "good.js"], 64, "zigttpd: -e and the file good.js exclude each other"),
    (["--bogus"], 64, "zigttpd: unknown option --bogus"),
    (["-n"], 64, "zigttpd: option -n needs a value"),
    (["-n", "x", "good.js"], 64, 'zigttpd: option --workers: workers = "x": expected a number from 0 to 128'),
    (["-p", "70000", "good.js"], 64, 'zigttpd: "70000" is not a port (0 to 65535)'),
    (["--set", "limits.nothing=1", "good.js"], 64,
     "zigttpd: --set: unknown key in limits.nothing=1 (see zigttpd.conf(5))"),
    (["--listen", "x", "good.js"], 64, 'zigttpd: --listen "x": expected HOST:PORT or unix:/PATH'),
    (["--listen", "*:1", "-p", "2", "good.js"], 64, "zigttpd: --listen takes the place of -p"),
]
for args, want, text in CHECKS:
    code, out, err = run("--check", *args)
    expect(args, (code, err.split("\n")[0]), (want, text))

# ---- precedence, units, and that what is printed is a configuration itself ---

os.mkdir("public")
write("more.conf", 'listen = "a:1"\nlisten += { "b:1" }\n' + HANDLER)
code, out, err = run("--check", "-v", "-c", "more.conf")
expect("listen +=", out.split("\n")[0], 'listen = { "a:1", "b:1" }  # more.conf:2')
write("some.conf", """// comments of all kinds /* */
workers = 3  # here too
/* and
   this */
memory = 65536k
quiet = on
limits { keep_alive = 90s head_timeout = 1500ms drain = 1h
	body = 0 }
recycle { max_age = 3600s }
log { file = "logs/x" access = '/var/log/"quoted"' }
static "files" { root = "public" prefix = "/assets" }
""" + HANDLER)


def dump(*args):
    code, out, err = run("--check", "-v", *args)
    expect(("dump", args), code, 0)
    return out


def value(text, key):
    m = re.search(r"^\s*" + re.escape(key) + r" = (.*)$", text, re.M)
    return m and re.sub(r"\s+#", " #", m.group(1))


text = dump("-c", "some.conf", "-n", "5", "--no-jit", "--set", "limits.body_rate=7", "-p", "1234", "--cors",
            "--max-body-size", "64KB")
for key, want in [
    ("workers", "5 # command line"), ("memory", "64m # some.conf:5"), ("quiet", "yes # some.conf:6"),
    ("keep_alive", "90s # some.conf:7"), ("head_timeout", "1500ms # some.conf:7"), ("drain", "1h # some.conf:7"),
    ("body", "64k # command line"), ("max_age", "1h # some.conf:9"), ("file", '"logs/x" # some.conf:10'),
    ("access", '"/var/log/\\"quoted\\"" # some.conf:10'), ("jit", "no # command line"), ("cors", "yes # command line"),
    ("body_rate", "7 # command line"), ("listen", '{ "127.0.0.1:1234" } # command line'), ("watch", "no # default"),
    ("prefix", '"/assets"'), ("handler", '"good.js"'),
]:
    expect(key, value(text, key), want)
write("again.conf", text)
again = dump("-c", "again.conf")
strip = lambda t: re.sub(r"\s+#[^\n]*", "", t)
expect("a dump read again", strip(again), strip(text))
os.makedirs("etc", exist_ok=True)
write("etc/z.conf", 'app "a" { handler = "../good.js" }\n')
expect("a path seen from the file's directory", value(dump("-c", "etc/z.conf"), "handler"), '"etc/../good.js"')
expect("a handler on the command line replaces the general app",
       value(dump("-c", "good.conf", "-e", "function handler() {}"), "code"), '"function handler() {}"')
expect("automatic workers", run("--check", "-n", "auto", "good.js")[0], 0)
code, out, err = run("--help")
expect("help", code, 0)
for option in re.findall(r'"(?:\w)? !?([\w-]+)", "[^"]*"\)$', open(ROOT + "/worker/settings.def").read(), re.M):
    expect("--help names --" + option, "--" + option + " " in out, True)

manual = open(ROOT + "/man/zigttpd.8").read().replace("\\-", "-")
for option in re.findall(r"--[\w-]+", out):
    expect("zigttpd(8) names " + option, bool(re.search(option + r"\b", manual)), True)

# The example.
shutil.copy(ROOT + "/examples/zigttpd.conf", "example.conf")
shutil.copy(ROOT + "/examples/hello.js", "hello.js")
code, out, err = run("--check", "-c", "example.conf")
expect("the example", (code, err), (0, "zigttpd: example.conf and 1 handler: fine\n"))

# ---- serving -----------------------------------------------------------------


class Server:
    def __init__(self, *args):
        self.p = subprocess.Popen([ZIGTTPD, *args], stderr=subprocess.PIPE, text=True)
        self.said = []
        while not any(" serving " in l for l in self.said):
            line = self.p.stderr.readline()
            if not line:
                raise SystemExit("zigttpd did not start: " + "".join(self.said))
            self.said.append(line)
        self.at = re.findall(r"http://127\.0\.0\.1:(\d+)", self.said[-1])

    def wait_for(self, text):
        while True:
            line = self.p.stderr.readline()
            if not line or text in line:
                return line

    def stop(self):
        self.p.send_signal(signal.SIGTERM)
        self.p.stderr.read()
        expect("exit status", self.p.wait(20), 0)


class Unix(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.host)


def get(conn, path, host=None):
    conn.request("GET", path, headers={"Host": host or "localhost"})
    r = conn.getresponse()
    return r.status, r.read().decode()


def app(at, path, host=None):
    c = http.client.HTTPConnection("127.0.0.1", int(at), timeout=10)
    status, body = get(c, path, host)
    c.close()
    return json.loads(body) if status == 200 else status


for name in "abc":
    write(name + ".js", "let n = 0; globalThis.mine = '%s'; Object.prototype.own_%s = 1\n"
          "function handler(r) { n++; if (r.path.endsWith('/loop')) for (;;) ;\n"
          "return { app: globalThis.mine, n, own: [{}.own_a, {}.own_b, {}.own_c].join() } }\n" % (name, name))
write("apps.conf", f"""
listen = {{ "127.0.0.1:0", "127.0.0.1:0", "unix:{DIR}/sock" }}
workers = 2
limits {{ handler_timeout = 50ms }}
app "a" {{ handler = "a.js" path = "/a" }}
app "b" {{ handler = "b.js" path = "/a/b" }}
app "c" {{ handler = "c.js" host = "c.example" }}
""")
s = Server("-c", "apps.conf")
expect("two TCP addresses", len(set(s.at)), 2)
A, B, C = {"app": "a", "n": 1, "own": "1,,"}, {"app": "b", "n": 1, "own": ",1,"}, {"app": "c", "n": 1, "own": ",,1"}
for i in range(3):
    for at in s.at:
        expect("app a", app(at, "/a"), A)
        expect("app b", app(at, "/a/b/x"), B)
        expect("app a again", app(at, "/a/bc"), A)
        expect("app c", app(at, "/a/b", "c.example:1"), C)
        expect("no app", app(at, "/"), 404)
    # A deadline is met in each VM.
    expect("a loop in b", app(s.at[0], "/a/b/loop"), 504)
    expect("a loop in a", app(s.at[1], "/a/loop"), 504)
u = Unix(DIR + "/sock")
expect("unix socket", get(u, "/a"), (200, json.dumps(A, separators=(",", ":"))))
u.close()

# Another server finds the addresses taken, and says by whom.
code, out, err = run("-p", s.at[0], "good.js")
expect("busy port", (code, err), (69, f"zigttpd: cannot bind 127.0.0.1 port {s.at[0]}: Address already in use "
                                      f"by zigttpd (pid {s.p.pid})\n"))
code, out, err = run("--listen", f"unix:{DIR}/sock", "good.js")
expect("busy unix socket", (code, err), (69, f"zigttpd: cannot bind unix:{DIR}/sock: Address already in use (pid {s.p.pid})\n"))

# A reload reads the file again; a wrong one is refused and nothing changes.
write("apps.conf", open("apps.conf").read().replace('path = "/a/b"', 'path = "/nowhere"'))
s.p.send_signal(signal.SIGHUP)
s.wait_for("generation 1 leaves")
for i in range(500):  # the old workers still take what was sent to them
    if app(s.at[0], "/a/b") == A:
        break
    time.sleep(0.01)
time.sleep(0.3)
expect("after a reload", app(s.at[0], "/a/b"), A)
write("apps.conf", "worker = 3\n")
s.p.send_signal(signal.SIGHUP)
expect("a refused reload", s.wait_for("refused").split(": ", 3)[-1],
       'apps.conf:1: unknown key "worker"; did you mean "workers"?\n')
expect("after a refused reload", app(s.at[0], "/a/b"), A)
s.stop()
expect("the unix socket's name is gone", os.path.exists(DIR + "/sock"), False)

# What a killed server leaves does not stop the next one.
for i in range(2):
    s = Server("--listen", f"unix:{DIR}/sock", "-n", "1", "good.js")
    s.p.kill()
    s.p.wait()
expect("a name was left", os.path.exists(DIR + "/sock"), True)

# ---- users -------------------------------------------------------------------

if os.geteuid() == 0:
    import grp
    import pwd
    nobody = pwd.getpwnam("nobody")

    def ids(pid):
        t = open(f"/proc/{pid}/status").read()
        return {k: re.search(k + r":\s*(.*)", t).group(1).split() for k in ("Uid", "Gid", "Groups")}

    def children(pid):
        found = []
        for t in os.listdir(f"/proc/{pid}/task"):
            found += open(f"/proc/{pid}/task/{t}/children").read().split()
        return found

    for args, gid, groups in [(["--user", "nobody"], nobody.pw_gid, None),
                              (["--user", "nobody", "--group", "daemon"], grp.getgrnam("daemon").gr_gid, 1)]:
        s = Server("-p", "0", "-n", "2", *args, "good.js")
        for pid in children(s.p.pid):
            i = ids(pid)
            expect("user", (i["Uid"], i["Gid"]), ([str(nobody.pw_uid)] * 4, [str(gid)] * 4))
            if groups:
                expect("groups", i["Groups"], [str(gid)])
        expect("the supervisor's user", ids(s.p.pid)["Uid"], ["0"] * 4)
        s.stop()
    os.chmod("good.js", 0o600)
    code, out, err = run("--check", "--user", "nobody", "good.js")
    expect("a handler that the user cannot read", (code, err), (77, "zigttpd: cannot read good.js: Permission denied\n"))
    os.chmod("good.js", 0o644)
else:
    code, out, err = run("--check", "--user", "root", "good.js")
    expect("user without root", (code, err), (77, "zigttpd: only root can run workers as user root\n"))

os.chdir("/")
shutil.rmtree(DIR)
print(f"{wrong} wrong" if wrong else "all as expected")
sys.exit(wrong != 0)
