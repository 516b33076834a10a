"""corpus.py: the requests that run.py sends: {application: [(method, target, headers, body)]}."""
import json

J = {"Content-Type": "application/json"}
F = {"Content-Type": "application/x-www-form-urlencoded"}
M = {"Content-Type": "multipart/form-data; boundary=xyz"}
MULTI = ('--xyz\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--xyz\r\nContent-Disposition: form-data; name="a"\r\n\r\n2\r\n'
         '--xyz\r\nContent-Disposition: form-data; name="f"; filename="h\u00e9.txt"\r\nContent-Type: text/plain\r\n\r\nline 1\r\nline 2\r\n--xyz--\r\n')


def get(*targets, **headers):
    return [("GET", t, {k.replace("_", "-"): v for k, v in headers.items()}, None) for t in targets]


def post(target, headers, *bodies, method="POST"):
    return [(method, target, headers, b) for b in bodies]


ODD = ["/", "/nope", "/json/7", "/json/7?q=a&t=1&t=2", "/json/x%20y?q=%C3%A9&%2B=1+2", "/any/a/b", "/any/", "/throw", "/json/%E2%82%AC",
       "/?a=1&a=2&b", "//", "/json/7/"]

CORPUS = {
    "hono": get(*ODD, "/html/%3Cb%3E", "/html/a&b", "/tagged/1", "/shared/x", "/admin/x", "/safe/x", "/cookie", "/redirect", "/stream",
                "/teapot", "/header", "/sub", "/sub/", "/sub/x", "/sub/x/y", "/sub/x/y/z")
    + get("/shared/x", Origin="https://a.example") + get("/shared/x", Origin="https://b.example")
    + [("OPTIONS", "/shared/x", {"Origin": "https://a.example", "Access-Control-Request-Method": "PUT"}, None)]
    + get("/admin/x", Authorization="Basic dTpw") + get("/admin/x", Authorization="Basic dTpx")
    + get("/cookie", Cookie="seen=4; b=%20c; seen=9") + get("/header", X_Thing="v", User_Agent="test/1")
    + get("/tagged/1", If_None_Match='"5c7a4c5d0f1e4e4c"') + [("HEAD", "/json/7", {}, None), ("DELETE", "/any/x", {}, None), ("HEAD", "/nope", {}, None)]
    + post("/echo", J, "{}", '{"a":[1,2,{"b":null}],"u":"\u00e9\u20ac"}', "[1e400]", "", "{", '"x"', "1")
    + post("/text", {"Content-Type": "text/plain"}, "abc", "", "stra\u00dfe \U0001f600")
    + post("/form", F, "a=1&b=2", "a=1&a=2&c[]=3", "x=%C3%A9+y", "") + post("/form", M, MULTI)
    + post("/bytes", {}, "abc", "\u00ff\u0000", method="PUT"),
    "itty": get(*ODD, "/text", "/html", "/with/1/2", "/cookies", "/status", "/fail", "/wild/x/y", "/file/a.txt", "/file/a.b.c", "/greedy/a/b/c", "/json")
    + get("/cookies", Cookie="a=1; b=two%20") + get("/", Origin="https://a.example") + [("OPTIONS", "/", {"Origin": "https://a.example"}, None)]
    + post("/echo", J, '{"x":1}', "{", "[]") + post("/echo", F, "a=1&b=2") + post("/echo", {"Content-Type": "text/plain"}, "plain")
    + post("/echo", M, MULTI.replace("h\u00e9.txt", "h.txt").split("--xyz\r\nContent-Disposition: form-data; name=\"f\"")[0] + "--xyz--\r\n")
    + post("/item/5", J, "{}", method="PUT") + post("/item", J, "{}", method="PUT"),
    "h3": get(*ODD, "/html", "/redirect", "/null", "/fail", "/cookie", "/head", "/response") + get("/cookie", Cookie="n=41") + get("/head", X_Thing="v")
    + post("/echo", J, '{"x":[1]}', "{", "", '"s"') + post("/echo", F, "a=1&b=2&a=3") + post("/echo", {"Content-Type": "text/plain"}, "plain")
    + [("DELETE", "/any/x/y", {}, None), ("POST", "/", {}, "x")],
    "preact": get(*[t for t in ODD if t != "/throw"], "/async", "/throw", "/x?one=1&two=2&three=3&theme=blue", "/?%3Cscript%3E=%22x%22", "/?" + "&".join(f"k{i}=v{i}" for i in range(60))),
    "zod": get(*ODD, "/?page=3", "/?page=x", "/?page=-1", "/?page=2.5", "/?sort=asc", "/?sort=up", "/?page=&sort=")
    + post("/", J, *[json.dumps(b) for b in ({}, {"name": "a", "mail": "a@b.co"}, {"name": "", "mail": "x", "age": 1.5}, {"name": "a" * 30, "mail": "a@b.co", "role": "king"},
      {"name": "a", "mail": "a@b.co", "tags": ["1", "2", "3", "4"]}, {"name": "a", "mail": "a@b.co", "tags": [1]}, {"name": "a", "mail": "a@b.co", "born": "2024-02-30"},
      {"name": "a", "mail": "a@b.co", "born": "2024-02-29", "home": "http://x.y/"}, {"name": "a", "mail": "a@b.co", "home": "nope", "address": {"zip": "1", "more": 2}},
      [], None, "x", 5, {"name": "a", "mail": "a@b.co", "extra": True})], "{"),
    "jose": get("/hs256", "/hs256?sub=Ada", "/round", "/round?sub=%C3%A9", "/jwe?sub=x", "/thumb?sub=abc", "/nope")
    + post("/verify", {}, "x", "a.b.c", "eyJhbGciOiJIUzI1NiJ9.e30.AAAA", "eyJhbGciOiJub25lIn0.e30.", "")
    + post("/verify?later=10", {}, "@hs256") + post("/verify?later=4000", {}, "@hs256") + post("/decode", {}, "@hs256", "x.y.z"),
}
