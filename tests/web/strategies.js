console.log(typeof CountQueuingStrategy, CountQueuingStrategy.name, CountQueuingStrategy.length);
const c = new CountQueuingStrategy({highWaterMark: '5'});
console.log(c.highWaterMark, c.size(), c.size.name, c.size.length);
console.log(new ByteLengthQueuingStrategy({highWaterMark: 3}).size(new Uint8Array(9)));
console.log(Object.prototype.toString.call(c), JSON.stringify(Object.getOwnPropertyDescriptor(globalThis,'CountQueuingStrategy')));
console.log(JSON.stringify(Object.entries(Object.getOwnPropertyDescriptors(CountQueuingStrategy.prototype))));
try { new CountQueuingStrategy({}) } catch (e) { console.log(e.name) }
try { CountQueuingStrategy({}) } catch (e) { console.log(e.name) }
console.log(typeof globalThis['ByteLength' + 'QueuingStrategy'], 'CountQueuingStrategy' in globalThis);
class Mine extends CountQueuingStrategy { get more() { return this.highWaterMark + 1; } }
console.log(new Mine({ highWaterMark: 1 }).more, new Mine({ highWaterMark: 'x' }).highWaterMark);
console.log(delete globalThis.CountQueuingStrategy, typeof CountQueuingStrategy);
globalThis.ByteLengthQueuingStrategy = 5;
console.log(ByteLengthQueuingStrategy);
