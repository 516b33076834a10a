import { produce, produceWithPatches, applyPatches, enablePatches, enableMapSet, original, current, isDraft, nothing, freeze, createDraft, finishDraft, immerable, castDraft } from "immer";

enablePatches();
enableMapSet();
class Point { constructor(x, y) { this.x = x; this.y = y; } get sum() { return this.x + this.y; } }
Point[immerable] = true;
const base = freeze({ list: [1, 2, { deep: { v: 1 } }], map: new Map([["a", { n: 1 }]]), set: new Set([1, { s: 1 }]), p: new Point(1, 2), same: { x: 1 } }, true);
const [next, patches, inverse] = produceWithPatches(base, (d) => {
	d.list.push(4);
	d.list[2].deep.v++;
	d.list.splice(0, 1);
	d.list.reverse();
	d.map.get("a").n = 5;
	d.map.set("b", 2);
	d.set.add("x").delete(1);
	for (const v of d.set)
		if (v.s)
			v.s = 9;
	d.p.x = 10;
	delete d.list.nothing;
	console.log(isDraft(d.list), original(d).list.length, JSON.stringify(current(d).list));
});
console.log(JSON.stringify(next), JSON.stringify([...next.map]), JSON.stringify([...next.set]), next.p.sum, next.p instanceof Point);
console.log(JSON.stringify(patches));
console.log(JSON.stringify(inverse));
console.log(JSON.stringify(applyPatches(next, inverse)) === JSON.stringify(base), next.same === base.same, Object.isFrozen(next.list));
console.log(produce(base, () => {}) === base, produce(3, (x) => x + 1), produce({ a: 1 }, () => nothing));
const reducer = produce((draft, action) => { switch (action.type) { case "set": draft[action.k] = action.v; break; case "sort": draft.items.sort((a, b) => b - a); } });
console.log(JSON.stringify([{ type: "set", k: "q", v: 1 }, { type: "sort" }].reduce(reducer, { items: [3, 1, 2] })));
const draft = createDraft({ a: [] });
draft.a.push(1);
console.log(JSON.stringify(finishDraft(draft)));
for (const f of [() => { next.list.push(1); }, () => produce(base, (d) => { d.same = 1; return {}; }), () => produce({}, (d) => { Object.defineProperty(d, "x", { value: 1 }); }), () => { let leak; produce({ o: {} }, (d) => { leak = d.o; }); leak.x = 1; }])
	try {
		f();
		console.log("no error");
	} catch (e) {
		console.log(e.name, e.message.slice(0, 60));
	}
