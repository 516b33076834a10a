// flags: --module
// With an h of one's own every element is a call of it.
let calls = 0;
function h(tag: any, props: any, ...children: any[]) { calls++; return `${typeof tag === 'string' ? tag : tag.name}(${JSON.stringify(props)},${children.join()})`; }
const f = () => <p class="x"><b>1</b></p>;
print(f(), f(), calls);   // expect: p({"class":"x"},b(null,1)) p({"class":"x"},b(null,1)) 4
