// JSX in a plain file.
const Item = ({ n }) => <li class="x">{n}</li>;
console.log(renderToString(<ul>{[1, 2].map(n => <Item n={n} />)}</ul>));   // expect: <ul><li class="x">1</li><li class="x">2</li></ul>
