import mitt from "mitt";

const bus = mitt();
const log = [];
const f = (e) => log.push(`f${e}`);
bus.on("a", f);
bus.on("a", (e) => { log.push(`g${e}`); bus.off("a", f); });
bus.on("*", (type, e) => log.push(`${type}:${e}`));
bus.emit("a", 1);
bus.emit("a", 2);
bus.emit("b", 3);
bus.off("a");
bus.emit("a", 4);
bus.all.clear();
bus.emit("a", 5);
console.log(log.join(), bus.all.size);
