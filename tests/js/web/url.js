// URLs where Node 20 does not follow the standard, and hosts that are not ASCII.
const t = (s, b) => { try { return new URL(s, b).href; } catch (e) { return e.name; } };
print(t("x#y", "mailto:a@b"), t("#y", "mailto:a@b"), t("foo://h/.."), t("#f", "http://h/?"));   // expect: TypeError mailto:a@b#y foo://h/ http://h/?#f
let u = new URL("foo:/a"); u.host = "h:99"; print(u.href);   // expect: foo://h:99/a
u.port = "x"; print(u.href); u.pathname = "/.."; print(u.href);
// expect: foo://h:99/a
// expect: foo://h:99/
print(String(new URLSearchParams(null)), t("http://a/^"));   // expect: null= http://a/^
print(t("http://MÜNCHEN.de/ü"), t("http://faß.de"), t("http://日本語。ＪＰ"), t("http://ὈΔΥΣΣΕΎΣ.gr"));
// expect: http://xn--mnchen-3ya.de/%C3%BC http://xn--fa-hia.de/ http://xn--wgv71a119e.jp/ http://xn--pxac5babi3d8526a.gr/
print(t("http://xn--mnchen-3ya.de"), t("http://xn--a"), t("http://xn--"), t("http://\u00ad"), t("http://a\u200cb"));   // expect: http://xn--mnchen-3ya.de/ TypeError TypeError TypeError TypeError
print(t("http://⒈com"), t("http://1１.2.3.4"), t("http://\ud800"), t("http://a\ufffdb"), t("http://☃.net"));   // expect: TypeError http://11.2.3.4/ TypeError TypeError http://xn--n3h.net/
print(t("http://" + "é".repeat(2000)));   // expect: TypeError
print(URL.parse("x"), URL.parse("x", "http://h").href, URL.parse.length, URL.length, URLSearchParams.length);   // expect: null http://h/x 1 1 0
class Sub extends URL { get twice() { return this.href + this.href; } }
print(new Sub("a:b").twice, new Sub("a:b") instanceof URL, Object.prototype.toString.call(new Sub("a:b")));   // expect: a:ba:b true [object URL]
try { URL.prototype.href; } catch (e) { print(e.name); }   // expect: TypeError
try { Object.getOwnPropertyDescriptor(URL.prototype, "hash").set.call({}, "x"); } catch (e) { print(e.name, e.message); }   // expect: TypeError not a URL object
print(Object.getOwnPropertyDescriptor(URL.prototype, "hash").get.name, Object.getOwnPropertyDescriptor(URL.prototype, "hash").set.name);   // expect: get hash set hash
print([...new URLSearchParams("a=1&b=2")].map(String).join(";"), new URLSearchParams("b=1&a=2").entries().map(([k]) => k).toArray().join());   // expect: a,1;b,2 b,a
