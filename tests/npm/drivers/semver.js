import semver from "semver";

const versions = ["1.2.3", "v1.2.3-alpha.1", "1.2.3-alpha.beta+build", "0.0.1", "2.0.0-rc.1", "10.0.0", "1.2", "x", "1.2.3.4", "01.2.3"];
for (const v of versions)
	console.log(v, semver.valid(v), String(semver.coerce(v)), semver.inc(v, "prerelease", "beta"), semver.inc(v, "minor"), JSON.stringify(semver.prerelease(v)));
for (const r of ["^1.2.3", "~0.0.1", ">=1 <3 || 10.x", "1.2.x - 2", "*", "", "^0", ">1.2.3-alpha.0", "bad range", "<=1.2.3-alpha.beta", "~>1", "=1.2.3 !1"])
	console.log(r, semver.validRange(r), versions.filter((v) => semver.satisfies(v, r)).join(), versions.filter((v) => semver.satisfies(v, r, { includePrerelease: true, loose: true })).join(), String(semver.validRange(r) && semver.minVersion(r)));
console.log(versions.filter((v) => semver.valid(v)).sort(semver.compareBuild).join(), semver.diff("1.2.3", "2.0.0-rc.1"), semver.maxSatisfying(["1.2.3", "1.9.0", "2.0.0"], "^1"), semver.intersects("^1.2", ">=1.9 <3"), semver.subset("~1.2.3", "^1"), semver.gtr("4.0.0", "^3"), semver.simplifyRange(["1.0.0", "1.1.0", "1.2.0"], "1.0.0 || 1.1.0 || 1.2.0"));
