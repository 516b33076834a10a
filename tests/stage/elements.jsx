// JSX: elements, attributes, children, fragments, text.
const list = items => (
	<ul class="list" {...rest} hidden>
		{items.map(i => <li key={i.id}>{i.name} &amp; more</li>)}
		<></>
		text with   spaces
	</ul>
);
