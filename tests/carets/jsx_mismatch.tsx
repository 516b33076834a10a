const a = (
	<div>
		<p>text</div>
);
