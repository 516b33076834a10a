#!/usr/bin/env python3
"""compare.py: zigttpd, its rivals and the raw limit over the same scenarios.

    bench/http/compare.py [options] BUILDDIR
      -r ROUNDS   (3)   every round measures every server once, interleaved
      -s SECONDS  (2)   of load for each measurement
      -c CONNS    (50)  keep-alive connections
      -n WORKERS  (2)   processes of each server that can have several
      -S NAME,…         scenarios (all), see SCENARIOS
      -w NAME,…         servers (all that are found)
      -j FILE           all figures as JSON

"zigttpd" runs the handler for every request (--no-cache), "cached" is the same
with its response cache. Prints the median of requests per server-CPU-second as a percentage of limit.c
(io_uring, a constant of the same size, no parser), latencies as wrk sees them
and the PSS of all processes of a server after its load. CPU time is utime +
stime of a server's processes from /proc, so that a busy machine spoils it less
than wall time. Needs wrk; bun, deno and workerd are looked for on PATH and in
$RIVALS/node_modules/.bin (npm install bun deno workerd)."""
import argparse, json, os, re, shutil, signal, socket, statistics, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
HZ = os.sysconf("SC_CLK_TCK")

POST_BODY = json.dumps({"user": {"id": 12345, "name": "Ada Lovelace", "mail": "ada@example.org"},
                        "items": [{"sku": "A-%04d" % i, "count": i, "price": 9.5 * i} for i in range(18)],
                        "note": "x" * 120})

# name: (path, body bytes of the limit's constant (0: trivial), method, pipeline depth, close)
SCENARIOS = {
    "json":     ("/", 0, "GET", 1, False),
    "post":     ("/echo", len(POST_BODY) + 14, "POST", 1, False),
    "objects":  ("/objects", 11600, "GET", 1, False),
    "html":     ("/html", 12400, "GET", 1, False),
    "close":    ("/", 0, "GET", 1, True),
    "pipeline": ("/", 0, "GET", 16, False),
    "file1k":   ("/files/1k.txt", 1024, "GET", 1, False),
    "file100k": ("/files/100k.txt", 102400, "GET", 1, False),
}
STATIC = ("file1k", "file100k")

def which(name):
    rivals = os.environ.get("RIVALS")
    local = rivals and os.path.join(rivals, "node_modules", ".bin", name)
    return local if local and os.path.exists(local) else shutil.which(name)

def fill(template, out, **values):
    text = open(os.path.join(HERE, "rivals", template)).read()
    for k, v in values.items():
        text = text.replace("@%s@" % k, str(v))
    open(out, "w").write(text)

class Bench:
    def __init__(self, a):
        self.a, self.dir, self.port = a, tempfile.mkdtemp(prefix="zigttp-bench-"), 21000 + os.getpid() % 2000
        os.chmod(self.dir, 0o755)
        self.limit = os.path.join(self.dir, "limit")
        subprocess.run([os.environ.get("CC", "gcc"), "-O2", "-std=gnu11", "-D_GNU_SOURCE", "-o", self.limit,
                        os.path.join(HERE, "limit.c"), "-luring"], check=True)
        self.files = os.path.join(self.dir, "files")
        os.mkdir(self.files)
        for name, n in (("1k.txt", 1024), ("100k.txt", 102400), ("objects.json", 11600), ("page.html", 12400)):
            open(os.path.join(self.files, name), "w").write("x" * n)
        open(os.path.join(self.dir, "zigttpd.conf"), "w").write(
            'static "files" { root = "%s" prefix = "/files" }\n' % self.files)
        app = open(os.path.join(HERE, "rivals", "app.js")).read()
        for glue, out in (("zigttpd.js", "zigttpd.js"), ("node.js", "node.cjs"), ("bun.js", "bun.mjs"),
                          ("deno.js", "deno.mjs"), ("workerd.js", "app.mjs")):
            open(os.path.join(self.dir, out), "w").write(app + open(os.path.join(HERE, "rivals", glue)).read())

    def commands(self, name, scenario, port):
        """What to start for one server; None: it does not take part."""
        n, d = str(self.a.n), self.dir
        path, size, method, depth, close = SCENARIOS[scenario]
        daemon = os.path.join(self.a.builddir, "zigttpd")
        if name == "limit":
            return [[self.limit, "-n", n, "-b", str(size)] + (["-c"] if close else []) + [str(port)]]
        if name in ("zigttpd", "cached"):
            static = ["-c", os.path.join(d, "zigttpd.conf")] if scenario in STATIC else []
            return [[daemon, "-q", "-p", str(port), "-n", n] + ([] if name == "cached" else ["--no-cache"]) + static + [os.path.join(d, "zigttpd.js")]]
        if name == "nginx":
            if method == "POST" or not which("nginx"):
                return None
            fill("nginx.conf", os.path.join(d, "nginx.conf"), WORKERS=n, DIR=d, PORT=port)
            return [[which("nginx"), "-c", os.path.join(d, "nginx.conf"), "-p", d]]
        exe = which({"cluster": "node"}.get(name, name))
        if not exe:
            return None
        if name == "node":
            return [[exe, os.path.join(d, "node.cjs"), str(port), "1", self.files]]
        if name == "cluster":
            return [[exe, os.path.join(d, "node.cjs"), str(port), n, self.files]]
        if name == "bun":
            return [[exe, os.path.join(d, "bun.mjs"), str(port), n, self.files]] * self.a.n
        if name == "deno":
            return [[exe, "run", "-A", "--no-config", "--unstable-net", os.path.join(d, "deno.mjs"), str(port), n, self.files]] * self.a.n
        if name == "workerd":
            main, files = (port + 1, port) if scenario in STATIC else (port, port + 1)
            fill("workerd.capnp", os.path.join(d, "workerd.capnp"), PORT=main, PORT2=files, FILES=self.files)
            return [[exe, "serve", os.path.join(d, "workerd.capnp")]]

    def script(self, scenario):
        path, size, method, depth, close = SCENARIOS[scenario]
        if scenario in STATIC and self.current == "workerd":
            path = path[len("/files"):]
        lua = 'local out\ninit = function(args)\n'
        if method == "POST":
            lua += '  wrk.method = "POST"\n  wrk.body = [==[%s]==]\n' % POST_BODY
        if close:
            lua += '  wrk.headers["Connection"] = "close"\n'
        lua += '  local t = {}\n  for i = 1, %d do t[i] = wrk.format(nil, "%s") end\n' % (depth, path)
        lua += '  out = table.concat(t)\nend\nrequest = function() return out end\n'
        lua += ('done = function(s, l, r)\n  io.write(string.format("RESULT %d %d %d %d %d %d\\n", s.requests, s.duration,'
                ' l:percentile(50), l:percentile(99), l:percentile(99.9),'
                ' s.errors.connect + s.errors.read + s.errors.write + s.errors.status + s.errors.timeout))\nend\n')
        file = os.path.join(self.dir, "wrk.lua")
        open(file, "w").write(lua)
        return file

    def wrk(self, port, script, seconds):
        out = subprocess.run(["wrk", "-t1", "-c%d" % self.a.c, "-d%g" % seconds, "-s", script,
                              "http://127.0.0.1:%d/" % port], capture_output=True, text=True).stdout
        m = re.search(r"RESULT (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)", out)
        return [int(x) for x in m.groups()] if m else None

    def measure(self, name, scenario):
        self.port += 2
        port, self.current = self.port, name
        cmds = self.commands(name, scenario, port)
        if not cmds:
            return None
        procs = [subprocess.Popen(c, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.dir) for c in cmds]
        try:
            if not wait_port(port):
                sys.stderr.write("%s does not start\n" % name)
                return None
            script = self.script(scenario)
            self.wrk(port, script, 0.5)
            pids = [q for p in procs for q in tree(p.pid)]
            before = ticks(pids)
            r = self.wrk(port, script, self.a.s)
            cpu = (ticks(pids) - before) / HZ
            if not r or cpu == 0:
                return None
            return {"rate": r[0] / cpu, "wall": r[0] * 1e6 / r[1], "p50": r[2], "p99": r[3], "p999": r[4],
                    "errors": r[5], "pss": pss(pids) / 1024}
        finally:
            for p in procs:
                p.send_signal(signal.SIGTERM)
            for p in procs:
                try:
                    p.wait(5)
                except subprocess.TimeoutExpired:
                    p.kill()
                    p.wait()

def wait_port(port):
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return True
        except OSError:
            time.sleep(0.05)
    return False

def tree(pid):
    found = [pid]
    try:
        for task in os.listdir("/proc/%d/task" % pid):
            for child in open("/proc/%d/task/%s/children" % (pid, task)).read().split():
                found += tree(int(child))
    except OSError:
        pass
    return found

def ticks(pids):
    total = 0
    for pid in pids:
        try:
            f = open("/proc/%d/stat" % pid).read().rsplit(")", 1)[1].split()
            total += int(f[11]) + int(f[12])
        except OSError:
            pass
    return total

def pss(pids):
    total = 0
    for pid in pids:
        try:
            total += int(re.search(r"^Pss:\s+(\d+)", open("/proc/%d/smaps_rollup" % pid).read(), re.M).group(1))
        except (OSError, AttributeError):
            pass
    return total

def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("builddir", type=os.path.abspath)  # servers run in another directory
    ap.add_argument("-r", type=int, default=3)
    ap.add_argument("-s", type=float, default=2)
    ap.add_argument("-c", type=int, default=50)
    ap.add_argument("-n", type=int, default=2)
    ap.add_argument("-S", default=",".join(SCENARIOS))
    ap.add_argument("-w", default="limit,zigttpd,cached,nginx,bun,deno,node,cluster,workerd")
    ap.add_argument("-j")
    a = ap.parse_args()
    b, all_rows = Bench(a), {}
    servers = a.w.split(",")
    if not shutil.which("wrk"):
        sys.exit("compare.py: wrk is not installed")
    for scenario in a.S.split(","):
        rows = {}
        for _ in range(a.r):
            for name in servers:
                m = b.measure(name, scenario)
                if m:
                    rows.setdefault(name, []).append(m)
        all_rows[scenario] = rows
        top = statistics.median(m["rate"] for m in rows["limit"]) if "limit" in rows else None
        print("%-9s %12s %8s %10s %8s %8s %8s %8s %7s" %
              (scenario, "req/CPU-s", "% limit", "req/s", "p50 us", "p99 us", "p99.9", "PSS MB", "errors"))
        for name in servers:
            if name in rows:
                med = {k: statistics.median(m[k] for m in rows[name]) for k in rows[name][0]}
                print("  %-8s %11.0f %8s %10.0f %8.0f %8.0f %8.0f %8.1f %7d" %
                      (name, med["rate"], "%.1f" % (100 * med["rate"] / top) if top else "-", med["wall"], med["p50"],
                       med["p99"], med["p999"], med["pss"], med["errors"]))
        sys.stdout.flush()
    if a.j:
        json.dump(all_rows, open(a.j, "w"), indent=1)
    shutil.rmtree(b.dir)

main()
